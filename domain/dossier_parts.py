"""The parts of a dossier: what its call asks for, what was filed, and what is asked for again."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.call import Call
from domain.case import Case
from domain.dossier_facts import PartFacts
from domain.errors import NotFound, Refused
from domain.kernel import Event, event
from domain.period import DAY
from domain.span import Dated, in_force
from domain.values import Line
from domain.words import Name


class UnknownPart(NotFound):
    """A part is one of those that the call asks for."""

    code = "dossier.part_unknown"
    fr = "« {part} » n'est pas une pièce que l'appel demande ; il demande : {known}."
    en = "“{part}” is not a part that the call asks for; it asks for: {known}."


class UntilBeforeAsked(Refused):
    """Who is asked for something has at least until the day after."""

    code = "dossier.until_before"
    fr = "La date limite ({until}) vient après le jour de la demande ({day})."
    en = "The last day ({until}) comes after the day of the demand ({day})."


@dataclass(frozen=True, slots=True)
class FiledPart:
    """A part as it was filed."""

    title: str | None
    document: UUID | None
    order: int


@dataclass(frozen=True, slots=True)
class Completion:
    """What is missing, and until when it may be given."""

    parts: tuple[str, ...]
    until: date
    order: int


class MadeOfParts(Case):
    """A dossier as the parts that were filed of it."""

    class PartFiled(Event):
        """One of the parts that the call asks for was given."""

        TOPIC = "dossier.part_filed.v1"
        UNDONE_BY = ("dossier.file_part",)
        part: Name
        title: Line | None = None
        document: UUID | None = None

    class PartsMissing(Event):
        """Parts are missing, and asked for by a day."""

        TOPIC = "dossier.parts_missing.v1"
        UNDONE_BY = ("dossier.complete",)
        parts: tuple[Name, ...]
        until: date

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.parts: dict[str, list[Dated[FiledPart]]] = {}
        self.completions: list[Dated[Completion]] = []

    def file_part(
        self, part: str, call: Call, *, title: str | None, document: UUID | None, day: date
    ) -> None:
        """Give one of the parts that the call asks for, or another version of it."""
        self._asked_for(call, (part,), day)
        self._part_filed(part=part, title=title, document=document)

    def ask_for_parts(self, parts: tuple[str, ...], call: Call, *, until: date, day: date) -> None:
        """Say what is missing, and until when it may be given."""
        self._asked_for(call, parts, day)
        if until <= day:
            raise UntilBeforeAsked(until=until, day=day)
        self._parts_missing(parts=tuple(dict.fromkeys(parts)), until=until)

    def _asked_for(self, call: Call, parts: tuple[str, ...], day: date) -> None:
        known = {part.id for part in call.parts_on(day)}
        for part in parts:
            if part not in known:
                raise UnknownPart(part=part, known=", ".join(sorted(known)) or "aucune")

    def part_on(self, part: str, day: date) -> FiledPart | None:
        """A part as it was last filed by a day."""
        return in_force(self.parts.get(part, []), day)

    def completion_on(self, day: date) -> Completion | None:
        """What was last asked for again, by a day."""
        return in_force(self.completions, day)

    def missing_on(self, call: Call, day: date) -> tuple[str, ...]:
        """The required parts that are not there, and those asked again and not given since."""
        asked = self.completion_on(day)
        wanted = {part.id: 0 for part in call.parts_on(day) if part.required}
        wanted |= dict.fromkeys(asked.parts, asked.order) if asked else {}
        return tuple(
            part
            for part, after in wanted.items()
            if (given := self.part_on(part, day)) is None or given.order < after
        )

    def _part_facts(self, call: Call, day: date) -> PartFacts:
        asked = self.completion_on(day)
        return PartFacts(
            missing=len(self.missing_on(call, day)),
            completion_from=asked.until - DAY if asked else None,
            overdue=asked is not None and day > asked.until,
        )

    # What is remembered.

    @event(PartFiled)
    def _part_filed(self, *, part: str, title: str | None, document: UUID | None) -> None:
        filed = FiledPart(title, document, self.version)
        self.parts.setdefault(part, []).append(self.dated(filed))

    @event(PartsMissing)
    def _parts_missing(self, *, parts: tuple[str, ...], until: date) -> None:
        self.completions.append(self.dated(Completion(parts, until, self.version)))
