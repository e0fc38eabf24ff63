"""What is asked about personal data: requests of persons, what is kept of them and for how long."""

from uuid import UUID

from application.blame import ValueBlame
from application.changed import CaseChanges, Compared
from application.command import By
from application.exchange import may_watch
from application.member_reading import NamedMember, may_name, named_member
from application.privacy_request_sheet import (
    PRIVACY_REQUESTS,
    PrivacyRequestSheet,
    PrivacyYear,
    may_read_requests,
    privacy_request_sheet,
    privacy_years,
)
from application.private_reading import may_ask_of_all
from application.processing import ProcessingRegister, processing_register
from application.retention import DueReport, due_report
from application.world import Moment
from domain.dates import paris_day
from domain.errors import Forbidden
from domain.roles import ROLES, Role
from interfaces.case_questions import CaseQuestions


class PrivacyQuestions(CaseQuestions):
    """What is asked of persons' data; that somebody read what is not public is noted first."""

    controller = dpo = ""
    """Who is responsible for the data, and how to reach the delegate, as the settings say."""

    def privacy_request(self, name: str, moment: Moment, by: By) -> PrivacyRequestSheet:
        """A request: whole for the delegate, for auditors without what is sealed."""
        may_read_requests(self.registry, by, paris_day(self.clock()))
        id_, with_words = self.find_thing(PRIVACY_REQUESTS.name, name), by.role is Role.DPO
        self.accesses.note(by, PRIVACY_REQUESTS.name, [id_], "words" if with_words else "sheet")
        return privacy_request_sheet(self.registry, id_, moment, with_words=with_words)

    def privacy_request_blame(
        self, name: str, by: By, moment: Moment, field: str | None = None
    ) -> list[ValueBlame]:
        """Whence comes each value of a request, to who may read it; names and words left aside."""
        self._note_request(name, by)
        return self.blame(PRIVACY_REQUESTS.name, name, moment, field)

    def privacy_request_changes(
        self,
        name: str,
        by: By,
        compared: Compared,
        start: str,
        end: str | None = None,
        **axes: str | None,
    ) -> CaseChanges:
        """What changed of a request, to who may read it; names and words left aside."""
        self._note_request(name, by)
        return self.changes(PRIVACY_REQUESTS.name, name, compared, start, end, **axes)

    def _note_request(self, name: str, by: By) -> None:
        may_read_requests(self.registry, by, paris_day(self.clock()))
        id_ = self.find_thing(PRIVACY_REQUESTS.name, name)
        self.accesses.note(by, PRIVACY_REQUESTS.name, [id_], "sheet")

    def privacy_years(self, moment: Moment) -> list[PrivacyYear]:
        """How many requests were received, and answered in time, year by year."""
        return privacy_years(self.lists.bare(PRIVACY_REQUESTS, moment), moment.in_force)

    def named_member(self, id_: UUID, by: By, moment: Moment) -> NamedMember:
        """A member by its name; that somebody read that of a person is noted first."""
        may_name(self.registry, by, id_, paris_day(self.clock()))
        self.accesses.note(by, "member", [id_], "name")
        return named_member(self.registry, id_, moment)

    def privacy_due(self, moment: Moment, by: By) -> DueReport:
        """What falls due by a day, counted and thing by thing; nothing of it is opened."""
        may_watch(self.registry, by, paris_day(self.clock()))
        found = due_report(self.registry, moment)
        return found.model_copy(update={"readings": self.accesses.past(moment.in_force)})

    def purge_readings(self, by: By) -> int:
        """Delete the readings noted more than a year ago; gives how many."""
        if by.role is not Role.DPO:
            raise Forbidden(roles=ROLES[Role.DPO])
        may_ask_of_all(self.registry, by, paris_day(self.clock()))
        return self.accesses.purge(by)

    def processing(self) -> ProcessingRegister:
        """The register of processing, which is the same whatever is recorded."""
        return processing_register(controller=self.controller, dpo=self.dpo)
