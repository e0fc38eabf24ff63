"""Two distinct persons, through commands: an account under a mandate is still that account."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from application.command import By, Command
from application.contest import AnswerContest, ContestFact
from application.contribution import PublishContribution, SendContribution
from application.document import AcceptDocument, FileDocument
from application.mandate import GiveMandate
from application.recognition import ConfirmFinding, ProposeFinding
from application.undertaking import AssessUndertaking, ReportUndertaking
from domain.contest import AnsweredByTheSame, ContestedBy, ContestOutcome
from domain.contribution import ContributionId, OwnContribution
from domain.document import DocumentId, OwnDocument
from domain.errors import JalonError
from domain.filing import DocumentKind
from domain.pole import PoleId
from domain.provenance import MandateId
from domain.recognition import RecognitionId, SamePerson
from domain.roles import Role
from domain.undertaking import OwnReport, UndertakingFinding, UndertakingId
from domain.values import Personal
from tests.application.desk import Desk, desk, person
from tests.application.test_charter import publish, sign, signature
from tests.documents import pdf

HAND, OTHER = person(1), person(2)


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk(tmp_path_factory.mktemp("two")) as made:
        yield made


@pytest.fixture(scope="module")
def pole(at: Desk) -> PoleId:
    return at.pole()


def acting_for_another(at: Desk, role: Role) -> By:
    """The same account, for an organisation."""
    given = GiveMandate(
        holder=HAND.actor,
        principal="organisation:Réseau inventé",
        for_role=role,
        relation="everywhere",
    )
    mandate = MandateId(at.do(given, by=OTHER))
    return person(1, role).model_copy(update={"on_behalf_of": mandate})


@pytest.fixture(scope="module")
def undertaken(at: Desk, pole: PoleId) -> list[UUID]:
    """What the pole undertook by signing; each test takes one."""
    publish(at.registry)
    signed = at.do(sign(pole, "2022-06-01", follow_up=True), by=OTHER)
    return [*signature(at.registry, signed).undertakings]


CASES: dict[str, tuple[type[JalonError], Role, Role]] = {
    "document": (OwnDocument, Role.REGISTRAR, Role.REGISTRAR),
    "contest": (AnsweredByTheSame, Role.REGISTRAR, Role.REGISTRAR),
    "contribution": (OwnContribution, Role.PUBLIC, Role.MODERATOR),
    "undertaking": (OwnReport, Role.REGISTRAR, Role.COORDINATOR),
    "finding": (SamePerson, Role.REGISTRAR, Role.REGISTRAR),
}


def first(at: Desk, pole: PoleId, undertaken: list[UUID], what: str) -> Command:
    match what:
        case "document":
            return FileDocument(content=pdf(), kind=DocumentKind.LETTER, pole=pole)
        case "contest":
            fact = at.registry.history(pole)[0].event.meta.event_id
            said = Personal(text="Un autre nom.")
            who = Personal(text="Dominique Exemple")
            return ContestFact(about=fact, by_kind=ContestedBy.PERSON, person=who, version=said)
        case "contribution":
            return SendContribution.model_validate(
                {"pole": pole, "author": "Dominique Exemple", "text": "Bravo."}
            )
        case "undertaking":
            return ReportUndertaking(undertaking=UndertakingId(undertaken.pop()), words="fait")
    return ProposeFinding(pole=pole, code="constat", issuer="Registre", evidence=("statuts",))


def second(what: str, id_: UUID) -> Command:
    match what:
        case "document":
            return AcceptDocument(document=DocumentId(id_))
        case "contest":
            outcome = ContestOutcome.REJECTED
            return AnswerContest(contest=id_, outcome=outcome, reasons="Vérifié.")
        case "contribution":
            return PublishContribution(contribution=ContributionId(id_))
        case "undertaking":
            found = UndertakingFinding.KEPT
            return AssessUndertaking(undertaking=UndertakingId(id_), assessment=found, reasons="vu")
    return ConfirmFinding(recognition=RecognitionId(id_))


@pytest.mark.parametrize("is_first_for_another", [True, False], ids=["for", "then-for"])
@pytest.mark.parametrize("what", CASES)
def test_acting_for_another_makes_no_second_person(
    at: Desk, pole: PoleId, undertaken: list[UUID], what: str, is_first_for_another: bool
) -> None:
    refusal, one, two = CASES[what]
    begins = acting_for_another(at, one) if is_first_for_another else person(1, one)
    goes_on = person(1, two) if is_first_for_another else acting_for_another(at, two)
    id_ = at.do(first(at, pole, undertaken, what), by=begins)

    with pytest.raises(refusal):
        at.do(second(what, id_), by=goes_on)
