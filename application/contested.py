"""How contested facts are shown: both versions, who holds the other one, and the answer."""

from collections.abc import Iterator, Mapping
from datetime import date
from uuid import UUID

from application.wording import WORDS
from application.world import World
from domain.contest import Contest, ContestedBy, ContestOutcome
from domain.kernel import Event, Frozen, Recorded, Sealed
from domain.pole import Pole

WORDS[ContestedBy] = {
    ContestedBy.MEMBER: "un membre",
    ContestedBy.POLE: "le pôle",
    ContestedBy.PERSON: "une personne",
}
WORDS[ContestOutcome] = {
    ContestOutcome.UPHELD: "contestation fondée",
    ContestOutcome.PARTLY: "contestation fondée en partie",
    ContestOutcome.REJECTED: "contestation non retenue",
    ContestOutcome.WITHDRAWN: "contestation retirée",
}

NOTHING_FOLLOWS = "contesté : rien n'en découle de soi-même avant la réponse"
SEALED = "version d'une personne, non publiée"


class ContestMark(Frozen):
    """Beside a contested fact: what is held instead, by whom, and what was answered."""

    contest: UUID
    by_kind: ContestedBy
    by: str
    version: str
    since: date
    is_open: bool
    answered_on: date | None = None
    outcome: ContestOutcome | None = None
    reasons: str | None = None
    sentence: str
    """All of it, in words."""


def who_in_words(by_kind: ContestedBy, by: str | Sealed | None) -> str:
    """Who contests: an organisation by its name, a person by no name."""
    kind = WORDS[ContestedBy][by_kind]
    return f"{kind}, {by}" if isinstance(by, str) else kind


def version_in_words(version: str | Sealed | None) -> str:
    """What is held instead; that of a person is sealed."""
    return f"« {version} »" if isinstance(version, str) else SEALED


def mark(contest: Contest, day: date) -> ContestMark:
    """How a contest stood on a day."""
    by, version = who_in_words(contest.by_kind, contest.by), version_in_words(contest.version)
    is_open = contest.covers(day)
    told = f"{by} soutient : {version}"
    outcome = None if is_open else contest.outcome
    if outcome:
        told = f"{WORDS[ContestOutcome][outcome]} ({told}). Motifs : {contest.reasons}"
    return ContestMark(
        contest=contest.id,
        by_kind=contest.by_kind,
        by=by,
        version=version,
        since=contest.since,
        is_open=is_open,
        answered_on=None if is_open else contest.answered,
        outcome=outcome,
        reasons=None if is_open else contest.reasons,
        sentence=told,
    )


def marks_by_fact(pole: Pole, day: date) -> Mapping[UUID, tuple[ContestMark, ...]]:
    """The contests begun by a day, by the fact that each is about."""
    found: dict[UUID, tuple[ContestMark, ...]] = {}
    for contest in pole.contests.values():
        if contest.since <= day:
            found[contest.fact] = (*found.get(contest.fact, ()), mark(contest, day))
    return found


PARTS: Mapping[type[Event], str] = {
    Pole.Registered: "name",
    Pole.Renamed: "name",
    Pole.Located: "territory",
    Pole.ActivityDescribed: "activity",
    Pole.CarrierDesignated: "carrier",
}
"""The parts of a sheet that say one thing at a time, and what each is known by."""

CONTESTED: Mapping[str, str] = {
    "name": "le nom",
    "territory": "le territoire",
    "activity": "l'activité",
    "carrier": "la structure porteuse",
    "stage": "l'étape",
    "charter": "la signature de la charte",
}
"""What each part of a sheet is called; any other is a thing by its identity."""

STEPS = (Pole.Registered, Pole.Moved, Pole.Migrated)


def marks_by_part(
    world: World, pole: Pole, known: int, day: date
) -> dict[str, tuple[ContestMark, ...]]:
    """The open contests of what a sheet shows, by the part of it that each is about.

    A part is `stage`, `charter`, a word of `PARTS`, or the identity of a member, of a recognition,
    of a claim. A fact that another has since replaced marks nothing: what is shown is not
    contested.
    """
    standing = pole.contests_on(day)
    if not standing:
        return {}
    shown = dict(_parts(world.history(pole.id, known), day))
    found: dict[str, tuple[ContestMark, ...]] = {}
    for contest in standing:
        parts = shown.get(contest.fact, ())
        if contest.stream != pole.id:
            parts = ("charter",) if contest.stream in pole.signatures else (str(contest.stream),)
        for part in parts:
            found[part] = (*found.get(part, ()), mark(contest, day))
    return found


def _parts(history: list[Recorded], day: date) -> Iterator[tuple[UUID, tuple[str, ...]]]:
    """The parts of the sheet in which each fact in force on a day is shown."""
    last: dict[str, Recorded] = {}
    for recorded in history:
        event = recorded.event
        if recorded.in_force_from > day:
            continue
        if isinstance(event, STEPS) and _comes_after(recorded, last.get("stage")):
            last["stage"] = recorded
        if event.valid_to is not None and event.valid_to <= day:
            continue
        if member := getattr(event, "member", None):
            last[str(member)] = recorded
        elif part := PARTS.get(type(event)):
            last[part] = recorded
    for fact in {recorded.event.meta.event_id for recorded in last.values()}:
        parts = [part for part, known in last.items() if known.event.meta.event_id == fact]
        yield fact, tuple(parts)


def _comes_after(recorded: Recorded, other: Recorded | None) -> bool:
    return other is None or recorded.in_force_from >= other.in_force_from
