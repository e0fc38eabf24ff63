"""Votes: who decides together, how voices are counted, and when a decision is carried."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from domain.values import Frozen
from domain.words import Id, Name, Text, later, named

Fraction = Annotated[str, StringConstraints(pattern=r"^[1-9]\d{0,2}/[1-9]\d{0,2}$")]
"""A part of the seats, as `1/2`; what does not fall on a whole person is rounded up."""

Majority = Literal["simple", "absolute", "two_thirds", "unanimous"]


class College(Frozen):
    """A group of voters: whoever holds one of its roles."""

    id: Name
    title: Text
    roles: tuple[Id, ...]
    seats: Annotated[int, Field(ge=1, le=10_000)] | None = None
    """How many persons may vote in it; unknown where nothing is said."""


class Approval(Frozen):
    """What a step must have gathered before it is taken: votes of distinct persons.

    The rules that may be chosen, and what is chosen where nothing is said, follow those of the
    State's consultative committees: code des relations entre le public et l'administration,
    articles R. 133-9 (mandates: one at most), R. 133-10 (quorum: those who gave a mandate count),
    R. 133-11 (majority, casting vote of the chair), R. 133-12 (no part in a matter in which one
    has an interest). What they do not settle is a product rule, and said to be one.
    """

    source: str
    colleges: Annotated[tuple[College, ...], BeforeValidator(named)]
    quorum: Annotated[int, Field(ge=1, le=10_000)] | Fraction = 1
    """How many distinct persons must have voted, abstaining or not: a number, or a part of the
    seats, those of recused persons left out (product rule)."""
    quorum_of: Literal["each_college", "all"] = later("each_college")
    majority: Majority = "simple"
    """`simple`: more for than against. `absolute`: more than half of those who vote, abstentions
    included. `two_thirds`: of those for or against. `unanimous`: nobody against. One voice for, in
    every case (product rule)."""
    carried_by: Literal["all", "each_college"] = later("all")
    """Whether voices are counted together, or every college must carry it."""
    tie: Literal["rejected", "carried", "chair"] = "rejected"
    """What exactly half of the voices that a majority is counted of comes to. The chair's voice
    decides in the college in which it was given; a chair who abstains, or is away, decides
    nothing (product rule)."""
    chair: Id | None = later(None)
    """The role in which one has the casting vote."""
    abstention: bool = later(True)
    proxies: Annotated[int, Field(ge=0, le=100)] = later(1)
    """How many a person may represent by mandate, beside voting for themself."""
    initiator_excluded: bool = True
    """Whether who opens the vote takes no part in it; the seat stays in the quorum's base."""
    opened_by: tuple[Id, ...] | None = later(None)
    """The roles that open and close it: those that may take the step, unless said."""

    @model_validator(mode="after")
    def _can_be_counted(self) -> Self:
        reason = next(_faults(self), None)
        if reason:
            raise ValueError(reason)
        return self


def _faults(approval: Approval) -> Iterator[str]:
    seats = [college.seats for college in approval.colleges]
    ids = {college.id for college in approval.colleges}
    if not ids or len(ids) != len(approval.colleges):
        yield "un vote demande au moins un collège, et à chacun son nom"
    if isinstance(approval.quorum, str):
        part, whole = map(int, approval.quorum.split("/"))
        if None in seats:
            yield "un quorum en fraction demande le nombre de sièges de chaque collège"
        elif part > whole:
            yield f"le quorum « {approval.quorum} » dépasse le nombre des sièges"
    elif approval.quorum_of == "all":
        if None not in seats and approval.quorum > sum(filter(None, seats)):
            yield "le quorum dépasse le nombre des sièges"
    elif any(known and approval.quorum > known for known in seats):
        yield "le quorum dépasse le nombre des sièges d'un collège"
    if (approval.tie == "chair") != (approval.chair is not None):
        yield "la voix prépondérante demande le rôle de qui préside, et ne va pas sans elle"
    voters = {role for college in approval.colleges for role in college.roles}
    if approval.chair and approval.chair not in voters:
        yield f"« {approval.chair} », qui préside, ne siège dans aucun collège"
    if approval.tie != "rejected" and approval.majority not in ("simple", "absolute"):
        yield "cette majorité ne connaît pas d'égalité des voix"


class Choice(StrEnum):
    """What a ballot says."""

    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"


@dataclass(frozen=True, slots=True)
class Ballot:
    """One person's voice, for themself or given by who represents them."""

    voter: str
    """The person who counts."""
    college: str
    choice: Choice
    holder: str | None = None
    """Who voted for them, under a mandate."""
    chair: bool = False
    """Whether it was given in the role that has the casting vote."""


@dataclass(frozen=True, slots=True)
class Recusal:
    """Somebody takes no part in a vote."""

    person: str
    college: str


class Count(Frozen):
    """The voices of one college."""

    college: Name
    seats: int | None
    """Without those of recused persons; unknown where the rule does not say."""
    for_: int = Field(alias="for")
    against: int
    abstentions: int

    @property
    def voted(self) -> int:
        return self.for_ + self.against + self.abstentions

    @property
    def left(self) -> int | None:
        """How many may still vote; unknown as seats are."""
        return None if self.seats is None else max(0, self.seats - self.voted)


