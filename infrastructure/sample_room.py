"""A drawn sample handed over: of each thing its sheet, its history, its proofs, its documents."""

import json
import os
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from typing import Any
from uuid import UUID

import orjson
from pydantic import BaseModel

from application.audit_sample import Drawn, Sample, SampleOf
from application.sentences import of_system
from domain.document import Document
from domain.errors import Unavailable
from infrastructure.document_bundle import Kept, add_documents, write_entry
from infrastructure.event_store.journal import Row
from infrastructure.event_store.registry import Registry
from infrastructure.public_log import PublicLog

DRAW, READ_ME, SHEET, HISTORY = "tirage.json", "LISEZMOI.txt", "fiche.json", "histoire.jsonl"

_IDENTITY = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")

SheetOf = Callable[[Drawn], BaseModel | None]
"""What is asked of a drawn thing, as everybody entitled reads it; events have no sheet."""


class SampleNotWritten(Unavailable):
    """A sample could not be handed over; there is no file."""

    code = "audit.sample_not_written"
    fr = "Le tirage n'a pas pu être remis dans {file} : {reason}."
    en = "The sample could not be given in {file}: {reason}."


class SampleRoom:
    """Where drawn samples are put together."""

    def __init__(self, registry: Registry, log: PublicLog) -> None:
        self._registry = registry
        self._log = log

    def documents_of(self, sample: Sample, but: frozenset[UUID]) -> list[Document]:
        """The documents that the histories of what was drawn name, each once.

        Args:
            but: the things of which nothing is shown.
        """
        named = dict.fromkeys(
            UUID(found)
            for one in sample.drawn
            if not self._is_hidden(sample, one, but)
            for row in self._history(sample, one)
            for found in _IDENTITY.findall(row.state.decode())
        )
        known = {one.stream for one in self._registry.told(Document.Filed, until=sample.size)}
        loaded = (self._registry.load(Document, id_) for id_ in named if id_ in known)
        return [document for document in loaded if document]

    def write(
        self,
        target: Path,
        sample: Sample,
        sheet_of: SheetOf,
        documents: Iterable[Document],
        but: frozenset[UUID],
    ) -> None:
        """Hand the sample over, in a new archive or, where it is not named `.zip`, in a folder."""
        if target.exists():
            raise SampleNotWritten(file=target, reason="il existe déjà")
        with _whole(target) as partial, zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as file:
            write_entry(file, DRAW, _json(sample))
            write_entry(file, READ_ME, read_me(sample, is_signed=self._is_signed).encode())
            for number, one in enumerate(sample.drawn, start=1):
                folder = f"{number:04}-{one.name}"
                if self._is_hidden(sample, one, but):
                    said = "Un intérêt est déclaré pour vous : rien n'est montré de ce dossier.\n"
                    write_entry(file, f"{folder}/ECARTE.txt", said.encode())
                else:
                    for name, content in self._entries(sample, one, sheet_of):
                        write_entry(file, f"{folder}/{name}", content)
            kept = [Kept(one, self._registry.history(one.id)) for one in documents]
            add_documents(file, self._registry.documents, kept)

    def _is_hidden(self, sample: Sample, one: Drawn, but: frozenset[UUID]) -> bool:
        """Whether a drawn thing is one of which nothing is shown; or an event that is about one."""
        if one.stream in but or sample.of is not SampleOf.EVENTS:
            return one.stream in but
        state = "".join(row.state.decode() for row in self._history(sample, one))
        return any(str(id_) in state for id_ in but)

    @property
    def _is_signed(self) -> bool:
        return self._log.signer.latest() is not None

    def _entries(
        self, sample: Sample, one: Drawn, sheet_of: SheetOf
    ) -> Iterator[tuple[str, bytes]]:
        sheet = sheet_of(one)
        if sheet:
            yield SHEET, _json(sheet)
        rows = self._history(sample, one)
        yield HISTORY, b"".join(_line(row) for row in rows)
        for row in rows if self._is_signed else ():
            index = row.position - 1
            yield f"preuves/{index}.tlog-proof", str(self._log.proof_at(index)).encode()

    def _history(self, sample: Sample, one: Drawn) -> list[Row]:
        """What was recorded of a drawn thing; of an event, itself."""
        rows = self._registry.journal.everything(one.stream, sample.size)
        if sample.of is SampleOf.EVENTS:
            return [row for row in rows if row.position - 1 == one.index]
        return list(rows)


def _line(row: Row) -> bytes:
    """An event as it is stored, to the byte, after what the log says of it."""
    told: Mapping[str, Any] = {
        "i": row.position - 1,
        "k": row.topic,
        "n": row.version,
        "r": row.recorded_at,
        "s": row.stream,
        "state": orjson.Fragment(row.state),
    }
    return orjson.dumps(told) + b"\n"


def _json(value: BaseModel) -> bytes:
    told = value.model_dump(mode="json")
    return json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"


def read_me(sample: Sample, *, is_signed: bool) -> str:
    """How to draw it again, and how to check what is here, in French."""
    scope = ", ".join(f"{name} = {words}" for name, words in sample.scope.items()) or "aucune"
    proofs = (
        "Chaque événement a sa preuve (« preuves/PLACE.tlog-proof », format C2SP), que "
        "« jalon audit check » et d'autres programmes vérifient hors ligne."
        if is_signed
        else "Le journal n'est pas signé : il n'y a pas de preuves (« jalon audit sign »)."
    )
    return f"""Tirage d'un échantillon

graine       {sample.seed}
journal      {sample.size} événements, racine {sample.root}
population   {sample.population} ({sample.of.value}), restriction : {scope}
tirés        {len(sample.drawn)} (demandés : {sample.asked_for})

Pour le refaire. Chaque élément de la population a un rang : le SHA-256, en hexadécimal, de ce
texte de cinq lignes, chacune finie par un saut de ligne (LF), en UTF-8 :

  {sample.algorithm}
  la graine
  le nombre d'événements du journal
  sa racine, en hexadécimal
  la place au journal (la première est 0) de l'événement par lequel l'élément est connu

On tire les éléments de plus petit rang. {DRAW} donne le rang de chacun, cette place (« index »)
et le numéro de l'événement (« number » : le premier est le n° 1, soit la place et un de plus).

Dans chaque dossier : {SHEET}, ce que le registre en montre ; {HISTORY}, chaque événement tel
qu'il est conservé (« state », à l'octet près), valeurs personnelles scellées exclues.
{proofs}
documents.json dit chaque pièce, et celles qui sont effacées : leurs empreintes demeurent.
"""


@contextmanager
def _whole(target: Path) -> Iterator[Path]:
    """A file to write in, which becomes the target once it is whole, and else is no more."""
    partial = target.with_name(f"{target.name}.partial")
    folder = target.with_name(f"{target.name}.folder.partial")
    try:
        rmtree(folder, ignore_errors=True)  # what an interrupted one left
        partial.unlink(missing_ok=True)
        os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        yield partial
        if target.suffix.lower() == ".zip":
            partial.replace(target)
        else:
            with zipfile.ZipFile(partial) as archive:
                folder.mkdir(mode=0o700)
                archive.extractall(folder)  # our own, written just above
            folder.replace(target)
    except OSError as error:
        raise SampleNotWritten(file=target, reason=of_system(error)) from None
    finally:
        partial.unlink(missing_ok=True)
        rmtree(folder, ignore_errors=True)
