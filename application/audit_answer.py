"""What an auditor asks of the whole history, and the form in which it is answered.

An answer is made from the events as they are recorded, never from the lists it is to check. Each
line names the events on which it rests; an answer without lines says what was looked at.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from application.private_reading import Readers
from application.spreadsheet import table
from application.world import Moment, World
from domain.errors import Forbidden, Invalid
from domain.kernel import Event, Recorded
from domain.roles import Role
from domain.values import Frozen

EVENTS_COLUMN = "Événements (n° identifiant)"


class RestsOn(Frozen):
    """An event by which something is known: its identity; its index in the log, from 0."""

    event: UUID
    index: int
    number: int
    """From 1, as people are told it."""


class AuditLine(Frozen):
    """One finding, as columns in words."""

    says: Mapping[str, str]
    events: tuple[RestsOn, ...]


class AuditAnswer(Frozen):
    """The answer to one question, with what it was asked of."""

    question: str
    title: str
    size: int
    """How many events were known: the answer is about those, and no other."""
    in_force: date
    scope: str
    columns: tuple[str, ...]
    lines: tuple[AuditLine, ...]
    sentence: str
    """What comes out of it, with the count of what was examined."""
    holds: bool
    """Whether nothing was found that should not be there."""
    left_out: str | None = None
    """What is not shown to who asks, and why."""

    @property
    def csv(self) -> str:
        """The lines for a spreadsheet."""
        rows = ([*line.says.values(), resting_in_words(line.events)] for line in self.lines)
        return table([*self.columns, EVENTS_COLUMN], rows)


def resting_in_words(events: Iterable[RestsOn]) -> str:
    """The events of a line in one cell."""
    return " ; ".join(f"n° {one.number} {one.event}" for one in events)


class AuditScope(Frozen):
    """What a question is limited to; everything, unless said."""

    pole: UUID | None = None
    call: UUID | None = None
    dossier: UUID | None = None
    commitment: UUID | None = None
    funder: str | None = None
    """A name, a SIREN or a SIRET."""
    region: str | None = None

    @property
    def given(self) -> tuple[str, ...]:
        return tuple(name for name, value in self if value is not None)


@dataclass(frozen=True, slots=True)
class AuditAsked:
    """What a question is asked with."""

    world: World
    moment: Moment
    scope: AuditScope
    hidden: frozenset[UUID] = frozenset()
    """The dossiers in which whoever asks has an interest: nothing of them is shown."""
    published: bytes = b""
    """The file to compare, where there is one."""

    def told(self, *kinds: type[Event]) -> list[Recorded]:
        """What is in effect of some kinds and was in force by the day, the oldest first."""
        known = self.world.told(*kinds, until=self.moment.known)
        return [one for one in known if one.in_force_from <= self.moment.in_force]

    def ever(self, *kinds: type[Event]) -> list[Recorded]:
        """The same, with each telling of a fact that was told again, or taken back."""
        known = self.world.told_ever(*kinds, until=self.moment.known)
        return [one for one in known if one.in_force_from <= self.moment.in_force]


@dataclass(frozen=True, slots=True)
class Findings:
    """What a question finds: lines, and the sentence that sums them up."""

    lines: Sequence[AuditLine]
    sentence: str
    holds: bool = True
    """Whether nothing was found that should not be there; what only tells finds nothing such."""


@dataclass(frozen=True, slots=True)
class AuditQuestion:
    """One of the questions that auditors ask.

    Args:
        name: as it is written on the command line and in addresses.
        title: the question, whole.
        columns: of its lines, in order; that of the events comes after them.
        limits: what it can be limited to, of `AuditScope`.
        find: who answers.
        wants_file: whether it compares a published file with the log.
        of_review: whether it tells of the review of dossiers, which is not public.
    """

    name: str
    title: str
    columns: tuple[str, ...]
    limits: tuple[str, ...]
    find: Callable[[AuditAsked], Findings]
    wants_file: bool = False
    of_review: bool = False

    def answer(self, asked: AuditAsked, scope_in_words: str) -> AuditAnswer:
        """The answer, at a moment, of a scope."""
        found = self.find(asked)
        return AuditAnswer(
            question=self.name,
            title=self.title,
            size=asked.moment.known,
            in_force=asked.moment.in_force,
            scope=scope_in_words,
            columns=self.columns,
            lines=tuple(found.lines),
            sentence=found.sentence,
            holds=found.holds,
        )


def line(columns: Sequence[str], cells: Sequence[str], events: Iterable[Recorded]) -> AuditLine:
    """A line of some columns, with the events on which it rests, each once, the oldest first."""
    resting = {one.position: one for one in events}
    return AuditLine(
        says=dict(zip(columns, cells, strict=True)),
        events=tuple(
            RestsOn(event=one.event.meta.event_id, index=position - 1, number=position)
            for position, one in sorted(resting.items())
        ),
    )


def numbered(number: int, word: str, words: str | None = None) -> str:
    """`1 dossier examiné`, `0 dossier examiné`, `12 dossiers examinés`."""
    many = words or " ".join(f"{part}s" for part in word.split())
    return f"{number} {many if number > 1 else word}"


def by_stream(events: Iterable[Recorded]) -> dict[UUID, list[Recorded]]:
    """Events by the thing they are of, in the order in which they were recorded."""
    found: dict[UUID, list[Recorded]] = {}
    for one in events:
        found.setdefault(one.stream, []).append(one)
    return found


# --- refusals ----------------------------------------------------------------------------------


class ForAuditors(Forbidden):
    """These questions go through what is not announced: they are for auditors."""

    code = "audit.auditors_only"
    fr = "Ces questions parcourent aussi ce qui n'est pas annoncé : elles sont pour les auditeurs."
    en = "These questions go through what is not announced too: they are for auditors."


class UnknownQuestion(Invalid):
    """There is no such question."""

    code = "audit.question"
    fr = "« {name} » n'est pas une question d'audit : {known}."
    en = "“{name}” is no audit question: {known}."


class LimitNotHere(Invalid):
    """The question cannot be limited so."""

    code = "audit.limit"
    fr = "« {name} » ne se limite pas ainsi ({given}), mais seulement par : {known}."
    en = "“{name}” is not limited so ({given}), but by: {known}."


class FileWanting(Invalid):
    """One question, and no other, is asked of a file."""

    code = "audit.file"
    fr = "{reason}"
    en = "{reason}"


BY_AUDITORS = Readers(frozenset({Role.AUDITOR}), frozenset(), ForAuditors, ForAuditors)
"""Who asks: auditors; under a mandate, one that covers everything."""


class BundleForAuditors(Forbidden):
    """The whole log holds what is not announced: it is given to auditors."""

    code = "bundle.auditors_only"
    fr = (
        "Le journal entier contient aussi ce qui n'est pas annoncé : il se donne aux auditeurs "
        "(--as auditor). Le dossier d'un seul pôle (--pole) se donne à tous."
    )
    en = (
        "The whole log holds what is not announced too: it is given to auditors (--as auditor). "
        "The bundle of one pole (--pole) is for everybody."
    )


WHOLE_LOG = Readers(frozenset({Role.AUDITOR}), frozenset(), BundleForAuditors, BundleForAuditors)
"""Who is given the whole log."""


def check_asked(question: AuditQuestion, scope: AuditScope, *, has_file: bool) -> None:
    """Refuse what a question cannot be limited to, and a file that is missing or in the way."""
    check_limits(question.name, scope, question.limits)
    if question.wants_file and not has_file:
        raise FileWanting(reason="Donnez le fichier publié à comparer : « --published FICHIER ».")
    if has_file and not question.wants_file:
        raise FileWanting(reason=f"La question « {question.name} » ne se pose pas d'un fichier.")


def check_limits(name: str, scope: AuditScope, limits: Sequence[str]) -> None:
    """Refuse what something cannot be limited to."""
    wrong = [given for given in scope.given if given not in limits]
    if wrong:
        known = _options(limits) or "rien"
        raise LimitNotHere(name=name, given=_options(wrong), known=known)


def _options(names: Iterable[str]) -> str:
    return ", ".join(f"--{name}" for name in names)


def joined(parts: Iterable[str]) -> str:
    """Some parts of a cell, without those that say nothing."""
    return " ; ".join(part for part in parts if part)


def last(events: Iterable[Recorded]) -> Recorded | None:
    """Of some events, the one that holds last; `None` of none."""
    return max(events, key=lambda one: (one.in_force_from, one.position), default=None)
