"""Corrections and retractions as a person makes them on the command line."""

import re
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient

from application.retraction import RetractFact
from domain.correction import (
    ActRestsOnIt,
    GoesWithIt,
    IsAnAct,
    OthersRestOnIt,
    WentWithAnother,
)
from domain.errors import JalonError
from interfaces.server import create_app
from interfaces.wiring import Product, Settings
from tests import make
from tests.interfaces.money import promise
from tests.interfaces.shell import HEADER, Seen, begun, jalon, refused

PAGE = {"accept": "text/html"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return begun(tmp_path)


@pytest.fixture
def pole(home: Path) -> str:
    given = ("--name", "Pôle des Essais", "--occurred-on", "2012")
    assert run(home, "pole", "register", *given).code == 0
    return "pole-des-essais"


def run(home: Path, *line: str | Path) -> Seen:
    return jalon("--home", home, *line)


def told(home: Path, pole: str, words: str) -> str:
    """The identity of the event of a history that says some words."""
    lines: list[dict[str, Any]] = run(home, "pole", "history", pole, "--json").json["items"]
    (found,) = (line["event_id"] for line in lines if words in line["detail"])
    return str(found)


def rename(home: Path, pole: str, name: str, *more: str) -> Seen:
    return run(home, "pole", "rename", "--pole", pole, "--name", name, *more)


def name_on(home: Path, pole: str, day: str) -> str:
    return str(run(home, "pole", "show", pole, "--in-force", day, "--json").json["name"])


def test_correcting_the_name_of_2014_leaves_that_of_2016(home: Path, pole: str) -> None:
    rename(home, pole, "Nom de 2014", "--occurred-on", "2014")
    rename(home, pole, "Nom de 2016", "--occurred-on", "2016")
    fact = told(home, pole, "Nom de 2014")

    done = rename(home, pole, "Nom relu", "--corrects", fact, "--reason", "Faute de frappe.")

    assert done.code == 0, done
    assert name_on(home, pole, "2015-01-01") == "Nom relu"
    assert name_on(home, pole, "2017-01-01") == "Nom de 2016"
    history = run(home, "pole", "history", pole).out
    assert "En 2014 — Changement de nom : Nom de 2014\n      rectifié le " in history
    assert "Changement de nom (rectification) : Nom relu" in history
    said = re.search(r"Rectifié : changement de nom \(n° (\d+) → n° (\d+)\) : Nom relu\n", done.out)
    assert said, done
    assert int(said[1]) < int(said[2])
    assert f"Événement : {told(home, pole, 'Nom relu')}\n" in done.out
    assert run(home, "audit", "verify").code == 0


def test_a_correction_of_what_was_corrected_meanwhile_says_by_whom(home: Path, pole: str) -> None:
    """Two read the same name, and both correct it: the second is told of the first."""
    rename(home, pole, "Nom de 2014", "--occurred-on", "2014")
    fact = told(home, pole, "Nom de 2014")
    rename(home, pole, "Nom relu", "--corrects", fact, "--reason", "Faute de frappe.")

    seen = rename(home, pole, "Nom lu autrement", "--corrects", fact, "--reason", "Mal lu.")

    relu = told(home, pole, "Nom relu")
    by = "rectifié entre-temps par tenue du registre (compte "
    refused(seen, 5, by, "Faute de frappe.", f"--corrects {relu}")
    assert name_on(home, pole, "2015-01-01") == "Nom relu"
    again = rename(home, pole, "Nom lu autrement", "--corrects", relu, "--reason", "Mal lu.")
    assert again.code == 0, again
    assert name_on(home, pole, "2015-01-01") == "Nom lu autrement"


def test_what_is_taken_back_uncovers_what_it_had_covered(home: Path, pole: str) -> None:
    rename(home, pole, "Nom d'un autre", "--occurred-on", "2014")
    fact = told(home, pole, "Nom d'un autre")

    line = ("fact", "retract", "--event", fact, "--reason", "Confondu.")
    assert re.search(
        r"Changement de nom : Nom d'un autre \(n° \d+\)", run(home, *line, "--dry-run").out
    )
    done = run(home, *line)

    assert done.code == 0, done
    assert name_on(home, pole, "2015-01-01") == "Pôle des Essais"
    history = run(home, "pole", "history", pole, "--details").out
    assert re.search(r"retiré le [^:]* \(n° \d+\)\n", history), history
    assert history.count("Confondu.") == 1
    assert "énoncé par : « jalon pole rename »" in history
    earlier = run(home, "pole", "history", pole, "--in-force", "2015-01-01").out
    assert re.search(r"retiré le [^:]* \(n° \d+\) : Confondu\.\n", earlier), earlier
    again = run(home, "fact", "retract", "--event", fact, "--reason", "Confondu.")
    refused(again, 4, "a été retiré")


@pytest.mark.parametrize(
    ("on", "told_on"), [("01/06/2014", "2014-06-01"), ("6/2014", "2014-06"), ("2014", "2014")]
)
def test_days_are_given_as_french_people_write_them(
    home: Path, pole: str, on: str, told_on: str
) -> None:
    assert rename(home, pole, "Nom de 2014", "--occurred-on", on).code == 0

    lines = run(home, "pole", "history", pole, "--json").json["items"]
    assert [one["occurred_on"] for one in lines if "Nom de 2014" in one["detail"]] == [told_on]
    for day, name in (("31/05/2014", "Pôle des Essais"), ("30/06/2014", "Nom de 2014")):
        if on != "2014":
            assert name_on(home, pole, day) == name
    members = ("--member-kind", "other_enterprise", "--name", "Coop", "--occurred-on", "1/2/2015")
    assert run(home, "pole", "add-member", "--pole", pole, *members).code == 0
    listed = run(home, "member", "list", "--pole", pole, "--json").json["items"]
    assert [one["occurred_on"] for one in listed] == ["2015-02-01"]
    with closing(Product(Settings(home=home, database=""))) as product:
        program = TestClient(create_app(product))
        page = program.get(f"/poles/{pole}?in_force=31/05/2013", headers=PAGE)
        answer = program.get(f"/api/poles/{pole}", params={"in_force": "31/05/2013"})
    assert 'value="2013-05-31"' in page.text, "the field of a day shows it again"
    assert answer.json()["name"] == "Pôle des Essais"


def test_what_rests_on_a_fact_is_named(home: Path, pole: str) -> None:
    kind = ("--member-kind", "other_enterprise")
    joined = run(home, "pole", "add-member", "--pole", pole, "--name", "Coop", *kind, "--json")
    left = ("--pole", pole, "--member", joined.json["id"])
    assert run(home, "pole", "end-membership", *left).code == 0
    fact = told(home, pole, "Coop (entreprise")

    seen = run(home, "fact", "retract", "--event", fact, "--reason", "Jamais venue.")

    refused(seen, 4, "Départ d'un membre")


def test_an_act_is_not_a_fact_and_says_what_undoes_it(home: Path, pole: str) -> None:
    claim = run(
        *(home, "claim", "record", "--statement", "Dit.", "--author", "Un réseau"),
        *("--source", "Un rapport", "--json"),
    )
    lines = run(home, "claim", "list", "--json").json["items"]
    assert claim.code == 0

    seen = run(home, "fact", "retract", "--event", lines[0]["fact"], "--reason", "Faux.")

    refused(seen, 4, "est un acte", f"jalon --home {home} claim retract")


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        (("--corrects", "{fact}"), 2, "Dites dans « reason »"),
        (("--corrects", "{fact}", "--reason", "Relu."), 4, "exactement ce qui est déjà"),
        (("--corrects", "{unknown}", "--reason", "Relu."), 1, "n'a pas d'événement"),
        (("--corrects", "hier", "--reason", "Relu."), 2, "n'est pas un identifiant"),
    ],
)
def test_a_correction_that_cannot_be_made_says_why(
    home: Path, pole: str, more: tuple[str, ...], code: int, words: str
) -> None:
    rename(home, pole, "Nom de 2014", "--occurred-on", "2014")
    fact = told(home, pole, "Nom de 2014")
    given = [part.format(fact=fact, unknown=uuid4()) for part in more]

    refused(rename(home, pole, "Nom de 2014", *given), code, words)


