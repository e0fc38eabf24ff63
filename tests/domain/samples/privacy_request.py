"""Requests to exercise rights, with every field of every event given."""

from collections.abc import Iterator

from domain.dates import PartialDate
from domain.exchange import Channel
from domain.kernel import Aggregate
from domain.privacy_ground import PrivacyRight, RefusalGround
from domain.privacy_request import PrivacyOutcome, PrivacyRequest
from infrastructure.reference import shipped_journeys
from tests import make
from tests.domain.samples.dossier import case_of_every_kind
from tests.domain.samples.of_every_kind import OTHER, SEALED


def samples(on: PartialDate) -> Iterator[Aggregate]:
    """Everything that is recorded of a request."""
    journey = next(j for j in shipped_journeys() if j.id == "privacy_request")
    made = PrivacyRequest.receive(
        OTHER,
        right=PrivacyRight.ERASURE,
        channel=Channel.MAIL,
        requester=SEALED,
        contact=SEALED,
        words=SEALED,
        received_on=on.first_day or make.TODAY,
        journey=journey.ref,
        stage="received",
        occurred_on=on,
        variables={"phase": "2"},
    )
    made.extend()
    made.decide(PrivacyOutcome.PARTLY, ground=RefusalGround.LEGAL_CLAIMS, motive=SEALED)
    made.carry_out(OTHER)
    made.answer(Channel.EMAIL)
    case_of_every_kind(made, journey, "received", "check_identity", "identified", on)
    yield made
