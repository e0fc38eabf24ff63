"""A folder of definitions: each file is read and compiled once, and none outside it is."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from application.answering import UnknownDefinition
from domain.check import Fault, check
from domain.rules import CompiledJourney, Language, compile_journey
from infrastructure.dcworkflow.reading import Imported, read_definition_file

_NO_FACTS: Mapping[str, str] = {}
KEPT = 512
"""How many definitions are kept in memory."""

UNDATED = "1970-01-01"
"""Questions are about a definition as it is: its version says nothing."""


class Folder:
    """The definitions below a folder, by their path in it."""

    def __init__(self, root: Path, language: Language) -> None:
        self._root = root.resolve()
        self._language = language
        self._read = lru_cache(KEPT)(self._read_once)
        self.compiled = lru_cache(2 * KEPT)(self._compile)
        self.faults = lru_cache(KEPT)(self._check)

    def _read_once(self, path: str) -> Imported:
        try:
            file = (self._root / path).resolve()
            inside = file.is_relative_to(self._root) and file.is_file()
        except (ValueError, OSError):  # a name that no file can have
            inside = False
        if not inside:
            raise UnknownDefinition(path=path[:200])
        return read_definition_file(file, version=UNDATED)

    def _compile(self, path: str, unresolved: bool | None) -> CompiledJourney:
        journey = self._read(path).journey
        return compile_journey(journey, _NO_FACTS, self._language, unresolved=unresolved)

    def _check(self, path: str) -> list[Fault]:
        imported = self._read(path)
        noted = [
            Fault(code=note.code, where=note.where, say=note.say, blocking=False)
            for note in imported.not_carried
            if note.fault
        ]
        return [*check(imported.journey, _NO_FACTS, self._language), *noted]