def test_another_command_does_not_correct_a_name(home: Path, pole: str) -> None:
    rename(home, pole, "Nom de 2014", "--occurred-on", "2014")
    fact = told(home, pole, "Nom de 2014")

    seen = run(
        *(home, "pole", "describe-activity", "--pole", pole, "--words", "Rien"),
        *("--corrects", fact, "--reason", "Relu."),
    )

    refused(seen, 4, f"« jalon --home {home} pole rename »")


def test_a_contest_of_a_corrected_fact_still_stands(home: Path, pole: str) -> None:
    rename(home, pole, "Nom de 2014", "--occurred-on", "2014")
    fact = told(home, pole, "Nom de 2014")
    contest = ("--about", fact, "--by-kind", "pole", "--version", "Un autre nom")
    assert run(home, "fact", "contest", *contest).code == 0

    rename(home, pole, "Nom relu", "--corrects", fact, "--reason", "Relu.")

    assert "contesté" in run(home, "pole", "show", pole).out
    relu = told(home, pole, "Nom relu")
    twice = ("--about", relu, "--by-kind", "pole", "--version", "Un autre nom")
    refused(run(home, "fact", "contest", *twice), 4)


def test_correcting_an_entry_in_the_register_keeps_its_code(home: Path, pole: str) -> None:
    fact = told(home, pole, "Pôle des Essais")

    given = ("--name", "Pôle des Épreuves", "--corrects", fact, "--reason", "Relu.")
    done = run(home, "pole", "register", *given)

    assert done.code == 0, done
    assert name_on(home, pole, "2013-01-01") == "Pôle des Épreuves"


