"""What is asked about personal data: requests of persons, what is kept of them and for how long."""

from application.command import By
from application.privacy_request_sheet import (
    PRIVACY_REQUESTS,
    PrivacyRequestSheet,
    PrivacyYear,
    may_read_requests,
    privacy_request_sheet,
    privacy_years,
)
from application.world import Moment
from domain.kernel import Role
from interfaces.looking import Looking


class PrivacyQuestions(Looking):
    """What is asked of persons' data; that somebody read what is not public is noted first."""

    def privacy_request(self, name: str, moment: Moment, by: By) -> PrivacyRequestSheet:
        """A request: whole for the delegate, for auditors without what is sealed."""
        may_read_requests(by)
        id_, with_words = self.find_thing(PRIVACY_REQUESTS.name, name), by.role is Role.DPO
        self.accesses.note(by, PRIVACY_REQUESTS.name, [id_], "words" if with_words else "sheet")
        return privacy_request_sheet(self.registry, id_, moment, with_words=with_words)

    def privacy_years(self, moment: Moment) -> list[PrivacyYear]:
        """How many requests were received, and answered in time, year by year."""
        return privacy_years(self.lists.bare(PRIVACY_REQUESTS, moment), moment.in_force)
