"""Appeals against what was decided of a dossier: to who decided, to its superior, to the court.

Two months after the notification (code de justice administrative, article R. 421-1), which count
only where it said by which ways and until when to appeal (R. 421-5). A silence of two months is a
dismissal (R. 421-2).
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, NewType
from uuid import UUID

from pydantic import StringConstraints
from typing_extensions import override

from domain import case
from domain.award import Notification
from domain.case import Case, Read
from domain.dates import PartialDate
from domain.distinct import Persons
from domain.errors import NotFound, Refused
from domain.kernel import event
from domain.period import DAY, end_of, is_working
from domain.personal import Basis, Marking
from domain.retention import Retention
from domain.values import Frozen, Sealed
from domain.words import Stored, Text

AppealId = NewType("AppealId", UUID)
AppealCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,99}$")]
"""The code of its dossier and its number: `essai-2024-007-recours-1`."""

TWO_MONTHS = "2 months"
DISMISSED = "dismissed"


class AppealKind(StrEnum):
    """To whom it is made."""

    GRACIOUS = "gracious"
    """To who decided (recours gracieux)."""
    HIERARCHICAL = "hierarchical"
    """To the superior of who decided (recours hiérarchique)."""
    LITIGATION = "litigation"
    """To the administrative court (recours contentieux)."""


def last_day(counted_from: date) -> date:
    """The last day on which to appeal against what was received on a day.

    The day of receipt and that of the end do not count (délai franc, case law); one that would end
    on a Saturday, a Sunday or a public holiday runs to the next working day.
    """
    day = end_of(TWO_MONTHS, counted_from, extended=False) + DAY
    while not is_working(day):
        day += DAY
    return day


def is_late(told: Notification | None, lodged_on: date) -> bool | None:
    """Whether an appeal comes late; `None` where the day of receipt is not known and decides."""
    if told is None:
        return False
    if told.received_on:
        return lodged_on > last_day(told.received_on)
    return None if lodged_on > last_day(told.sent_on) else False


class AboutAppealFacts(Frozen):
    kind: str
    lodged_on: date
    late: bool | None


class AppealFacts(Frozen):
    """Everything a clause of an appeal's journey may ask about."""

    appeal: AboutAppealFacts


class UnknownAppeal(NotFound):
    """There is no such appeal."""

    code = "appeal.unknown"
    fr = "Aucun recours ne s'appelle « {name} » : donnez son code, ou son identifiant."
    en = "No appeal is called “{name}”: give its code, or its identity."


class NothingToAppeal(Refused):
    """An appeal is made against what was decided, once it is known."""

    code = "appeal.nothing"
    fr = "Le dossier {dossier} n'a pas de décision contre laquelle former un recours à cette date."
    en = "{dossier} has no decision to appeal against on that day."


class AppealUnderWay(Refused):
    """One appeal of a kind at a time."""

    code = "appeal.under_way"
    fr = "Un recours de cette nature est déjà en cours contre cette décision ({appeal})."
    en = "An appeal of this kind is already under way against this decision ({appeal})."


GROUNDS = Marking(
    purpose="appeal",
    holds=Text(
        fr="ce que fait valoir l'auteur d'un recours",
        en="what the author of an appeal puts forward",
    ),
    persons=Text(
        fr="auteurs de recours et personnes qu'ils citent",
        en="authors of appeals, and whom they name",
    ),
    basis=Basis.PUBLIC_TASK,
    retention=Retention.FIVE_YEARS,
)


class Appeal(Case, concept="appeal"):
    """An appeal, from the day it is lodged to what comes of it."""

    class Lodged(case.Entered):
        """An appeal was made against what was decided of a dossier."""

        TOPIC = "appeal.lodged.v1"
        STATED_BY = ("appeal.lodge",)
        code: AppealCode
        dossier: UUID
        pole: UUID
        appeal_kind: AppealKind
        late: bool | None = None
        until: date | None = None
        """The last day on which it could be made, where that is known."""
        grounds: Annotated[Sealed | None, GROUNDS] = None
        persons: Persons = ()

    ENTERS = Lodged

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.code = ""
        self.dossier = UUID(int=0)
        self.pole = UUID(int=0)
        self.appeal_kind = AppealKind.GRACIOUS
        self.late: bool | None = None
        self.last_day: date | None = None
        """The last day on which it could be made, where that is known."""
        self.grounds: Sealed | None = None
        self.lodged_on = date.min
        self.persons: Persons = ()

    @classmethod
    def lodge(
        cls,
        *,
        code: str,
        dossier: UUID,
        pole: UUID,
        appeal_kind: AppealKind,
        late: bool | None,
        until: date | None,
        grounds: Sealed | None,
        persons: Persons,
        journey: str,
        stage: str,
        occurred_on: PartialDate,
        variables: Mapping[str, Stored] | None = None,
    ) -> "Appeal":
        """Make an appeal against what was decided of a dossier."""
        made = cls.new()
        made._lodged(
            code=code,
            dossier=dossier,
            pole=pole,
            appeal_kind=appeal_kind,
            late=late,
            until=until,
            grounds=grounds,
            persons=persons,
            journey=journey,
            stage=stage,
            occurred_on=occurred_on,
            variables=dict(variables or {}),
        )
        return made

    @property
    def number(self) -> int:
        """Which of the appeals about its dossier it is, as its code says."""
        told = self.code.rpartition("-")[2]
        return int(told) if told.isdigit() else 0

    @override
    def relations_on(self, day: date) -> frozenset[str]:
        """The pole whose dossier it is about."""
        return frozenset({f"pole:{self.pole}"})

    @override
    def facts_on(self, day: date, read: Read) -> AppealFacts:
        return AppealFacts(
            appeal=AboutAppealFacts(kind=self.appeal_kind, lodged_on=self.lodged_on, late=self.late)
        )

    @event(Lodged)
    def _lodged(
        self,
        *,
        code: str,
        dossier: UUID,
        pole: UUID,
        appeal_kind: AppealKind,
        late: bool | None,
        until: date | None,
        grounds: Sealed | None,
        persons: Persons,
        journey: str,
        stage: str,
        occurred_on: PartialDate,
        variables: Mapping[str, Stored],
    ) -> None:
        self.code, self.dossier, self.pole = code, dossier, pole
        self.appeal_kind, self.late, self.last_day = appeal_kind, late, until
        self.grounds, self.persons, self.lodged_on = grounds, persons, self.since
        self.begin(journey=journey, state=stage, occurred_on=occurred_on, variables=variables)
