"""Opinions: what the twelve advisers of article 4 were asked, and what they answered.

Décret n° 2015-431, article 4: six qualified persons named by the minister, six representatives of
local authorities. An opinion is given, or recorded as asked and not given; it binds nobody.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from domain.distinct import Persons
from domain.errors import NotFound, Refused
from domain.kernel import Aggregate, Event, event
from domain.span import Dated, in_force
from domain.values import Frozen, Line, Prose
from domain.words import Name


class OpinionChoice(StrEnum):
    """What an adviser thinks of a dossier."""

    FAVOURABLE = "favourable"
    RESERVED = "reserved"
    UNFAVOURABLE = "unfavourable"


class OpinionFacts(Frozen):
    """How many were asked and are settled: given, or asked and not given. Never which way."""

    asked: int
    qualified: int
    """Settled, among the qualified persons."""
    local_authorities: int
    """Settled, among the representatives of local authorities."""
    wanting: int
    """Asked, and neither given nor recorded as not given."""


class NotAnAdviser(NotFound):
    """The opinion of those who were named is asked, and no other."""

    code = "dossier.not_an_adviser"
    fr = "« {seat} » n'est pas l'un des sièges dont l'appel recueille l'avis : {known}."
    en = "“{seat}” is not one of the seats whose opinion the call gathers: {known}."


class OpinionAlreadyAsked(Refused):
    """An opinion is asked once of each seat."""

    code = "dossier.opinion_asked"
    fr = "L'avis du siège « {seat} » est déjà demandé."
    en = "The opinion of the seat “{seat}” has already been asked."


class OpinionNotAsked(Refused):
    """An answer comes after a question."""

    code = "dossier.opinion_not_asked"
    fr = "L'avis du siège « {seat} » n'est pas encore demandé : demandez-le d'abord."
    en = "The opinion of the seat “{seat}” has not been asked yet: ask for it first."


class OpinionSettled(Refused):
    """An opinion is given once."""

    code = "dossier.opinion_settled"
    fr = "L'avis du siège « {seat} » est déjà donné : il ne change plus."
    en = "The opinion of the seat “{seat}” is already given: it does not change any more."


@dataclass(frozen=True, slots=True)
class Opinion:
    """Where one opinion stands."""

    college: str
    choice: OpinionChoice | None = None
    reasons: str | None = None
    """Why it was given so; why it was not, where it was recorded as not given."""
    persons: Persons = ()
    settled: bool = False


class Advised(Aggregate):
    """Something on which advisers are asked for their opinion."""

    class OpinionAsked(Event):
        """The opinion of a seat was asked."""

        TOPIC = "dossier.opinion_asked.v1"
        UNDONE_BY = ("dossier.note_no_opinion",)
        adviser: Name
        college: Name

    class OpinionGiven(Event):
        """A seat gave its opinion."""

        TOPIC = "dossier.opinion_given.v1"
        STATED_BY = ("dossier.give_opinion",)
        adviser: Name
        college: Name
        choice: OpinionChoice
        reasons: Prose
        persons: Persons = ()

    class OpinionWithheld(Event):
        """An opinion was asked, and not given."""

        TOPIC = "dossier.opinion_withheld.v1"
        UNDONE_BY = ("dossier.give_opinion",)
        adviser: Name
        college: Name
        why: Line

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.opinions: dict[str, list[Dated[Opinion]]] = {}
        """By seat, in the order in which they were asked."""

    def ask_opinion(self, adviser: str, college: str) -> None:
        """Ask a seat for its opinion."""
        if adviser in self.opinions:
            raise OpinionAlreadyAsked(seat=adviser)
        self._opinion_asked(adviser=adviser, college=college)

    def give_opinion(
        self,
        adviser: str,
        *,
        choice: OpinionChoice,
        reasons: str,
        persons: Persons,
        day: date,
    ) -> None:
        """Record the opinion of a seat that was asked. One noted as not given may still come."""
        asked = self._asked(adviser, day)
        self._opinion_given(
            adviser=adviser,
            college=asked.college,
            choice=choice,
            reasons=reasons,
            persons=persons,
        )

    def note_no_opinion(self, adviser: str, *, why: str, day: date) -> None:
        """Record that an opinion was asked and is not given."""
        asked = self._asked(adviser, day)
        if self.opinions[adviser][-1].value.settled:
            raise OpinionSettled(seat=adviser)
        self._opinion_withheld(adviser=adviser, college=asked.college, why=why)

    def _asked(self, adviser: str, day: date) -> Opinion:
        known = self.opinion_on(adviser, day)
        if known is None:
            raise OpinionNotAsked(seat=adviser)
        if self.opinions[adviser][-1].value.choice is not None:
            raise OpinionSettled(seat=adviser)
        return known

    def opinion_on(self, adviser: str, day: date) -> Opinion | None:
        """Where the opinion of a seat stands on a day; `None` where it was not asked."""
        return in_force(self.opinions.get(adviser, []), day)

    def opinion_facts_on(self, day: date) -> OpinionFacts:
        known = [found for seat in self.opinions if (found := self.opinion_on(seat, day))]
        settled = [found.college for found in known if found.settled]
        return OpinionFacts(
            asked=len(known),
            qualified=settled.count("qualified"),
            local_authorities=settled.count("local_authorities"),
            wanting=len(known) - len(settled),
        )

    def _stands(self, adviser: str, opinion: Opinion) -> None:
        self.opinions.setdefault(adviser, []).append(self.dated(opinion))

    @event(OpinionAsked)
    def _opinion_asked(self, *, adviser: str, college: str) -> None:
        self._stands(adviser, Opinion(college))

    @event(OpinionGiven)
    def _opinion_given(
        self,
        *,
        adviser: str,
        college: str,
        choice: OpinionChoice,
        reasons: str,
        persons: Persons,
    ) -> None:
        self._stands(adviser, Opinion(college, choice, reasons, persons, settled=True))

    @event(OpinionWithheld)
    def _opinion_withheld(self, *, adviser: str, college: str, why: str) -> None:
        self._stands(adviser, Opinion(college, None, why, settled=True))
