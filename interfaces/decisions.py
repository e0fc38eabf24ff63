"""What is asked of calls, committees, dossiers and money by its name, each at a moment."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterator
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from application.absent import absent
from application.appeal_sheet import AppealSheet, appeal_sheet
from application.call_sheet import CallSheet, call_at, call_sheet
from application.command import By
from application.commitment_sheet import CommitmentSheet, commitment_sheet
from application.dossier_sheet import DossierSheet, dossier_sheet, may_review
from application.follow_up_sheet import FollowUpSheet, follow_up_sheet
from application.funding_plan_sheet import FundingPlanSheet, funding_plan_sheet
from application.interest import (
    interests_of,
    must_be_disinterested,
    must_be_free_of_session,
    ranked_of_interest,
    without,
    without_sums,
)
from application.public_minutes import PublicMinutes, public_minutes
from application.session_lines import MinutesSheet, SessionResults, WaveResults
from application.session_reading import may_read, session_call
from application.session_results import session_minutes, session_results
from application.session_sheet import (
    CommitteeSheet,
    SessionSheet,
    committee_sheet,
    held,
    session_sheet,
)
from application.single_undertaking_sheet import DeMinimisSheet, asked_for, de_minimis_sheet
from application.wave_results import wave_results
from application.world import Moment, World
from domain.call import Call
from domain.committee import Committee
from domain.committee_refusals import UnknownCommittee
from domain.dates import paris_day
from domain.errors import NotFound
from domain.roles import Role
from domain.session_refusals import UnknownSession
from infrastructure.access_log import AccessLog
from infrastructure.event_store.registry import Registry

T = TypeVar("T")


class Decisions(ABC):
    """What a ministry, a committee and a funder ask; nothing is written.

    What a committee voted and decided is read before its announcement by those who may only;
    that they read it is noted before it is shown.
    """

    registry: Registry
    clock: Callable[[], datetime]
    accesses: AccessLog

    @abstractmethod
    def asked(self, key: Hashable, moment: Moment, question: Callable[[World], T]) -> T:
        """What a world answers about something, which is at hand if it was asked before."""

    @abstractmethod
    def find_thing(self, concept: str, name: str) -> UUID:
        """The thing of a list that an identity or a code means."""

    # Calls and committees.

    def call(self, name: str, moment: Moment) -> CallSheet:
        """A call: waves, money, committee, laureates that sources name, figures with sources."""
        id_ = self._call(name, moment)
        return self.asked(("call", id_), moment, lambda world: call_sheet(world, id_, moment))

    def committee(self, name: str, moment: Moment) -> CommitteeSheet:
        """The committee that a call, or its own identity, means; refused where there is none."""
        found = committee_sheet(self.registry, self._call_of_committee(name, moment), moment)
        if found is None:
            raise WithoutCommittee(name=name[:80])
        return found

    def session(self, name: str, moment: Moment) -> SessionSheet:
        """A session as everybody sees it: nothing of its results."""
        return session_sheet(self.registry, self._session(name, moment), moment)

    def announced_session(self, name: str, moment: Moment) -> SessionResults:
        """What is announced of what a session decided; no dossier before."""
        id_ = self._session(name, moment)
        return session_results(self.registry, id_, moment, is_public=True)

    def public_minutes(self, name: str, moment: Moment) -> PublicMinutes:
        """The public part of the minutes of a session; refused before it is announced."""
        return public_minutes(self.registry, self._session(name, moment), moment)

    def announced_waves(self, name: str, moment: Moment) -> list[WaveResults]:
        """What is announced of the waves of a call, one after the other; none before."""
        id_ = self._call_of_committee(name, moment)
        waves = [*self._waves(id_, moment)]

        def announced(world: World) -> list[WaveResults]:
            found = (wave_results(world, id_, wave, moment, is_public=True) for wave in waves)
            return [results for results in found if results.decisions]

        return self.asked(("announced waves", id_), moment, announced)

    def session_results(self, name: str, moment: Moment, by: By) -> SessionResults:
        """What a session voted and decided, announced or not, for those who may read it.

        What members said of their interests is opened for the secretary and auditors only. What
        whoever reads has an interest in is left out, and said to be.
        """
        id_ = self.find_thing("session", name)
        call = session_call(self.registry, id_)
        self._may_read(by, call)
        opened = by.role in (Role.SECRETARY, Role.AUDITOR)
        there = self._session(name, moment)
        found = session_results(self.registry, there, moment, with_words=opened)
        found = without(found, interests_of(self.registry, by, call, self._today))
        self.accesses.note(by, "session", [id_], "results")
        return found

    def minutes(self, name: str, moment: Moment, by: By) -> MinutesSheet:
        """The minutes of a session as they are made from what is recorded, for the same."""
        id_ = self.find_thing("session", name)
        self._may_read(by, session_call(self.registry, id_))
        must_be_free_of_session(self.registry, by, id_, self._today)
        found = session_minutes(self.registry, self._session(name, moment), moment)
        self.accesses.note(by, "session", [id_], "minutes")
        return found

    def wave_results(self, call: str, wave: str, moment: Moment, by: By) -> WaveResults:
        """The ranked list of a wave with its cut-off line, announced or not, for the same."""
        self._may_read(by, self.find_thing("call", call))
        found = self._ranked(self._call(call, moment), wave, moment, by)
        id_ = found.call
        self.accesses.note(by, "call", [id_], "ranking")
        return found

    def committee_results(
        self, name: str, moment: Moment, by: By
    ) -> tuple[list[SessionResults], list[WaveResults]]:
        """What a committee voted and decided, session by session, then wave by wave.

        But the waves in which something is ranked that whoever reads has an interest in.
        """
        id_ = self._call_of_committee(name, moment)
        self._may_read(by, id_)
        sessions = [session.code for session in self.committee(name, moment).sessions]
        waves = [
            self._ranked(id_, wave, moment, by)
            for wave in self._waves(id_, moment)
            if not ranked_of_interest(self.registry, by, id_, wave, self._today)
        ]
        found = [self.session_results(code, moment, by) for code in sessions]
        self.accesses.note(by, "call", [id_], "ranking")
        return found, waves

    def _ranked(self, call: UUID, wave: str, moment: Moment, by: By) -> WaveResults:
        interests = ranked_of_interest(self.registry, by, call, wave, self._today)
        must_be_disinterested(self.registry, by, interests, self._today)
        found = wave_results(self.registry, call, wave, moment)
        return without_sums(found, self.registry, by, self._today)

    @property
    def _today(self) -> date:
        return paris_day(self.clock())

    def _may_read(self, by: By, call: UUID) -> None:
        may_read(self.registry, by, call, self._today)

    def _waves(self, call: UUID, moment: Moment) -> Iterator[str]:
        for wave in call_at(self.registry, call, moment).waves_on(moment.in_force):
            yield wave.id

    def _call(self, name: str, moment: Moment) -> UUID:
        id_ = self.find_thing("call", name)
        found = self.registry.load(Call, id_, moment.known)
        if found is None or not found.state_on(moment.in_force):
            unknown = NotThereYet(name=found.title if found else name[:80])
            raise absent(self.registry, id_, unknown, moment.known)
        return id_

    def _call_of_committee(self, name: str, moment: Moment) -> UUID:
        try:
            committee = self.registry.load(Committee, self.find_thing("committee", name))
        except UnknownCommittee:
            committee = None
        return self._call(str(committee.call) if committee else name, moment)

    def _session(self, name: str, moment: Moment) -> UUID:
        id_ = self.find_thing("session", name)
        try:
            held(self.registry, id_, moment)
        except UnknownSession:
            raise NotThereYet(name=name[:80]) from None
        return id_

    # Dossiers, appeals, money.

    def dossier(self, name: str, moment: Moment) -> DossierSheet:
        """A dossier, and what is announced of it; of its review nothing before."""
        id_ = self._known("dossier", name, moment)
        return self.asked(("dossier", id_), moment, lambda world: dossier_sheet(world, id_, moment))

    def reviewed_dossier(self, name: str, moment: Moment, by: By) -> DossierSheet:
        """A dossier with its review, announced or not, for those who may read it.

        That somebody read what is not announced is noted first.
        """
        id_ = self._known("dossier", name, moment)
        announced = dossier_sheet(self.registry, id_, moment)
        if announced.review is not None:
            return announced
        may_review(self.registry, by, id_, self._today)
        self.accesses.note(by, "dossier", [id_], "review")
        return dossier_sheet(self.registry, id_, moment, reviewing=True)

    def appeal(self, name: str, moment: Moment) -> AppealSheet:
        """An appeal, but what it argues."""
        return appeal_sheet(self.registry, self._known("appeal", name, moment), moment)

    def commitment(self, name: str, moment: Moment) -> CommitmentSheet:
        """Both sides of a commitment: what the funder promised, what the pole undertook."""
        id_ = self._known("commitment", name, moment)
        return self.asked(
            ("commitment", id_), moment, lambda world: commitment_sheet(world, id_, moment)
        )

    def follow_up(self, name: str, moment: Moment) -> FollowUpSheet:
        """A follow-up committee: who sits, when it met, whether it is overdue, what it follows."""
        id_ = self._known("follow_up", name, moment)
        return self.asked(
            ("follow_up", id_), moment, lambda world: follow_up_sheet(world, id_, moment)
        )

    def funding_plan(self, project: str, moment: Moment) -> FundingPlanSheet:
        """The funding plan of a project, by its identity or its title."""
        return funding_plan_sheet(self.registry, self._known("project", project, moment), moment)

    def single_undertaking(self, siren: str, moment: Moment) -> DeMinimisSheet:
        """What an enterprise, and those that are one with it, may still be granted on the day."""
        return de_minimis_sheet(self.registry, asked_for(siren), moment)

    def _known(self, concept: str, name: str, moment: Moment) -> UUID:
        """The thing that a name means; refused where it was not recorded yet."""
        id_ = self.find_thing(concept, name)
        known = moment.known
        if not self.asked(("told", id_), moment, lambda world: bool(world.history(id_, known))):
            raise absent(self.registry, id_, NotThereYet(name=name[:80]), moment.known)
        return id_


class NotThereYet(NotFound):
    """What is there today was not on the date asked about."""

    code = "decisions.not_there_yet"
    fr = "« {name} » n'était pas encore au registre à la date demandée."
    en = "“{name}” was not in the register yet on that date."


class WithoutCommittee(NotFound):
    """A call whose committee is not recorded."""

    code = "committee.not_recorded"
    fr = (
        "Aucun comité n'est enregistré pour l'appel « {name} » à la date demandée. "
        "La coordination nationale ou le secrétariat du comité peut le composer."
    )
    en = (
        "No committee is recorded for the call “{name}” on that date. "
        "The national coordinator or the committee's secretary can constitute it."
    )
