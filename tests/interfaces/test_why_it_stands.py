"""Why something stands where it does, as people read it: on the command line, in the API, on pages.

What a step was given is told by its title in the journey, beside the stage and in every history.
"""

from collections.abc import Iterator
from contextlib import closing
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from application.announcement import AnnounceResults, WithdrawAward
from application.commitment import MoveCommitment
from application.commitment_stop import LiftSuspension, SuspendCommitment
from application.dossier import MoveDossier
from application.dossier_review import AssessCondition
from domain.award import WithdrawalGround
from domain.eligibility import ConditionId
from interfaces.server import create_app
from interfaces.wiring import Product, Settings
from tests import make
from tests.application.commitments import FUNDER, do, in_force
from tests.application.commitments import pole as registered
from tests.application.desk import Desk
from tests.application.dossiers import INSTRUCTOR, POLE, REJECT, SECRETARY, SELECT, WAVE, opened
from tests.interfaces.conftest import registry
from tests.interfaces.seasons import CALL
from tests.interfaces.shell import Seen, jalon

COMMITMENT = "pole-d-essai-engagement-1"
DEPARTS = "En quoi l'exécution s'écarte des objectifs ou des engagements"
HEARD = "Jour où le pôle a été entendu"
SUSPENDED_FOR, LIFTED_FOR = "le local est fermé", "le local a rouvert"
LATE = f"{CALL}-003"


