"""Evaluation rounds: where a pole stands on the référentiel, as it or a third party sees it.

A mirror, never a threshold: nothing here adds, averages or ranks positions, and no clause of a
journey is offered their values.
"""

from bisect import insort
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, NewType
from uuid import UUID

from pydantic import StringConstraints
from typing_extensions import override

from domain import case, evaluator, overdue, proposal
from domain.case import Case, Read
from domain.dates import PartialDate
from domain.distinct import apart
from domain.errors import Invalid, NotFound, Refused
from domain.evaluator import Evaluated, EvaluatorFacts, WrongKind
from domain.finality import Finality
from domain.grid import GRIDS, Grid, GridRef, Grids, ItemCode, item_of, level_of
from domain.kernel import Event, event
from domain.mandate import Party
from domain.span import Dated, in_force
from domain.spelling import same
from domain.values import Frozen, Prose
from domain.words import Stored, Whole

EvaluationId = NewType("EvaluationId", UUID)
RoundCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")]
"""The code of its pole, the kind of the round and its number: `tetris-auto-1`."""

OPEN = "open"
"""The one state in which positions are given and changed."""

PUBLISHED = "published"
SUPERSEDED = "superseded"
SHOWN = frozenset({PUBLISHED, SUPERSEDED})
"""The states in which everybody may read its positions."""


class RoundKind(StrEnum):
    """Who looks: the pole itself, or somebody who is no part of it (décret 2015-431, art. 5)."""

    SELF_POSITIONING = "self_positioning"
    THIRD_PARTY = "third_party"


# --- facts, as the clauses of journeys name them -----------------------------------------------


class ItemFacts(Frozen):
    """How many indicators there are, and how many have a position, or a reason for having none."""

    total: int
    answered: int


class ValidatorFacts(Frozen):
    """Distinct parties that validated the positions as they now stand.

    One person who validates for two parties is one: two count only if nobody had a hand in both.
    """

    count: int
    independent: int
    """Among them, those that neither submitted the round nor are its evaluator."""


class EvaluationFacts(Frozen):
    """Everything a clause of a round's journey may ask about. No position is among it."""

    items: ItemFacts
    validators: ValidatorFacts
    evaluator: EvaluatorFacts


# --- refusals ----------------------------------------------------------------------------------


class PositionsFrozen(Refused):
    """Positions change while the round is open, and not any more once it was submitted."""

    code = "evaluation.frozen"
    fr = (
        "Les positions ne se donnent que pendant que le tour est ouvert : "
        "elles ne changent plus une fois qu'il est soumis, à moins qu'il ne soit renvoyé."
    )
    en = (
        "Positions are given while the round is open only: "
        "they do not change once it is submitted, unless it is sent back."
    )


class BeforeItOpened(Refused):
    """Nothing is positioned before the round is open."""

    code = "evaluation.before"
    fr = "Ce tour n'était pas ouvert le {day} : aucune position ne peut être datée de ce jour."
    en = "This round was not open on {day}: no position can be dated of that day."


class UnknownRound(NotFound):
    """There is no such round."""

    code = "evaluation.unknown"
    fr = "Aucun tour d'évaluation ne s'appelle « {name} » : donnez son code, ou son identifiant."
    en = "No evaluation round is called “{name}”: give its code, or its identity."


class NotAReferentiel(Invalid):
    """A round is about the référentiel."""

    code = "evaluation.grid"
    fr = "« {ref} » n'est pas un référentiel : un tour d'évaluation se fait sur un référentiel."
    en = "“{ref}” is not a référentiel: an evaluation round is made on one."


class AlreadyValidated(Refused):
    """A party validates once what has not changed since."""

    code = "evaluation.validated"
    fr = "Cette partie a déjà validé ces positions, qui n'ont pas changé depuis."
    en = "This party has already validated these positions, which have not changed since."


# --- the aggregate -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Position:
    """What was said of one indicator: a level, or why none could be seen."""

    level: int | None
    words: str | None
    """The comment on a level; the reason for which nothing was observed."""
    evidence: tuple[UUID, ...]
    order: int


@dataclass(frozen=True, slots=True)
class Signature:
    """A party that submitted, or validated, and who acted for it."""

    party: str
    holder: str | None
    since: date
    order: int

    @property
    def persons(self) -> frozenset[str]:
        return frozenset(party for party in (self.party, self.holder) if party)


