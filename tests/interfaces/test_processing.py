"""Personal data at every door: requests of persons, what is due, the register, who read what."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from domain.roles import ROLES, Role
from interfaces.server import create_app
from interfaces.wiring import Product, Settings
from tests import make
from tests.interfaces.shell import Seen, jalon, refused

NAME = "Camille Exemple"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    make.begin(Settings(home=tmp_path / "home", database=""))
    return tmp_path / "home"


@pytest.fixture
def product(home: Path) -> Iterator[Product]:
    with closing(Product(Settings(home=home, database=""))) as made:
        made.follower.catch_up()
        yield made


@pytest.fixture
def anyone(product: Product) -> Iterator[TestClient]:
    with TestClient(create_app(product), raise_server_exceptions=False) as client:
        yield client


def run(home: Path, *words: str) -> Seen:
    return jalon("--home", home, *words)


def done(home: Path, *words: str) -> str:
    """The code of what a command made, or its identity where it has none."""
    seen = run(home, *words)
    assert seen.code == 0, seen
    return seen.out.split()[-1]


def received(home: Path, right: str = "access", **more: str) -> str:
    """The code of a request that has just come."""
    given = [
        part for name, value in more.items() for part in (f"--{name.replace('_', '-')}", value)
    ]
    line = ["privacy-request", "receive", "--right", right, "--channel", "email"]
    code = done(home, *line, "--requester", NAME, *given)
    lines = run(home, "privacy-request", "list", "--json").json["items"]
    assert code in {line["code"] for line in lines}
    return code


def readings(home: Path) -> list[tuple[str, str, str]]:
    """What was noted of the readings: in which role, of which part of what."""
    lines = run(home, "access", "list", "--as", "dpo", "--json").json["items"]
    return [(line["role"], line["concept"], line["part"]) for line in lines]


# --- requests -----------------------------------------------------------------------------------


def test_the_delegate_goes_through_a_request_on_the_command_line(home: Path) -> None:
    code = received(home, "erasure", words="Effacez mon nom.")
    shown = run(home, "privacy-request", "show", code).out

    assert NAME in shown
    assert "Effacez mon nom." in shown
    for line in (
        ["move", "--transition", "check_identity", "--input", '{"means": "questions"}'],
        ["extend", "--motive", "complexity"],
        ["decide", "--outcome", "partly", "--refusal-ground", "legal_claims"],
        ["carry-out"],
        ["answer", "--channel", "email"],
    ):
        done(home, "privacy-request", *line, "--request", code, "--as", "dpo")
    sheet = run(home, "privacy-request", "show", code).out
    assert "répondue" in sheet
    assert "droits en justice (RGPD, art. 17(3)(e) et 21(1))" in sheet
    assert "la complexité de la demande" in sheet
    assert NAME not in run(home, "privacy-request", "list").out


def test_who_is_no_delegate_is_refused_in_one_sentence(home: Path) -> None:
    code = received(home)

    read = refused(run(home, "privacy-request", "show", code, "--as", "registrar"), 4)
    refused(run(home, "privacy-request", "list", "--as", "coordinator"), 4, "auditeur")
    decide = ["privacy-request", "decide", "--request", code, "--outcome", "granted"]
    refused(run(home, *decide), 4, "délégué")

    assert "délégué à la protection des données" in read


def test_wrong_answers_are_said_in_one_sentence(home: Path) -> None:
    code = received(home)
    refused(run(home, "privacy-request", "show", "droits-2024-zzz"), 1, "code")
    receive = ["privacy-request", "receive", "--channel", "email", "--right"]
    unknown = refused(run(home, *receive, "oubli", "--requester", NAME), 2)
    assert "erasure (effacement)" in unknown, "a code is told with what it means"
    refused(run(home, *receive, "access", "--requester", ""), 2, "« --requester » ne peut pas")
    for name in (" ", "A" * 201, f"{NAME}\nDominique Fictif"):
        refused(run(home, *receive, "access", "--requester", name), 2)
    later = ["--occurred-on", "2999-01-01"]
    refused(run(home, *receive, "access", "--requester", NAME, *later), 4, "2999")
    words = ["--reason", f"{NAME} insiste"]
    said = refused(run(home, *receive, "access", "--requester", NAME, *words), 2, "scellé")
    assert NAME not in said
    check = ["move", "--transition", "check_identity", "--input", '{"means": "flair"}']
    refused(run(home, "privacy-request", *check, "--request", code, "--as", "dpo"), 4)


def test_every_reading_of_a_request_is_noted_and_tells_nothing_of_it(home: Path) -> None:
    code = received(home)  # the list was read to find it
    run(home, "privacy-request", "show", code)
    run(home, "privacy-request", "show", code, "--as", "auditor")
    refused(run(home, "privacy-request", "show", code, "--as", "funder"), 4)

    assert readings(home) == [
        ("dpo", "privacy_request", "line"),
        ("dpo", "privacy_request", "words"),
        ("auditor", "privacy_request", "sheet"),
    ]
    seen = run(home, "access", "list", "--as", "auditor")
    assert NAME not in seen.out
    assert "demande d'exercice de droits" in seen.out
    (told, *_) = [line for line in seen.out.splitlines() if "sans le nom ni les mots" in line]
    assert "l'opérateur" in told
    assert told.endswith(code)
    assert code not in run(home, "access", "list", "--as", "registrar").out, "not for them"


def test_a_list_of_several_things_is_one_reading_and_names_none_by_its_identity(home: Path) -> None:
    for _ in range(4):
        received(home)
    run(home, "privacy-request", "list")

    (_, last, *_, total) = run(home, "access", "list", "--as", "dpo").out.splitlines()

    assert last.count("droits-") == 3
    assert last.endswith("(4 en tout)")
    assert total == "5 lectures."
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", last)


def test_an_auditor_reads_it_without_the_name(home: Path) -> None:
    code = received(home)

    seen = run(home, "privacy-request", "show", code, "--as", "auditor")

    assert seen.code == 0
    assert NAME not in seen.out
    assert "réservé au délégué" in seen.out


def test_what_changed_of_a_request_is_told_to_who_may_read_it_and_noted(
    home: Path, anyone: TestClient, product: Product
) -> None:
    code = received(home, words="Montrez-moi tout.", occurred_on="2026-01-05")
    check = ["move", "--transition", "check_identity", "--input", '{"means": "questions"}']
    done(home, "privacy-request", *check, "--request", code, "--as", "dpo")
    product.follower.catch_up()
    before = len(readings(home))

    origins = run(home, "privacy-request", "blame", code)
    learned = run(
        home, "privacy-request", "diff", code, "--from", "2026-01-10", "--role", "auditor"
    )
    refused(run(home, "privacy-request", "blame", code, "--role", "funder"), 4, "délégué")
    token = {"authorization": f"Bearer {product.token}"}
    path = f"/api/privacy-requests/{code}"

    assert "Étape : Identité vérifiée" in origins.out
    assert "avant : Reçue\n      après : Identité vérifiée" in learned.out
    for seen in (origins, learned):
        assert seen.code == 0, seen
        assert "Cette lecture est notée." in seen.out
        assert NAME not in seen.out
        assert "Montrez-moi tout" not in seen.out
    assert readings(home)[before:] == [
        ("dpo", "privacy_request", "sheet"),
        ("auditor", "privacy_request", "sheet"),
    ]
    for question in ("blame", "diff?from=2026-01-10"):
        assert anyone.get(f"{path}/{question}").status_code == 403
        found = anyone.get(f"{path}/{question}", headers=token)
        assert found.status_code == 200
        assert NAME not in found.text


def test_it_waits_for_the_delegate_and_for_nobody_else(home: Path, anyone: TestClient) -> None:
    code = received(home)

    waiting = {
        role: code in run(home, "inbox", "--role", role).out for role in ROLES if role != "system"
    }

    assert [role for role, waits in waiting.items() if waits] == [Role.DPO]
    assert "Réponse à la personne : échéance" in run(home, "inbox", "--role", "dpo").out
    for path in ("/a-faire", "/a-faire?role=dpo", "/en-attente?days=0", "/api/stalls?days=0"):
        assert code not in anyone.get(path).text
    assert code not in anyone.get("/api/inbox?role=dpo").text


def test_without_the_token_only_how_many_there_were_is_read(
    home: Path, anyone: TestClient, product: Product
) -> None:
    code = received(home)
    product.follower.catch_up()
    token = {"authorization": f"Bearer {product.token}"}

    for path in ("/api/privacy-requests", f"/api/privacy-requests/{code}"):
        assert anyone.get(path).status_code == 403
        registrar = anyone.get(path, headers={**token, "jalon-role": "registrar"})
        assert registrar.status_code == 403
        assert code not in registrar.text
    assert anyone.get("/api/privacy-requests/years").json()["items"][0]["received"] == 1
    line = anyone.get("/api/privacy-requests", headers=token).json()["items"][0]
    sheet = anyone.get(f"/api/privacy-requests/{code}", headers=token).json()
    assert line["code"] == code
    assert NAME not in str(line)
    assert sheet["requester"] == NAME
    auditor = anyone.get(
        f"/api/privacy-requests/{code}", headers={**token, "jalon-role": "auditor"}
    )
    assert NAME not in auditor.text


def test_no_page_and_no_public_route_tells_of_a_request(
    home: Path, anyone: TestClient, product: Product
) -> None:
    code = received(home)
    product.follower.catch_up()

    assert code not in anyone.get("/listes").text
    for path in (f"/api/privacy-requests/{code}/history", f"/api/privacy-requests/{code}/why"):
        assert anyone.get(path).status_code == 404


def test_a_term_that_passed_is_recorded_by_the_clock_and_waits_for_the_delegate(
    home: Path,
) -> None:
    code = received(home, occurred_on="2026-01-05")

    assert run(home, "tick").code == 0
    run(home, "tick")
    shown = run(home, "privacy-request", "show", code).out
    waiting = run(home, "inbox", "--role", "dpo").out

    assert shown.count("Échéance dépassée") == 1
    assert "échéance le 5 février 2026, dépassée" in waiting
    assert run(home, "privacy-request", "years", "--json").json["items"][0]["overdue"] == 1


# --- what falls due, and the register -----------------------------------------------------------


def test_what_falls_due_is_said_field_by_field_and_thing_by_thing(home: Path) -> None:
    code = received(home)
    shown = run(home, "privacy-request", "list", "--json").json["items"][0]["id"]

    today = run(home, "privacy", "due")
    later = run(home, "privacy", "due", "--in-force", "2999-01-01", "--things")

    assert today.out.endswith(": 0 valeur échue.\n")
    assert "Le nom de qui exerce un droit — personnes qui exercent leurs droits" in today.out
    assert f"{shown}  le nom de qui exerce un droit (Demande reçue)" in later.out
    assert "    à l'occasion : Demande reçue\n" in today.out
    assert ".v1" not in today.out + later.out
    assert "privacy_request.received.v1, requester" in run(home, "privacy", "due", "--details").out
    assert "retenu : cette demande est en cours" in later.out
    assert later.out.endswith(": 0 valeur échue, 1 retenue pour un motif.\n")
    assert NAME not in today.out + later.out
    assert code


def test_what_falls_due_is_for_those_who_watch(
    home: Path, anyone: TestClient, product: Product
) -> None:
    refused(run(home, "privacy", "due", "--as", "funder"), 4, "délégué")
    refused(run(home, "privacy", "due", "--in-force", "demain"), 2, "demain")
    token = {"authorization": f"Bearer {product.token}"}

    assert anyone.get("/api/privacy/due").status_code == 403
    funder = anyone.get("/api/privacy/due", headers={**token, "jalon-role": "funder"})
    assert funder.status_code == 403
    assert anyone.get("/api/privacy/due", headers=token).json()["fields"] == []


def test_the_register_of_processing_is_read_by_everybody(home: Path, anyone: TestClient) -> None:
    told = run(home, "privacy", "register").out
    kept = run(home, "privacy", "register", "--json").json
    sheet = run(home, "privacy", "register", "--csv").out
    refused(run(home, "privacy", "register", "--csv", "--json"), 2)

    assert "Responsable : pas encore nommé par qui tient ce registre" in told
    page = anyone.get("/donnees-personnelles").text
    assert "pas encore nommé par qui tient ce registre" in page
    assert "JALON_" not in told + page, "settings are for who runs it"
    assert anyone.get("/api/privacy/register").json() == kept
    assert sheet.startswith("traitement,données,personnes,base,conservation,source,destinataires")
    assert sheet.count("\n") == 1 + sum(len(of["data"]) for of in kept["processings"])


def test_settings_name_who_is_responsible(home: Path) -> None:
    line = ("privacy", "register")
    named = {"JALON_CONTROLLER": "Réseau fictif", "JALON_DPO": "dpo@exemple.fr"}

    told = jalon("--home", home, *line, **named).out

    assert "Responsable : Réseau fictif" in told
    assert "Délégué à la protection des données : dpo@exemple.fr" in told


def test_the_page_tells_ones_rights_and_counts_the_requests(
    home: Path, anyone: TestClient, product: Product
) -> None:
    code = received(home, "erasure")
    product.follower.catch_up()

    page = anyone.get("/donnees-personnelles", headers={"accept": "text/html"}).text
    text = page.replace("\u00a0", " ").replace("&#39;", "'")

    assert "RGPD, art. 17" in text
    assert "Attester qui a signé la charte, et en quelle qualité" in text
    assert '<td role="cell" data-label="Reçues">1</td>' in text
    assert code not in text
    assert NAME not in text
    assert 'href="/donnees-personnelles"' in anyone.get("/poles").text


# --- members who are persons --------------------------------------------------------------------


def joined(home: Path, *words: str) -> tuple[str, str]:
    """A pole, and the member who has just joined it."""
    pole = done(home, "pole", "register", "--name", "Pôle fictif des Essais")
    return pole, done(home, "pole", "add-member", "--pole", pole, *words)


CITIZEN = ("--member-kind", "citizen", "--person", NAME)
TRADER = ("--member-kind", "other_enterprise", "--legal-form", "1000", "--person", NAME)


@pytest.mark.parametrize(
    ("words", "called"),
    [(CITIZEN, "une personne physique"), (TRADER, "un entrepreneur individuel")],
    ids=["citizen", "trader"],
)
def test_a_person_is_counted_and_named_nowhere(
    home: Path, anyone: TestClient, product: Product, words: tuple[str, ...], called: str
) -> None:
    pole, member = joined(home, *words)
    product.follower.catch_up()

    told = [
        run(home, "member", "list").out,
        run(home, "member", "list", "--json").out,
        run(home, "pole", "show", pole).out,
        run(home, "pole", "history", pole).out,
        anyone.get("/api/members").text,
        anyone.get(f"/api/poles/{pole}").text,
        anyone.get("/membres").text,
        anyone.get(f"/poles/{pole}").text,
    ]

    for text in told:
        assert NAME not in text
        assert called in text.casefold()
    assert "personnes physiques en tout : 1" in told[2]
    assert f'"{member}"' in told[1]


def test_a_person_is_named_to_those_who_may_read_it_and_that_is_noted(home: Path) -> None:
    _, member = joined(home, *TRADER)

    for role in ("coordinator", "funder", "auditor", "public"):
        refused(run(home, "member", "show", member, "--as", role), 4, "rôle")
    refused(run(home, "member", "show", member, "--as", "pole_representative"), 4, "mandat")
    refused(run(home, "member", "show", "00000000-0000-0000-0000-000000000000"), 1, "Aucun membre")
    seen = run(home, "member", "show", member, "--as", "dpo")

    assert seen.out.startswith(f"{NAME}\n")
    assert readings(home) == [("dpo", "member", "name")]


@pytest.mark.parametrize(
    "words",
    [
        ("--name", NAME),
        ("--person", NAME, "--siren", "732829320"),
        ("--person", NAME, "--identifier", "SIREN 732829320"),
        ("--name", NAME, "--person", NAME),
        (),
    ],
    ids=lambda words: " ".join(words),
)
def test_a_sole_trader_is_never_recorded_in_clear(home: Path, words: tuple[str, ...]) -> None:
    pole = done(home, "pole", "register", "--name", "Pôle fictif des Essais")
    line = ("pole", "add-member", "--pole", pole, "--member-kind", "other_enterprise")

    sentence = refused(run(home, *line, "--legal-form", "1000", *words), 4, "scellé")

    assert NAME not in sentence


def test_an_organisation_does_not_become_a_person_nor_the_contrary(home: Path) -> None:
    pole, trader = joined(home, *TRADER)
    firm = done(
        *(home, "pole", "add-member", "--pole", pole, "--member-kind", "other_enterprise"),
        *("--name", "Boulangerie inventée", "--legal-form", "5499"),
    )

    change = ("pole", "change-member", "--pole", pole, "--member")
    refused(run(home, *change, trader, "--legal-form", "5499"), 4, "personne")
    refused(run(home, *change, trader, "--identifier", "SIREN 732829320"), 4, "scellé")
    refused(run(home, *change, firm, "--legal-form", "1000"), 4, "personne")


# --- who read what ------------------------------------------------------------------------------


def test_old_readings_are_purged_by_the_delegate_and_that_is_noted(home: Path) -> None:
    code = received(home)
    run(home, "privacy-request", "show", code)
    refused(run(home, "privacy", "purge-readings", "--as", "administrator"), 4, "délégué")

    seen = run(home, "privacy", "purge-readings")

    assert (seen.code, seen.out) == (0, "0 lecture effacée.\n")
    assert [part for _, _, part in readings(home)] == ["line", "words", "purge"]
    later = run(home, "privacy", "due", "--in-force", "2999-01-01").out
    assert "Lectures notées il y a plus d'un an : 3" in later


def test_who_read_what_is_for_those_who_watch(home: Path, anyone: TestClient) -> None:
    received(home)

    allowed = {role for role in Role if run(home, "access", "list", "--as", role).code == 0}

    assert allowed == {Role.REGISTRAR, Role.AUDITOR, Role.DPO}
    assert anyone.get("/api/accesses").status_code == 403
