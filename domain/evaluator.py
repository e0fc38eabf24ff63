"""Who evaluates a pole: an organisation or a person, and what ties them to it."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from domain.case import Read
from domain.errors import Invalid, Refused
from domain.identifiers import Siren
from domain.kernel import Aggregate, Event, event
from domain.mandate import account
from domain.personal import Basis, Marking
from domain.pole import Pole
from domain.provenance import AccountId
from domain.retention import Retention
from domain.span import Dated, in_force
from domain.spelling import same
from domain.values import Frozen, Line, Sealed
from domain.words import Text

# --- what is recorded ---------------------------------------------------------------------------


EVALUATOR = Marking(
    purpose="evaluator",
    holds=Text(fr="le nom de la personne qui évalue", en="the name of who evaluates"),
    persons=Text(fr="évaluateurs", en="evaluators"),
    basis=Basis.CONTRACT,
    retention=Retention.FIVE_YEARS,
    is_name=True,
)


class EvaluatorDesignated(Event):
    """Somebody was designated to evaluate; the name of a person is sealed."""

    name: Line | None = None
    person: Annotated[Sealed | None, EVALUATOR] = None
    siren: Siren | None = None
    account: AccountId | None = None
    declared_unrelated: bool


class FundersDeclared(Event):
    """Who funds the pole, as declared; commitments will tell it where they are recorded."""

    funders: tuple[Line, ...]


# --- refusals -----------------------------------------------------------------------------------


class WrongKind(Refused):
    """Only a third-party round has an evaluator."""

    code = "evaluation.kind"
    fr = "Un auto-positionnement n'a pas d'évaluateur : le pôle s'y regarde lui-même."
    en = "A self-positioning has no evaluator: the pole looks at itself."


class EvaluatorUnnamed(Invalid):
    """An evaluator is an organisation by its name, or a person whose name is sealed."""

    code = "evaluation.evaluator_name"
    fr = (
        "L'évaluateur est soit une organisation (« name »), soit une personne (« person », "
        "dont le nom est scellé)."
    )
    en = "The evaluator is an organisation (“name”), or a person (“person”, whose name is sealed)."


# --- what is known ------------------------------------------------------------------------------


class EvaluatorFacts(Frozen):
    """Who evaluates; each tie is unknown as long as it cannot be told."""

    named: bool
    is_member: bool | None
    is_carrier: bool | None
    is_funder: bool | None
    independent: bool | None
    """Neither member, nor funder, nor carrier of the pole on the day."""


@dataclass(frozen=True, slots=True)
class Evaluator:
    name: str | None
    siren: str | None
    account: AccountId | None
    declared_unrelated: bool

    @property
    def parties(self) -> frozenset[str]:
        """Under which parties it may act."""
        named = [same(f"organisation:{self.name}")] if self.name else []
        return frozenset([*named, *([same(account(self.account))] if self.account else [])])

    def is_one_of(self, among: Iterable[tuple[str | None, str | None]]) -> bool:
        """Whether it is one of several organisations, by its number or by its name."""
        return any(
            (bool(siren) and siren == self.siren)
            or (bool(name) and same(name or "") == same(self.name or ""))
            for name, siren in among
        )


class Evaluated(Aggregate, ABC):
    """Something that somebody may evaluate; each kind nests its own events, with a topic."""

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.evaluators: list[Dated[Evaluator]] = []
        self.funders: list[Dated[tuple[str, ...]]] = []

    @abstractmethod
    def must_be_evaluated(self) -> None:
        """Refuse what is said of an evaluator where nobody but the pole looks."""

    def designate_evaluator(
        self,
        *,
        name: str | None,
        person: Sealed | None,
        siren: str | None,
        account: AccountId | None,
        declared_unrelated: bool,
    ) -> None:
        """Say who evaluates; whether they may is for the journey to say."""
        self.must_be_evaluated()
        if bool(name) == bool(person):
            raise EvaluatorUnnamed
        self._evaluator_designated(
            name=name,
            person=person,
            siren=siren,
            account=account,
            declared_unrelated=declared_unrelated,
        )

    def declare_funders(self, funders: Iterable[str]) -> None:
        """Say who funds the pole, nobody included."""
        self.must_be_evaluated()
        self._funders_declared(funders=tuple(dict.fromkeys(funders)))

    def evaluator_on(self, day: date) -> Evaluator | None:
        return in_force(self.evaluators, day)

    def funders_on(self, day: date) -> tuple[str, ...] | None:
        """Who funds the pole, as declared; `None` where nobody said."""
        return in_force(self.funders, day)

    def evaluator_facts_on(self, pole: UUID, day: date, read: Read) -> EvaluatorFacts:
        """The ties of the evaluator to a pole on a day."""
        evaluator = self.evaluator_on(day)
        if evaluator is None:
            return EvaluatorFacts(
                named=False, is_member=None, is_carrier=None, is_funder=None, independent=None
            )
        ties = self._ties(evaluator, pole, day, read)
        return EvaluatorFacts(
            named=True,
            is_member=ties[0],
            is_carrier=ties[1],
            is_funder=ties[2],
            independent=False if True in ties else None if None in ties else True,
        )

    def _ties(
        self, evaluator: Evaluator, pole_id: UUID, day: date, read: Read
    ) -> tuple[bool | None, bool | None, bool | None]:
        """Whether it is a member, the carrier, a funder: by number and by name.

        Of a person, as they declare: a sealed name cannot be compared with anything.
        """
        if evaluator.name is None:
            told = False if evaluator.declared_unrelated else None
            return told, told, told
        pole: Pole = read(Pole, pole_id)
        carrier, funders = pole.carrier_on(day), self.funders_on(day)
        return (
            evaluator.is_one_of((m.name, m.siren) for _, m in pole.members_on(day)),
            evaluator.is_one_of([(carrier[0], (carrier[1] or "")[:9])] if carrier else []),
            None if funders is None else evaluator.is_one_of((name, None) for name in funders),
        )

    @event(EvaluatorDesignated)
    def _evaluator_designated(
        self,
        *,
        name: str | None,
        person: Sealed | None,
        siren: str | None,
        account: AccountId | None,
        declared_unrelated: bool,
    ) -> None:
        self.evaluators.append(self.dated(Evaluator(name, siren, account, declared_unrelated)))

    @event(FundersDeclared)
    def _funders_declared(self, *, funders: tuple[str, ...]) -> None:
        self.funders.append(self.dated(funders))