class VoteOutcome(StrEnum):
    """What a vote comes to."""

    CARRIED = "carried"
    REJECTED = "rejected"
    OPEN = "open"
    NO_QUORUM = "no_quorum"


class Tally(Frozen):
    """Where a vote stands, voices counted, and the sentence that says why."""

    outcome: VoteOutcome
    counts: tuple[Count, ...]
    say: Text


def tally(
    approval: Approval,
    ballots: Iterable[Ballot],
    recusals: Iterable[Recusal] = (),
    initiator: Collection[str] = (),
    *,
    closed: bool = False,
) -> Tally:
    """Count a vote. The order of the ballots of distinct persons changes nothing.

    A person counts once, in the college of their first ballot: a further one, in another role or
    by whoever represents them, is not counted. Recused persons, and the initiator where excluded,
    neither vote nor are represented, and vote for nobody else.

    A vote is decided as soon as the persons who have not voted can change nothing, and when it is
    closed. Where a college does not say how many may vote, those who voted are all there are: it
    is carried as soon as the quorum and the majority are met (product rule).

    Args:
        initiator: who opened it: the one who acted, and whom they represented.
    """
    recused = {recusal.person: recusal.college for recusal in reversed([*recusals])}
    out = {*recused, *(initiator if approval.initiator_excluded else ())}
    counted: dict[str, Ballot] = {}
    for ballot in ballots:
        if not out.intersection((ballot.voter, ballot.holder)):
            counted.setdefault(ballot.voter, ballot)
    counts = tuple(
        _count(college, list(counted.values()), [*recused.values()].count(college.id))
        for college in approval.colleges
    )
    casting = [ballot for ballot in counted.values() if ballot.chair]
    outcome = _outcome(approval, counts, casting, closed=closed)
    return Tally(outcome=outcome, counts=counts, say=_sentence(approval, counts, outcome))


def _count(college: College, ballots: Sequence[Ballot], recused: int) -> Count:
    said = [ballot.choice for ballot in ballots if ballot.college == college.id]
    return Count(
        college=college.id,
        seats=None if college.seats is None else max(0, college.seats - recused),
        for_=said.count(Choice.FOR),
        against=said.count(Choice.AGAINST),
        abstentions=said.count(Choice.ABSTAIN),
    )


def _outcome(
    approval: Approval, counts: tuple[Count, ...], casting: Sequence[Ballot], *, closed: bool
) -> VoteOutcome:
    wanting = _wanting(approval, counts)
    if wanting:
        hopeless = any(left is not None and left < number for _, number, left in wanting)
        return VoteOutcome.NO_QUORUM if closed or hopeless else VoteOutcome.OPEN
    groups = [counts] if approval.carried_by == "all" else [(count,) for count in counts]
    if all(_carries(approval, group, casting, None if closed else "against") for group in groups):
        return VoteOutcome.CARRIED
    if closed or not all(_carries(approval, group, casting, "for") for group in groups):
        return VoteOutcome.REJECTED
    return VoteOutcome.OPEN


def _wanting(
    approval: Approval, counts: tuple[Count, ...]
) -> list[tuple[tuple[Count, ...], int, int | None]]:
    """The colleges whose quorum is not met, how many voters they lack, how many may still come."""
    groups = [counts] if approval.quorum_of == "all" else [(count,) for count in counts]
    found = []
    for group in groups:
        lacking = _required(approval, group) - sum(count.voted for count in group)
        if lacking > 0:
            found.append((group, lacking, _left(group)))
    return found