class Evaluation(Case, Evaluated):
    """One round: a pole, a version of the référentiel, and a position on each indicator."""

    class Planned(case.Entered):
        """A round was planned, on a version of the référentiel that will not change."""

        TOPIC = "evaluation.planned.v1"
        STATED_BY = ("evaluation.plan",)
        pole: UUID
        code: RoundCode
        round_kind: RoundKind
        grid: GridRef
        placeholder: bool
        """Whether that version is a placeholder, which is said wherever the round is shown."""

    class EvaluatorDesignated(evaluator.EvaluatorDesignated):
        """Somebody was designated to evaluate; the name of a person is sealed."""

        TOPIC = "evaluation.evaluator_designated.v1"
        STATED_BY = ("evaluation.designate_evaluator",)

    class FundersDeclared(evaluator.FundersDeclared):
        """Who funds the pole, as declared; commitments will tell it where they are recorded."""

        TOPIC = "evaluation.funders_declared.v1"
        STATED_BY = ("evaluation.declare_funders",)

    class Positioned(Event):
        """An indicator was given a level of the scale."""

        TOPIC = "evaluation.positioned.v1"
        UNDONE_BY = ("evaluation.position",)
        item: ItemCode
        level: Whole
        comment: Prose | None = None
        evidence: tuple[UUID, ...] = ()

    class LeftUnobserved(Event):
        """An indicator could not be observed, and why."""

        TOPIC = "evaluation.left_unobserved.v1"
        UNDONE_BY = ("evaluation.position",)
        item: ItemCode
        motive: Prose
        evidence: tuple[UUID, ...] = ()

    class Signed(Event):
        """A party answers for the positions as they were submitted."""

        TOPIC = "evaluation.signed.v1"
        UNDONE_BY = Finality.WORD
        party: Party
        holder: Party | None = None

    class Validated(Event):
        """A party validated the positions as they stand."""

        TOPIC = "evaluation.validated.v1"
        UNDONE_BY = Finality.WORD
        party: Party
        holder: Party | None = None
        remark: Prose | None = None

    # Written out as those of a pole are, not made by `concept=`: stored under the same topics
    # either way, but told in words of their own by the reference of events.

    class Moved(case.Moved):
        """A step of its journey was taken."""

        TOPIC = "evaluation.moved.v1"

    class Begun(case.Begun):
        """It follows a further journey."""

        TOPIC = "evaluation.journey_begun.v1"

    class Migrated(case.Migrated):
        """It follows another version of the journey."""

        TOPIC = "evaluation.migrated.v1"

    class FellDue(overdue.FellDue):
        """A deadline of its state passed."""

        TOPIC = "evaluation.deadline_passed.v1"

    class Reminded(overdue.Reminded):
        """The end of a deadline of its state comes near."""

        TOPIC = "evaluation.deadline_reminded.v1"

    class VoteOpened(proposal.VoteOpened):
        """A step was put to the vote, with what it is to be given."""

        TOPIC = "evaluation.vote_opened.v1"

    class BallotCast(proposal.BallotCast):
        """Somebody voted, or was voted for under a mandate."""

        TOPIC = "evaluation.ballot_cast.v1"

    class RecusalDeclared(proposal.RecusalDeclared):
        """Somebody takes no part in a vote; why is sealed."""

        TOPIC = "evaluation.recusal_declared.v1"

    class VoteClosed(proposal.VoteClosed):
        """No further ballot is taken: those that were cast decide."""

        TOPIC = "evaluation.vote_closed.v1"

    class VoteWithdrawn(proposal.VoteWithdrawn):
        """A vote was called off before it had decided."""

        TOPIC = "evaluation.vote_withdrawn.v1"

    ENTERS = Planned

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.pole = UUID(int=0)
        self.code = ""
        self.round_kind = RoundKind.SELF_POSITIONING
        self.grid = ""
        self.positions: dict[str, list[Dated[Position]]] = {}
        self._changed: list[tuple[date, int]] = []
        """When positions changed, by day."""
        self.signatures: list[Signature] = []
        self.validations: list[Signature] = []

    # Decisions.

    @classmethod
    def plan(
        cls,
        *,
        pole: UUID,
        code: str,
        round_kind: RoundKind,
        grid: Grid,
        journey: str,
        stage: str,
        occurred_on: PartialDate,
        variables: Mapping[str, Stored] | None = None,
    ) -> "Evaluation":
        """Plan a round of a pole on a version of the référentiel, which is frozen with it."""
        if not grid.scale:
            raise NotAReferentiel(ref=grid.ref)
        made = cls.new()
        made._planned(
            pole=pole,
            code=code,
            round_kind=round_kind,
            grid=grid.ref,
            placeholder=grid.is_placeholder,
            journey=journey,
            stage=stage,
            occurred_on=occurred_on,
            variables=dict(variables or {}),
        )
        return made

    def position(
        self,
        item: str,
        level: int | str,
        *,
        grid: Grid,
        day: date,
        comment: str | None,
        evidence: tuple[UUID, ...],
    ) -> None:
        """Give an indicator a level of the scale of the grid of this round."""
        self.ensure_open(day)
        code, value = item_of(grid, item).code, level_of(grid, level).value
        self._positioned(item=code, level=value, comment=comment, evidence=evidence)

    def leave_unobserved(
        self, item: str, *, grid: Grid, day: date, motive: str, evidence: tuple[UUID, ...]
    ) -> None:
        """Say that an indicator could not be observed, and why."""
        self.ensure_open(day)
        self._left_unobserved(item=item_of(grid, item).code, motive=motive, evidence=evidence)

    def ensure_open(self, day: date) -> None:
        """Refuse positions but in a round that is open, on a day on which it was."""
        if self.main.states[-1].value != OPEN or self.main.states.last.value != OPEN:
            raise PositionsFrozen
        if self.state_on(day) != OPEN:
            raise BeforeItOpened(day=day)

    def sign(self, *, party: str, holder: str | None) -> None:
        """Answer for the positions that are submitted."""
        self._signed(party=party, holder=holder)

    def validate(self, *, party: str, holder: str | None, remark: str | None, day: date) -> None:
        """Validate the positions as they stand; it counts as long as none changes."""
        if same(party) in {v.party for v in self.standing_on(day)}:
            raise AlreadyValidated
        self._validated(party=party, holder=holder, remark=remark)

    @property
    def number(self) -> int:
        """Which of the rounds of its pole it is, as its code says."""
        told = self.code.rpartition("-")[2]
        return int(told) if told.isdigit() else 0

    # What is known on a day.

    def position_on(self, item: str, day: date) -> Position | None:
        return in_force(self.positions.get(item, []), day)

    def published_on(self, day: date) -> tuple[date, int] | None:
        """When it was published, where it stands published on a day."""
        stay = self.main.stay_on(day)
        return stay.place if stay and stay.value == PUBLISHED else None

    def standing_on(self, day: date) -> list[Signature]:
        """The validations given by a day of the positions as they stood then."""
        last = max((order for since, order in self._changed if since <= day), default=0)
        return [v for v in self.validations if v.since <= day and v.order > last]

    @override
    def must_be_evaluated(self) -> None:
        if self.round_kind is not RoundKind.THIRD_PARTY:
            raise WrongKind

    @override
    def relations_on(self, day: date) -> frozenset[str]:
        """The pole it is about, and those that are declared to fund it."""
        funders = (f"organisation:{name}" for name in self.funders_on(day) or ())
        return frozenset({f"pole:{self.pole}", *funders})

    @override
    def facts_on(self, day: date, read: Read) -> EvaluationFacts:
        """What the clauses may ask, as it was on a day: never what the positions are."""
        evaluator = self.evaluator_on(day)
        signed = [s for s in self.signatures if s.since <= day]
        out = (evaluator.parties if evaluator else frozenset[str]()).union(
            signed[-1].persons if signed else ()
        )
        standing = self.standing_on(day)
        items = self._items(read)
        return EvaluationFacts(
            items=ItemFacts(
                total=len(items),
                answered=sum(self.position_on(item, day) is not None for item in items),
            ),
            validators=ValidatorFacts(
                count=apart(v.persons for v in standing),
                independent=apart(v.persons for v in standing if out.isdisjoint(v.persons)),
            ),
            evaluator=self.evaluator_facts_on(self.pole, day, read),
        )

    def _items(self, read: Read) -> tuple[str, ...]:
        if not self.grid:  # before it is planned
            return ()
        grids: Grids = read(Grids, GRIDS)
        return tuple(grids.get(self.grid).items)

    # What is remembered.

    @event(Planned)
    def _planned(
        self,
        *,
        pole: UUID,
        code: str,
        round_kind: RoundKind,
        grid: str,
        placeholder: bool,
        journey: str,
        stage: str,
        occurred_on: PartialDate,
        variables: Mapping[str, Stored],
    ) -> None:
        self.pole = pole
        self.code = code
        self.round_kind = round_kind
        self.grid = grid
        self.begin(journey=journey, state=stage, occurred_on=occurred_on, variables=variables)

    @event(Positioned)
    def _positioned(
        self, *, item: str, level: int, comment: str | None, evidence: tuple[UUID, ...]
    ) -> None:
        self._answer(item, Position(level, comment, evidence, self.version))

    @event(LeftUnobserved)
    def _left_unobserved(self, *, item: str, motive: str, evidence: tuple[UUID, ...]) -> None:
        self._answer(item, Position(None, motive, evidence, self.version))

    def _answer(self, item: str, position: Position) -> None:
        self.positions.setdefault(item, []).append(self.dated(position))
        insort(self._changed, (self.since, self.version))

    @event(Signed)
    def _signed(self, *, party: str, holder: str | None) -> None:
        self.signatures.append(self._signature(party, holder))

    @event(Validated)
    def _validated(self, *, party: str, holder: str | None, remark: str | None) -> None:
        self.validations.append(self._signature(party, holder))

    def _signature(self, party: str, holder: str | None) -> Signature:
        return Signature(same(party), holder and same(holder), self.since, self.version)