def test_a_pole_recorded_by_mistake_is_read_as_it_was_known(home: Path, pole: str) -> None:
    size = run(home, "audit", "verify", "--json").json["size"]
    fact = told(home, pole, "Pôle des Essais")

    done = run(home, "fact", "retract", "--event", fact, "--reason", "Inscrit deux fois.")

    assert done.code == 0, done
    gone = ("« Pôle des Essais » a été retiré du registre le ", "« Inscrit deux fois. »")
    for verb in ("show", "history", "blame"):
        refused(run(home, "pole", verb, pole), 1, *gone, f"--known @{size}")
    refused(run(home, "pole", "show", pole, "--known", "@1"), 1, "n'était pas encore connu")
    for verb in ("show", "history", "blame"):
        assert "Pôle des Essais" in run(home, "pole", verb, pole, "--known", f"@{size}").out
    assert rename(home, pole, "Autre").code != 0
    with closing(Product(Settings(home=home, database=""))) as product:
        page = TestClient(create_app(product)).get(f"/poles/{pole}", headers=PAGE)
    assert page.status_code == 404
    assert "Retiré du registre" in page.text
    assert f'href="/poles/{pole}?known=%40{size}"' in page.text


def test_a_pole_entered_twice_is_taken_back_with_all_that_was_said_of_it(home: Path) -> None:
    """Nothing merged: the second entry never was a pole. What rests on it goes with it."""
    for name in ("Pôle des Landes (fictif)", "Pôle des Landes (doublon)"):
        run(home, "pole", "register", "--name", name, "--occurred-on", "2015")
    twice, once = "pole-des-landes-doublon", "pole-des-landes-fictif"
    kind = ("--member-kind", "other_enterprise")
    run(home, "pole", "add-member", "--pole", twice, "--name", "Coop fictive", *kind)
    run(home, "journey", "migrate", "pole@2026-11-23", "--pole", twice)
    issued = ("--code", "temoin", "--issuer", "Réseau fictif", "--ground", "Fondement fictif")
    witness = ("--recognition-kind", "witness_2012", "--occurred-on", "2015-06-01")
    assert run(home, "recognition", "record", "--pole", twice, *issued, *witness).code == 0
    size = run(home, "audit", "verify", "--json").json["size"]
    fact = told(home, twice, "Pôle des Landes (doublon)")
    line = ("fact", "retract", "--event", fact, "--reason", "Inscrit deux fois.")

    refused(run(home, *line), 4, "--whole")
    done = run(home, *line, "--whole")

    assert done.code == 0, done
    refused(run(home, "pole", "show", twice), 1, "a été retiré", f"--known @{size}")
    assert run(home, "recognition", "list", "--json").json["total"] == 0
    assert "Coop fictive" in run(home, "member", "list", "--known", f"@{size}").out
    assert run(home, "pole", "list", "--json").json["total"] == 1
    assert run(home, "pole", "show", once).code == 0
    assert run(home, "rebuild").code == 0
    assert run(home, "audit", "verify").code == 0