@pytest.fixture(scope="module")
def money(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A commitment that was suspended, and goes on; another one that was ended."""
    with closing(registry(tmp_path_factory.mktemp("money") / "home")) as made:
        at = made.registry
        pole = registered(at)
        one, other = (in_force(at, pole) for _ in range(2))
        heard = make.day("2024-03-01")
        stop = SuspendCommitment(commitment=one, reasons=SUSPENDED_FOR, heard_on=heard)
        do(at, stop, FUNDER, "2024-03-05")
        do(at, LiftSuspension(commitment=one, reasons=LIFTED_FOR), FUNDER, "2024-05-02")
        ended = MoveCommitment(
            commitment=other, transition="terminate", input={"reasons": "le projet s'arrête"}
        )
        do(at, ended, FUNDER, "2024-06-01")
        made.follower.catch_up()
        yield made


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Product, Product]]:
    """A wave before its announcement, and after; then an award is withdrawn, a dossier reopened."""
    with (
        closing(_season(tmp_path_factory.mktemp("eve") / "home", announced=False)) as eve,
        closing(_season(tmp_path_factory.mktemp("told") / "home", announced=True)) as told,
    ):
        yield eve, told


def _season(home: Path, *, announced: bool) -> Product:
    settings, clock = Settings(home=home, database=""), make.Clock()
    make.begin(settings)
    product = Product(settings, clock)
    desk = Desk(product.registry, product.follower, product.lists, clock, settings.url)
    here = opened(desk, CALL)
    kept, left = here.eligible(1), here.eligible(2)
    refused, gone = here.submitted(3), here.submitted(4)
    found = AssessCondition(
        dossier=refused, condition=ConditionId.D3, met=False, reasons="rien n'y est neuf"
    )
    here.do(found, INSTRUCTOR)
    declared = MoveDossier(
        dossier=refused, transition="declare_ineligible", reason="lettre du 2 juin"
    )
    here.do(declared, INSTRUCTOR)
    here.do(MoveDossier(dossier=gone, transition="withdraw", reason="partenaire parti"), POLE)
    here.at("2024-07-01T10:00")
    here.rank([kept, left])
    here.brought(kept, left)
    here.session({kept: SELECT, left: REJECT})
    if announced:
        here.do(AnnounceResults(call=here.call, wave=WAVE), SECRETARY)
        here.at("2024-09-02T10:00")
        withdrawn = WithdrawAward(
            dossier=kept,
            award_ground=WithdrawalGround.UNLAWFUL,
            reasons="le plan était faux",
            heard_on=make.day("2024-08-30"),
        )
        here.do(withdrawn, SECRETARY)
        here.move(left, "reopen", SECRETARY, motive="erreur de droit")
    product.follower.catch_up()
    return product


def run(product: Product, *words: str) -> Seen:
    return jalon("--home", product.settings.home, *words)


def read(product: Product, path: str) -> str:
    """A page or an answer of the API, as people read it."""
    with TestClient(create_app(product)) as client:
        answer = client.get(path, headers={"accept": "text/html, application/json"})
    assert answer.status_code == 200, (path, answer.text[:400])
    return plain(answer.text)


def plain(said: str) -> str:
    return unescape(said).replace("\u202f", " ").replace("\xa0", " ")


# --- commitments --------------------------------------------------------------------------------


def test_every_history_says_why_a_commitment_was_suspended_and_that_the_pole_was_heard(
    money: Product,
) -> None:
    told = run(money, "commitment", "history", COMMITMENT).out
    of_pole = run(money, "pole", "history", "pole-d-essai").out
    for said in (told, of_pole):
        assert f"{DEPARTS[0].lower()}{DEPARTS[1:]} : {SUSPENDED_FOR}" in said
        assert "jour où le pôle a été entendu : le 1er mars 2024" in said
        assert f"pourquoi : {LIFTED_FOR}" in said
    for page in (f"/engagements-financiers/{COMMITMENT}", "/poles/pole-d-essai/histoire"):
        shown = read(money, page)
        assert f"{DEPARTS} : {SUSPENDED_FOR}" in shown
        assert f"{HEARD} : le 1er mars 2024" in shown
        assert f"Pourquoi : {LIFTED_FOR}" in shown

    with TestClient(create_app(money)) as client:
        lines = client.get(f"/api/commitments/{COMMITMENT}/history").json()["items"]
    (suspended,) = [line for line in lines if line["title"] == "Suspendre"]
    assert suspended["given"] == [
        {"id": "reasons", "title": DEPARTS, "value": SUSPENDED_FOR, "said": SUSPENDED_FOR},
        {"id": "heard_on", "title": HEARD, "value": "2024-03-01", "said": "le 1er mars 2024"},
    ]


def test_the_sheet_of_a_commitment_says_it_beside_the_suspension(money: Product) -> None:
    told = run(money, "commitment", "show", COMMITMENT).out
    ended = run(money, "commitment", "show", "pole-d-essai-engagement-2").out
    page = read(money, f"/engagements-financiers/{COMMITMENT}").partition('id="montants"')[0]
    earlier = run(money, "commitment", "show", COMMITMENT, "--in-force", "2024-04-01", "--json")

    for said in ("du 5 mars 2024 au 2 mai 2024", SUSPENDED_FOR, "le 1er mars 2024", LIFTED_FOR):
        assert said in told
    for said in (SUSPENDED_FOR, "le 1er mars 2024", LIFTED_FOR):
        assert said in page
    assert "pourquoi : le projet s'arrête" in ended
    (line,) = earlier.json["suspensions"]
    assert (line["since"], line["until"], line["given_then"]) == ("2024-03-05", None, [])


# --- dossiers -----------------------------------------------------------------------------------


def test_why_a_dossier_is_not_eligible_is_told_beside_its_stage_once_it_is_announced(
    results: tuple[Product, Product],
) -> None:
    eve, told = results
    for reasons in ("lettre du 2 juin", "rien n'y est neuf", "partenaire parti"):
        for name in (LATE, f"{CALL}-004"):
            for verb in ("show", "history"):
                assert reasons.lower() not in run(eve, "dossier", verb, name).out.lower()
            for path in (f"/dossiers/{name}", f"/api/dossiers/{name}"):
                assert reasons.lower() not in read(eve, path).lower()

    shown = run(told, "dossier", "show", LATE).out
    assert "pourquoi     lettre du 2 juin" in shown
    assert "condition non remplie. Rien n'y est neuf" in shown
    page = read(told, f"/dossiers/{LATE}").partition('id="depot"')[0]
    assert "Lettre du 2 juin" in page
    assert "condition non remplie. Rien n'y est neuf" in page
    why = run(told, "dossier", "show", LATE, "--json").json["stage_why"]
    assert why[0] == "lettre du 2 juin"
    reviewed = run(eve, "dossier", "show", LATE, "--as", "instructor").out
    assert "pourquoi     lettre du 2 juin" in reviewed


def test_a_reopening_says_why_at_once(results: tuple[Product, Product]) -> None:
    _, told = results
    name = f"{CALL}-002"
    assert "pourquoi : erreur de droit" in run(told, "dossier", "history", name).out
    assert "pourquoi     erreur de droit" in run(told, "dossier", "show", name).out
    assert "Pourquoi : erreur de droit" in read(told, f"/dossiers/{name}")
    assert "erreur de droit" in read(told, f"/api/dossiers/{name}/history")


def test_an_award_that_is_withdrawn_was_announced_as_an_award(
    results: tuple[Product, Product],
) -> None:
    _, told = results
    name = f"{CALL}-001"
    shown = plain(run(told, "dossier", "show", name).out)
    assert "décision     retenu, annoncée le 22 juillet 2024" in shown
    assert "soutien      10 000 €" in shown
    assert (
        "retrait      soutien retiré le 2 septembre 2024 : décision illégale, le pôle entendu "
        "le 30 août 2024" in shown
    )
    assert "étape        non retenu, depuis le 2 septembre 2024" in shown
    page = read(told, f"/dossiers/{name}")
    assert "non retenu, annoncée" not in f"{shown}{page}".lower()
    assert "<strong>Retenu</strong>" in page
    assert "Le pôle a été entendu le" in page
    listed = run(told, "dossier", "list", "--json").json["items"]
    (line,) = [line for line in listed if line["code"] == name]
    assert (line["outcome"], line["awarded"]) == ("selected", None)
    assert line["award_withdrawn_on"] == "2024-09-02"


def test_what_a_step_misses_is_named_as_it_is_given(results: tuple[Product, Product]) -> None:
    _, told = results
    step = ("dossier", "move", "--dossier", LATE, "--transition", "reopen_eligibility")
    seen = run(told, *step, "--reason", "x", "--as", "secretary")

    assert seen.code == 4
    assert "il manque « Pourquoi » (« motive », dans « input »)" in seen.err