def _required(approval: Approval, group: tuple[Count, ...]) -> int:
    if isinstance(approval.quorum, int):
        return approval.quorum
    part, whole = map(int, approval.quorum.split("/"))
    seats = sum(count.seats or 0 for count in group)
    return max(1, -(-seats * part // whole))


def _left(group: tuple[Count, ...]) -> int | None:
    left = [count.left for count in group]
    return None if None in left else sum(filter(None, left))


def _carries(
    approval: Approval,
    group: tuple[Count, ...],
    casting: Sequence[Ballot],
    rest: Literal["for", "against"] | None,
) -> bool:
    """Whether the voices of a group carry it, if all who have not voted were to vote in one way.

    A further voice for never makes a decision fall, nor one against carry it: these two are the
    ends between which everything else lies.
    """
    yes, no = sum(c.for_ for c in group), sum(c.against for c in group)
    abstained = sum(c.abstentions for c in group)
    left = _left(group)
    colleges = {count.college for count in group}
    chair = {ballot.choice for ballot in casting if ballot.college in colleges}
    if rest == "for":
        # Where the seats are not known, there may always be enough of them.
        left = 3 * (yes + no + abstained) + 1 if left is None else left
        if left and not casting and _chaired(approval, colleges):
            chair = {Choice.FOR}
        yes += left
    elif rest == "against":
        no += left or 0
    return _majority(approval, yes, no, abstained, chair=chair == {Choice.FOR})


def _chaired(approval: Approval, colleges: Collection[str]) -> bool:
    """Whether who has the casting vote sits in one of some colleges."""
    return any(approval.chair in c.roles for c in approval.colleges if c.id in colleges)


def _majority(approval: Approval, yes: int, no: int, abstained: int, *, chair: bool) -> bool:
    if not yes:
        return False
    breaks = approval.tie == "carried" or (approval.tie == "chair" and chair)
    match approval.majority:
        case "simple":
            return yes > no or (yes == no and breaks)
        case "absolute":
            return 2 * yes > yes + no + abstained or (2 * yes == yes + no + abstained and breaks)
        case "two_thirds":
            return 3 * yes >= 2 * (yes + no)
        case "unanimous":
            return no == 0


# --- in words ---------------------------------------------------------------------------------

MAJORITIES: dict[Majority, Text] = {
    "simple": Text(fr="plus de pour que de contre", en="more for than against"),
    "absolute": Text(
        fr="plus de la moitié de ceux qui votent, abstentions comprises",
        en="more than half of those who vote, abstentions included",
    ),
    "two_thirds": Text(
        fr="les deux tiers des voix pour ou contre", en="two thirds of the voices for or against"
    ),
    "unanimous": Text(fr="aucune voix contre", en="no voice against"),
}

HEADS: dict[VoteOutcome, Text] = {
    VoteOutcome.CARRIED: Text(fr="Adopté", en="Carried"),
    VoteOutcome.REJECTED: Text(fr="Rejeté", en="Rejected"),
    VoteOutcome.OPEN: Text(fr="Vote en cours", en="Vote open"),
    VoteOutcome.NO_QUORUM: Text(fr="Quorum non atteint", en="No quorum"),
}


def rule_of(approval: Approval) -> Text:
    """The rule of a vote, in a sentence: quorum, majority, colleges."""
    each = approval.carried_by == "each_college" and len(approval.colleges) > 1
    majority = MAJORITIES[approval.majority]
    return Text(
        fr=f"Un vote l'a adopté : {majority.fr}{', dans chaque collège' if each else ''} ; "
        f"{_quorum(approval, 'fr')} ; {_voters(approval, 'fr')}.",
        en=f"A vote has carried it: {majority.en}{', in each college' if each else ''}; "
        f"{_quorum(approval, 'en')}; {_voters(approval, 'en')}.",
    )


def _quorum(approval: Approval, language: str) -> str:
    each = approval.quorum_of == "each_college" and len(approval.colleges) > 1
    number = approval.quorum
    if language == "en":
        of = " of the seats" if isinstance(number, str) else f" voter{'s' * (number > 1)}"
        return f"quorum: {number}{of}{' in each college' if each else ''}"
    of = " des sièges" if isinstance(number, str) else f" votant{'s' * (number > 1)}"
    return f"quorum : {number}{of}{' par collège' if each else ''}"


def _voters(approval: Approval, language: str) -> str:
    def seats(college: College) -> str:
        word = ("seat" if language == "en" else "siège") + "s" * ((college.seats or 0) > 1)
        return f" ({college.seats} {word})" if college.seats else ""

    names = ", ".join(c.title.say(language) + seats(c) for c in approval.colleges)
    one = len(approval.colleges) == 1
    if language == "en":
        return f"college{'' if one else 's'}: {names}"
    return f"collège{'' if one else 's'} : {names}"


def _sentence(approval: Approval, counts: tuple[Count, ...], outcome: VoteOutcome) -> Text:
    titles = {college.id: college.title for college in approval.colleges}
    wanting = _wanting(approval, counts)
    lacking = sum(number for _, number, _ in wanting)
    majority = MAJORITIES[approval.majority]
    if wanting:
        many = "s" * (lacking > 1)
        why = Text(fr=f"il manque {lacking} votant{many}", en=f"{lacking} voter{many} wanting")
    else:
        why = {
            VoteOutcome.CARRIED: Text(fr=f"il faut {majority.fr}", en=f"it takes {majority.en}"),
            VoteOutcome.REJECTED: Text(
                fr=f"il fallait {majority.fr}", en=f"it would have taken {majority.en}"
            ),
        }.get(
            outcome,
            Text(
                fr="les voix restantes peuvent encore en décider",
                en="the remaining voices may still decide it",
            ),
        )
    head = HEADS[outcome]
    told = [_voices(count, titles[count.college]) for count in counts]
    return Text(
        fr=f"{head.fr} ({'; '.join(t.fr for t in told)}) : {why.fr}.",
        en=f"{head.en} ({'; '.join(t.en for t in told)}): {why.en}.",
    )


def _voices(count: Count, title: Text) -> Text:
    many = "s" * (count.abstentions > 1)
    said = (count.for_, count.against, count.abstentions)
    return Text(
        fr="{} : {} pour, {} contre, {} abstention{}".format(title.say("fr"), *said, many),
        en="{}: {} for, {} against, {} abstention{}".format(title.say("en"), *said, many),
    )