def test_a_merger_that_did_not_take_place_gives_back_the_pole_that_it_ended(home: Path) -> None:
    old, new = "pole-ancien-fictif", "pole-nouveau-fictif"
    for name in ("Pôle ancien (fictif)", "Pôle nouveau (fictif)"):
        run(home, "pole", "register", "--name", name, "--occurred-on", "2015")
    merged = ("pole", "merge", "--pole", old, "--into", new)
    assert run(home, *merged, "--occurred-on", "2020-01-01").code == 0
    fact = told(home, new, "par fusion")
    again = ("--corrects", fact, "--reason", "Lu sur le procès-verbal.")
    assert run(home, *merged, "--occurred-on", "2021-01-01", *again).code == 0
    between = run(home, "pole", "show", old, "--in-force", "2020-06-01", "--json").json["stage"]

    done = run(home, "fact", "retract", "--event", fact, "--reason", "N'a pas eu lieu.")

    assert (between, done.code) == ("emergence", 0), done
    assert run(home, "pole", "show", old, "--json").json["stage"] == "emergence"
    assert run(home, "succession", "list", "--json").json["total"] == 0
    assert run(home, "rebuild").code == 0


def test_a_recognition_told_again_leaves_the_step_that_only_came_with_it(home: Path) -> None:
    """An import records in one go a pole, its step and its recognition: each is its own fact."""
    file = home / "poles.csv"
    file.write_text(f"{HEADER}Pôle des Landes,,,Bretagne,2012,temoin_2012,probable,,,Liste\n")
    assert run(home, "import", "poles", file, "--apply").code == 0
    pole = "pole-des-landes"
    lines = run(home, "pole", "history", pole, "--json").json["items"]
    (fact,) = (one["event_id"] for one in lines if one["topic"] == "recognition.issued.v1")
    issued = ("--recognition-kind", "witness_2012", "--code", "temoin_2012", "--issuer", "Labo")
    again = ("--corrects", fact, "--reason", "Relu.", "--occurred-on", "2012-06-26")

    done = run(home, "recognition", "record", "--pole", pole, *issued, *again)

    assert done.code == 0, done
    assert "Fait retiré" not in done.out
    assert run(home, "pole", "show", pole, "--json").json["stage"] == "experimentation"


