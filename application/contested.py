"""How contested facts are shown: both versions, who holds the other one, and the answer."""

from collections.abc import Iterator, Mapping
from datetime import date
from uuid import UUID

from application.wording import WORDS, date_in_words
from application.world import World
from domain.contest import Contest, ContestedBy, ContestOutcome
from domain.dates import PartialDate
from domain.kernel import Event, Recorded
from domain.pole import Pole
from domain.recognition import Recognition
from domain.values import Frozen, Sealed

WORDS[ContestedBy] = {
    ContestedBy.MEMBER: "un membre",
    ContestedBy.POLE: "le pôle",
    ContestedBy.PERSON: "une personne",
}
NAMED = {**WORDS[ContestedBy], ContestedBy.MEMBER: "le membre"}
"""The same, before a name."""
WORDS[ContestOutcome] = {
    ContestOutcome.UPHELD: "contestation fondée",
    ContestOutcome.PARTLY: "contestation fondée en partie",
    ContestOutcome.REJECTED: "contestation non retenue",
    ContestOutcome.WITHDRAWN: "contestation retirée",
}

STAGE_CONTESTED = "étape contestée"
NOTHING_FOLLOWS = "contesté : rien n'en découle de soi-même avant la réponse"
SEALED = "version d'une personne, non publiée"


def answer_beside(since: PartialDate, outcome: ContestOutcome) -> str:
    """What stays beside a fact once a contest of it is answered; nothing of one that was withdrawn.

    `contesté le 3 mai 2024, réponse : fondée en partie`.
    """
    if outcome is ContestOutcome.WITHDRAWN:
        return ""
    found = WORDS[ContestOutcome][outcome].removeprefix("contestation ")
    day = f" {date_in_words(str(since))}" if since.is_known else ""
    return f"contesté{day}, réponse : {found}"


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
    return f"{NAMED[by_kind]} « {by} »" if isinstance(by, str) else WORDS[ContestedBy][by_kind]


def version_in_words(version: str | Sealed | None) -> str:
    """What is held instead; that of a person is sealed."""
    return f"« {version} »" if isinstance(version, str) else SEALED


def held_in_words(
    by_kind: ContestedBy, by: str | Sealed | None, version: str | Sealed, *, still: bool = True
) -> str:
    """What somebody holds instead, or held until the answer, in a sentence."""
    who, holds = who_in_words(by_kind, by), "soutient" if still else "soutenait"
    if isinstance(version, str):
        return f"{who} {holds} : « {version} »"
    return f"{who} {holds} autre chose, qui n'est pas publié"


def mark(contest: Contest, day: date) -> ContestMark:
    """How a contest stood on a day."""
    by, version = who_in_words(contest.by_kind, contest.by), version_in_words(contest.version)
    is_open = contest.covers(day)
    outcome = None if is_open else contest.outcome
    told = held_in_words(contest.by_kind, contest.by, contest.version, still=is_open)
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


def answers_by_fact(pole: Pole, day: date) -> Mapping[UUID, str]:
    """What stays beside each fact of which a contest was answered by a day."""
    said: dict[UUID, list[str]] = {}
    for contest in pole.contests.values():
        if contest.outcome and contest.answered and contest.answered <= day:
            answer = answer_beside(contest.contested_on, contest.outcome)
            said.setdefault(contest.fact, []).append(answer)
    return {fact: " ; ".join(filter(None, answers)) for fact, answers in said.items()}


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


def stage_contests(pole: Pole, day: date) -> list[Contest]:
    """The contests that stand on a day, of what the stage shown on that day rests on.

    That is the last step, or change of rules; and each recognition under article 9, or end of one,
    without which the stage, or the day since when it holds, would be another.
    """
    stays = (pole.main.states.in_force(day), pole.main.journeys.in_force(day))
    last = max((stay.place for stay in stays if stay), default=None)
    standing = pole.contests_on(day)
    of_step = [one for one in standing if last and (one.stream, one.place) == (pole.id, last[1])]
    issues, ends = (
        [one for one in standing if one.topic == event.TOPIC]
        for event in (Recognition.Issued, Recognition.Ended)
    )
    alone = [
        *(one for one in issues if pole.stage_hangs_on(day, doubted={one.stream})),
        *(one for one in ends if pole.stage_hangs_on(day, unended={one.stream})),
    ]
    if not alone and pole.stage_hangs_on(
        day, doubted={one.stream for one in issues}, unended={one.stream for one in ends}
    ):
        alone = [*issues, *ends]  # none of them alone, but all of them together
    return of_step + alone


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
    of_stage = stage_contests(pole, day)
    found: dict[str, tuple[ContestMark, ...]] = {}
    for contest in standing:
        parts = shown.get(contest.fact, ())
        if contest.stream != pole.id:
            parts = ("charter",) if contest.stream in pole.signatures else (str(contest.stream),)
        for part in (*parts, *(("stage",) if contest in of_stage else ())):
            found[part] = (*found.get(part, ()), mark(contest, day))
    return found


def _parts(history: list[Recorded], day: date) -> Iterator[tuple[UUID, tuple[str, ...]]]:
    """The parts of the sheet in which each fact in force on a day is shown."""
    last: dict[str, Recorded] = {}
    for recorded in history:
        event = recorded.event
        if recorded.in_force_from > day:
            continue
        if event.valid_to is not None and event.valid_to <= day:
            continue
        if member := getattr(event, "member", None):
            last[str(member)] = recorded
        elif part := PARTS.get(type(event)):
            last[part] = recorded
    for fact in {recorded.event.meta.event_id for recorded in last.values()}:
        parts = [part for part, known in last.items() if known.event.meta.event_id == fact]
        yield fact, tuple(parts)
