"""A home in which a funder has promised money to a pole, with all that is around it; fictitious."""

from application.charter import PublishCharter
from application.charter_signature import FollowUpSignature, SignCharter
from application.follow_up import ConstituteFollowUp, RecordMeeting, SeatFunder
from application.funding_plan import AskFunder, DrawUpPlan, SetCost, WithdrawFunder
from application.project import ProposeProject
from application.single_undertaking import AttestAids, DeclareAid, LinkUndertakings
from application.undertaking import ExtendUndertaking
from domain.charter import CharterSignature, CharterSignatureId
from domain.charter_text import CharterKind
from domain.dates import PartialDate
from domain.follow_up import FollowUpId
from domain.follow_up_facts import FunderSeat
from domain.pole import PoleId
from domain.project import ProjectId
from domain.undertaking import UndertakingId
from infrastructure.event_store.registry import Registry
from interfaces.wiring import Product
from tests import make
from tests.application.commitments import FUNDER, POLE, account_for, do, in_force, paid
from tests.application.commitments import pole as registered

COMMITMENT = "pole-d-essai-engagement-1"
FOLLOW_UP = "pole-d-essai-suivi"
SIREN, SISTER = "732829320", "552081317"
PROJECT = "Ressourcerie fictive"
CHARTER = (
    "Charte fictive\n\nI. Objet\n\nUne phrase.\n\nII. Engagements\n\n"
    "Les signataires s'engagent à :\n\n- se réunir ;\n- rendre compte.\n"
)


def promise(product: Product) -> None:
    """Record it all: two tranches, one of them paid; a charter; a plan that its funder left."""
    at = product.registry
    pole = registered(at)
    propose = ProposeProject(pole=pole, title=PROJECT, words="collecte et vente")
    project = ProjectId(do(at, propose, make.by(), "2023-01-02"))
    made = in_force(at, pole, project=project)
    paid(at, made, "first", "2024-02-01")
    account_for(at, made, 2024, "2025-03-01")
    _sign(at, pole)
    follow_up = FollowUpId(do(at, ConstituteFollowUp(pole=pole), FUNDER, "2024-02-01"))
    seat = SeatFunder(
        follow_up=follow_up,
        organisation="Ministère d'essai",
        seat=FunderSeat.MINISTRY,
        office="bureau des pôles",
    )
    do(at, seat, FUNDER, "2024-02-02")
    met = RecordMeeting(
        follow_up=follow_up, present=("Ministère d'essai",), conclusions="Le projet avance."
    )
    do(at, met, FUNDER, "2024-03-01")
    _plan(at, project)
    for siren, name, on in (
        (SIREN, "Association d'essai", "2024-03-01"),
        (SISTER, "Sœur", "2024-04-01"),
    ):
        aid = {"siren": siren, "name": name, "authority": "Région fictive", "amount": "30000"}
        do(at, DeclareAid.model_validate(aid), make.by(), on)
    link = LinkUndertakings(siren=SIREN, other=SISTER, why="majorité des voix")
    do(at, link, make.by(), "2025-01-01")
    do(at, AttestAids(siren=SIREN), make.by(), "2024-05-01")


def _sign(at: Registry, pole: PoleId) -> None:
    text = PublishCharter(
        text=CHARTER, charter_kind=CharterKind.NATIONAL, version=PartialDate("2014-09-19")
    )
    at.do(text, make.by())
    given = {"capacity": "president", "place": "Romans", "signatory": "Jeanne Exemple"}
    signing = SignCharter.model_validate(
        {
            **given,
            "pole": pole,
            "charter": "2014-09-19",
            "variant": "existing_pole",
        }
    )
    signed = CharterSignatureId(do(at, signing, make.by(), "2023-06-01"))
    at.do(FollowUpSignature(signature=signed), make.by())
    signature = at.load(CharterSignature, signed)
    assert signature
    first = UndertakingId(signature.undertakings[0])
    extended = ExtendUndertaking(undertaking=first, due=make.day("2024-09-01"), reasons="convenu")
    do(at, extended, make.by(), "2023-07-01")


def _plan(at: Registry, project: ProjectId) -> None:
    do(at, DrawUpPlan(project=project), POLE, "2024-01-02")
    cost = SetCost.model_validate({"project": project, "title": "Loyers", "amount": "80000,50"})
    do(at, cost, POLE, "2024-01-03")
    asked = {"project": project, "funder": "Ministère d'essai", "reason_without": "fictif"}
    do(at, AskFunder.model_validate({**asked, "amount": "60000"}), POLE, "2024-01-04")
    withdrawn = WithdrawFunder(
        project=project, funder="Ministère d'essai", reasons="priorités revues"
    )
    do(at, withdrawn, FUNDER, "2025-06-01")