@pytest.fixture(scope="module")
def promised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry with things of many kinds around one pole; each test takes another one back."""
    home = begun(tmp_path_factory.mktemp("promised"))
    with closing(Product(Settings(home=home, database=""))) as product:
        promise(product)
    on = ("--pole", "pole-d-essai", "--occurred-on", "2025-03-01")
    parties = ("--funder", "Région fictive", "--beneficiary", "Association d'essai")
    sirets = ("--funder-siret", "73282932000074", "--beneficiary-siret", "55208131766522")
    promised = ("--object", "Atelier", "--amount", "1000")
    network = ("--network", "labo", "--capacity", "president", "--place", "Ville fictive")
    signed = ("--charter", "2014-09-19", "--signatory", "Personne fictive")
    twice = ("--pole", "pole-fictif-inscrit-deux-fois")
    issued = ("--code", "temoin", "--issuer", "Réseau fictif", "--ground", "Fondement fictif")
    witness = ("--recognition-kind", "witness_2012", "--occurred-on", "2015-06-01")
    for line in (
        ("pole", "register", "--name", "Pôle fictif inscrit deux fois", "--occurred-on", "2015"),
        ("recognition", "record", *twice, *issued, *witness),
        ("evaluation", "plan", *on, "--round-kind", "third_party"),
        ("commitment", "decide", *on, *parties, *sirets, *promised),
        ("charter", "sign-as-network", *on[2:], *network, *signed),
    ):
        done = run(home, *line)
        assert done.code == 0, done
    return home


def test_a_list_is_chosen_from_by_a_day_as_french_people_write_it(promised: Path) -> None:
    found = run(promised, "charter-signature", "list", "--charter", "19/09/2014", "--json").json

    assert found["total"]
    assert {line["charter"] for line in found["items"]} == {"2014-09-19"}


def test_what_a_refusal_names_is_undone_by_what_it_says(promised: Path) -> None:
    """Of every event: nothing is done here, and no refusal leads to one that says otherwise."""
    with closing(Product(Settings(home=promised, database=""))) as product:

        def refusal(event: object, *, whole: bool = False) -> JalonError | None:
            assert isinstance(event, UUID)
            command = RetractFact(event=event, whole=whole, reason="Saisi deux fois.")
            try:
                product.registry.do(command, make.by(), dry_run=True)
            except JalonError as error:
                return error
            return None

        met: set[type] = set()
        for row in product.journal.rows(0, 10_000):
            said = refusal(row.read().event.meta.event_id)
            met.add(type(said))
            named = said.details.get("event") if said else None
            match said:
                case OthersRestOnIt():
                    assert refusal(named) is None, said
                    assert refusal(row.read().event.meta.event_id, whole=True) is None
                case GoesWithIt():
                    assert refusal(row.read().event.meta.event_id, whole=True) is None
                case WentWithAnother():
                    assert not isinstance(refusal(named), IsAnAct), said
                case ActRestsOnIt():
                    assert isinstance(refusal(named), IsAnAct), said
                case IsAnAct():
                    assert "fact retract" not in str(said)
        assert {OthersRestOnIt, WentWithAnother, ActRestsOnIt, IsAnAct, type(None)} <= met


@pytest.mark.parametrize(
    ("kind", "questions", "page"),
    [
        ("charter-signature", ["charter receipt {id}"], "/signatures/{id}"),
        (
            "evaluation",
            ["evaluation show {code}", "evaluation history {code}", "evaluation why {code}"],
            "/evaluations/{code}",
        ),
        ("follow-up", ["follow-up show {code}"], "/comites-de-suivi/{code}"),
        (
            "commitment",
            ["commitment show {code}", "commitment blame {code}"],
            "/engagements-financiers/{code}",
        ),
    ],
)
def test_whatever_was_taken_back_says_when_and_why(
    promised: Path, kind: str, questions: list[str], page: str
) -> None:
    line = run(promised, kind, "list", "--json").json["items"][-1]
    size = run(promised, "audit", "verify", "--json").json["size"]
    fact = begins(promised, line["id"])

    taken = ("fact", "retract", "--event", fact, "--whole", "--reason", "Saisi deux fois.")
    done = run(promised, *taken)
    assert done.code == 0, done
    assert not re.search(r"[a-z]_[a-z]", done.out), "no code is shown raw"
    assert line["id"] not in done.out, "nothing goes on with it"

    for question in questions:
        asked = question.format(**line).split()
        told = ("a été retiré du registre le ", "« Saisi deux fois. »", f"--known @{size}")
        refused(run(promised, *asked), 1, *told)
        assert run(promised, *asked, "--known", f"@{size}").code == 0
    with closing(Product(Settings(home=promised, database=""))) as product:
        seen = TestClient(create_app(product)).get(page.format(**line), headers=PAGE)
    assert seen.status_code == 404
    assert "Retiré du registre" in seen.text
    assert f"{page.format(**line)}?known=%40{size}" in seen.text


def begins(home: Path, stream: str) -> str:
    """The event by which something begins."""
    with closing(Product(Settings(home=home, database=""))) as product:
        return str(product.registry.everything(UUID(stream))[0].event.meta.event_id)


def test_what_is_recorded_upon_a_pole_that_was_taken_back_names_it(home: Path, pole: str) -> None:
    fact = told(home, pole, "Pôle des Essais")
    run(home, "fact", "retract", "--event", fact, "--reason", "Inscrit deux fois.")

    seen = rename(home, pole, "Autre")

    refused(seen, 1, "« Pôle des Essais » a été retiré du registre le ", "« Inscrit deux fois. »")
