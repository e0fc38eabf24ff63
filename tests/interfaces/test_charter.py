"""Charters as people meet them: on the command line, through the API, and on pages."""

import json
import re
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from application.bulk import ActOnPoles
from application.member import AddMember
from application.pole import RegisterPole
from domain.charter import CharterSignature
from domain.correction import LeftUnsaid
from domain.dates import PartialDate
from domain.membership import MemberKind
from domain.personal import sealed_in
from domain.pole import PoleId
from infrastructure.reference import REFERENCE
from interfaces.server import create_app
from interfaces.wiring import Product, Settings
from tests.interfaces.shell import Seen, audit, jalon, refused
from tests.make import begin

EXAMPLE = REFERENCE / "charters" / "exemple.txt"
NOBODY = "2f1d7c52-64a9-4f1e-8b0a-1d7d5c3f9e20"
NATIONAL = ["--kind", "national", "--version", "2014-09-19"]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A registry with one pole and one member."""
    settings = Settings(home=tmp_path / "home", database="")
    begin(settings)
    with closing(Product(settings)) as product:
        by = product.operator()
        made = product.do(RegisterPole(name="Tétris", occurred_on=PartialDate("2013")), by)
        member = AddMember(
            pole=PoleId(made.answer),
            member_kind=MemberKind.ESS_ENTERPRISE,
            name="Coopérative fictive",
            occurred_on=PartialDate("2014"),
        )
        (tmp_path / "member").write_text(str(product.do(member, by).answer))
    return tmp_path / "home"


@pytest.fixture
def product(home: Path) -> Iterator[Product]:
    with closing(Product(Settings(home=home, database=""))) as made:
        made.follower.catch_up()
        yield made


@pytest.fixture
def client(product: Product) -> TestClient:
    client = TestClient(create_app(product), base_url="http://127.0.0.1")
    client.headers["authorization"] = f"Bearer {product.token}"
    return client


def published(home: Path, file: Path = EXAMPLE, *more: str) -> Seen:
    return jalon("--home", home, "charter", "publish", file, *(more or NATIONAL))


def signed(home: Path, *more: str) -> str:
    line = ["charter-signature", "sign", "--pole", "tetris", "--charter", "2014-09-19"]
    line += ["--variant", "existing_pole", "--capacity", "president", "--place", "Romans"]
    line += ["--signatory", "Jeanne Exemple", "--occurred-on", "2014-10-01", "--json", *more]
    found: dict[str, Any] = jalon("--home", home, *line).json
    return str(found["id"])


def local(home: Path) -> str:
    """The local charter, signed by the member; the identity of the signature."""
    published(home, EXAMPLE, "--kind", "local", "--version", "2019", "--pole", "tetris")
    line = ["charter", "sign-as-member", "--pole", "tetris", "--charter", "2019"]
    line += ["--member", (home.parent / "member").read_text(), "--capacity", "director"]
    line += ["--place", "Grasse", "--signatory", "Luc Exemple", "--occurred-on", "2019-05-01"]
    return str(jalon("--home", home, *line, "--json").json["id"])


# --- publish ------------------------------------------------------------------------------------


def test_what_is_read_in_a_file_is_shown_before_anything_is_written(home: Path) -> None:
    before = audit(home)

    seen = published(home, EXAMPLE, *NATIONAL, "--dry-run")

    assert seen.code == 0
    assert "  II. Ce qui rassemble (4 paragraphes, dont 3 points de liste)" in seen.out
    assert "  3. prévenir les autres avant de lancer une activité voisine de la leur" in seen.out
    assert "n'engage personne à rien" in seen.out
    assert "Formulaire de signature : 3 lignes" in seen.out
    assert seen.out.endswith("À blanc : rien n'a été écrit.\n")
    assert audit(home) == before


def test_the_same_file_twice_is_recorded_once(home: Path) -> None:
    assert "Publiée" in published(home).out
    before = audit(home)

    seen = published(home)

    assert seen.code == 0
    assert "déjà publié" in seen.out
    assert audit(home) == before
    (line,) = jalon("--home", home, "charter", "list", "--json").json["items"]
    assert line["sha256"] == sha256(EXAMPLE.read_bytes()).hexdigest()
    assert line["size"] == EXAMPLE.stat().st_size


@pytest.mark.parametrize(
    ("content", "options", "code", "said"),
    [
        (b"", NATIONAL, 2, "aucun article"),
        ("Titre\nÉnergies.".encode("latin-1"), NATIONAL, 2, "UTF-8"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", NATIONAL, 2, "UTF-8"),
        (b"a" * 300_000, NATIONAL, 2, "ko"),
        (None, NATIONAL, 2, "il n'existe pas"),
        (b"Titre\nUne phrase.", ["--kind", "local", "--version", "2019"], 4, "celle d'un pôle"),
        (b"Titre\nUne phrase.", ["--kind", "national", "--version", "unknown"], 4, "par sa date"),
        (b"Titre\nUne phrase.", ["--kind", "national", "--version", "2014-13"], 2, "calendrier"),
        (b"Titre\nUne phrase.", ["--kind", "other", "--version", "2014"], 2, "choix possible"),
        (b"Titre\nUne phrase.", [*NATIONAL, "--title", ""], 2, "vide"),
        (b"Titre\nUne phrase.", [*NATIONAL, "--pole", "tetris"], 4, "celle d'un pôle"),
        (b"Titre\nUne phrase.", [*NATIONAL, "--pole", "inconnu"], 1, "inconnu"),
    ],
)
def test_what_cannot_be_published_is_refused_in_one_sentence(
    home: Path, content: bytes | None, options: list[str], code: int, said: str
) -> None:
    before = audit(home)
    file = home.parent / "charte.txt"
    if content is not None:
        file.write_bytes(content)

    seen = published(home, file, *options)

    assert (seen.code, seen.out) == (code, "")
    assert said in seen.err
    assert len(seen.err.splitlines()) == 1
    assert audit(home) == before


def test_another_text_under_the_same_version_is_refused(home: Path) -> None:
    published(home)
    file = home.parent / "autre.txt"
    file.write_text("Titre\n\nUne phrase.\n", "utf-8")

    seen = published(home, file)

    assert seen.code == 4
    assert "une correction est une nouvelle version" in seen.err


# --- receipts -----------------------------------------------------------------------------------


def test_a_receipt_says_what_signing_does_not_mean_and_names_nobody(home: Path) -> None:
    published(home)
    others = '[{"capacity": "director", "name": "Luc Exemple"}]'
    id_ = signed(home, "--others", others, "--follow-up")

    seen = jalon("--home", home, "charter", "receipt", id_)

    assert seen.code == 0
    assert "présidence, direction" in seen.out
    assert "n'engage aucun partenaire, public ou privé" in seen.out
    assert "aucune décision de l'État" in seen.out
    assert "Le texte signé le dit : « Signer ce texte d'exemple" in seen.out
    assert sha256(EXAMPLE.read_bytes()).hexdigest() in seen.out
    assert "Exemple" not in seen.out.replace("Texte d'exemple", "")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Un", "le pôle Un"),
        ("Pôle fictif du Port", "Pôle fictif du Port"),
        ("Polette", "le pôle P"),
    ],
)
def test_a_receipt_says_once_that_who_signed_is_a_pole(home: Path, name: str, said: str) -> None:
    published(home)
    jalon("--home", home, "pole", "rename", "--pole", "tetris", "--name", name)

    seen = jalon("--home", home, "charter", "receipt", signed(home))

    assert f"  signataire   {said}" in seen.out


def test_the_leaf_of_a_receipt_is_that_of_the_log(home: Path) -> None:
    id_ = signed(home)

    found = jalon("--home", home, "charter", "receipt", id_, "--json").json

    with closing(Product(Settings(home=home, database=""))) as product:
        (row,) = product.journal.proofs(found["position"] - 1, 1)
    assert (row.leaf.hex(), row.event_id) == (found["leaf"], found["event_id"])
    assert found["text_hash"] is None


def test_the_receipt_of_a_corrected_signature_proves_what_it_says(home: Path) -> None:
    id_ = signed(home)
    first = jalon("--home", home, "charter", "receipt", id_, "--json").json
    line = ("--place", "Valence", "--corrects", first["event_id"], "--reason", "Lu sur l'acte.")

    assert signed(home, *line) == id_
    found = jalon("--home", home, "charter", "receipt", id_, "--json").json

    with closing(Product(Settings(home=home, database=""))) as product:
        told = product.registry.fact(UUID(found["event_id"]))
        (row,) = product.journal.proofs(found["position"] - 1, 1)
    assert told
    assert isinstance(told.event, CharterSignature.Signed)
    assert (found["place"], told.event.place) == ("Valence", "Valence")
    assert (row.leaf.hex(), row.event_id) == (found["leaf"], found["event_id"])
    assert f"(n° {found['position']}) ; d'abord enregistrée le " in found["corrected"]
    assert found["corrected"].endswith(f"(n° {first['position']})")
    then = jalon("--home", home, "charter", "receipt", id_, "--known", f"@{first['position']}")
    assert first["event_id"] in then.out
    assert "rectifiée" not in then.out
    blame = jalon("--home", home, "pole", "blame", "tetris", "--field", "charter_signed,signatures")
    assert "Charte signée « version du 19 septembre 2014 »" in blame.out
    assert f"ensuite : rectifié le {found['corrected'][3:20]}" in blame.out


def test_the_day_of_a_signature_is_corrected_without_saying_who_signed(home: Path) -> None:
    others = '[{"capacity": "director", "name": "Luc Exemple"}]'
    id_ = signed(home, "--others", others)

    def again(*more: str) -> Seen:
        told = jalon("--home", home, "charter", "receipt", id_, "--json").json["event_id"]
        given = ("--corrects", told, "--reason", "Relu.")
        return jalon("--home", home, "charter-signature", "sign", *given, *more)

    def names() -> list[str]:
        with closing(Product(Settings(home=home, database=""))) as product:
            told = product.registry.history(UUID(id_))[0].event
            return [one.sealed.ref for one in sealed_in(told)]

    sealed = names()
    assert again("--occurred-on", "2014-10-02").code == 0
    found = jalon("--home", home, "charter", "receipt", id_, "--json").json
    assert (found["occurred_on"], found["place"]) == ("2014-10-02", "Romans")
    assert found["capacities"] == ["president", "director"]
    assert names() == sealed

    erased = ("privacy", "forget", "Jeanne Exemple", "--ground", "17(1)(b)", "--same-person")
    assert jalon("--home", home, *erased).code == 0
    refused(again("--signatory", "Jeanne Exemple"), 4, "ne se redit pas")
    assert again("--occurred-on", "2014-10-03").code == 0
    assert names() == sealed
    assert jalon("--home", home, "privacy", "check").code == 0
    fields = {"corrects": NOBODY, "charter": "2021-06", "place": "Ici", "capacity": "president"}
    with closing(Product(Settings(home=home, database=""))) as product:
        pole = PoleId(product.find("tetris"))
        many = ActOnPoles(
            command="charter_signature.sign",
            fields={**fields, "variant": "in_creation"},
            poles=(pole,),
        )
        (outcome,) = product.do(many, product.operator()).outcomes
    assert isinstance(outcome.refusal, LeftUnsaid), outcome
    missing = jalon("--home", home, "charter-signature", "sign", "--pole", "tetris")
    refused(missing, 2, "Il manque l'option --charter.")


@pytest.mark.parametrize("name", ["0", "", NOBODY])
def test_what_is_no_signature_has_no_receipt(home: Path, name: str) -> None:
    seen = jalon("--home", home, "charter", "receipt", name)

    assert seen.code in (1, 2)
    assert seen.err
    assert "Traceback" not in seen.err


def test_something_else_than_a_signature_has_no_receipt(home: Path) -> None:
    pole = jalon("--home", home, "pole", "show", "tetris", "--json").json["id"]

    seen = jalon("--home", home, "charter", "receipt", pole)

    assert seen.code == 1
    assert "n'est pas une signature" in seen.err


# --- lists and questions ------------------------------------------------------------------------


def test_signatories_and_undertakings_are_listed_at_any_date(home: Path) -> None:
    published(home)
    signed(home)
    local(home)

    def items(*line: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = jalon("--home", home, *line, "--json").json["items"]
        return found

    assert len(items("charter", "list")) == 2
    assert len(items("charter", "list", "--in-force", "2015-01-01")) == 1
    assert items("charter", "list", "--known", "2015-01-01") == []
    signatories = ("charter-signature", "list")
    assert [line["signer"] for line in items(*signatories)] == ["pole", "member"]
    assert items(*signatories, "--in-force", "2014-09-30") == []
    assert len(items(*signatories, "--charter", "2014-09-19")) == 1
    undertakings = items("undertaking", "list", "--pole", "tetris")
    assert [line["organisation"] for line in undertakings] == ["Coopérative fictive"] * 3
    assert items("undertaking", "list", "--late") == []
    assert items("undertaking", "list", "--in-force", "2019-04-30") == []


def test_an_undertaking_is_told_with_what_was_reported(home: Path) -> None:
    local(home)
    first = jalon("--home", home, "undertaking", "list", "--json").json["items"][0]["id"]
    line = ["undertaking", "report", "--undertaking", first, "--words", "Réunion tenue"]
    assert jalon("--home", home, *line).code == 0

    seen = jalon("--home", home, "undertaking", "show", first)

    assert "rapporté, à apprécier" in seen.out
    assert "Réunion tenue" in seen.out
    own = ["undertaking", "assess", "--undertaking", first, "--assessment", "kept"]
    refused = jalon("--home", home, *own, "--reasons", "vu")
    assert refused.code == 4
    assert "une autre personne" in refused.err


def test_two_versions_are_told_apart_word_by_word(home: Path) -> None:
    published(home)
    file = home.parent / "2021.txt"
    text = EXAMPLE.read_text("utf-8").replace("une fois par an", "deux fois par an")
    file.write_text(text, "utf-8")
    published(home, file, "--kind", "national", "--version", "2021-06")

    seen = jalon("--home", home, "charter", "diff", "2014-09-19", "2021-06")

    assert "article modifié : III. Engagements" in seen.out
    assert "au moins [- une -][+ deux +] fois par an" in seen.out
    assert jalon("--home", home, "charter", "diff", "2021-06", "2021-06").out.endswith(
        "rien ne change.\n"
    )
    missing = jalon("--home", home, "charter", "diff", "2014-09-19", "2030")
    assert missing.code == 1
    assert "« 2030 » n'est pas une charte publiée" in missing.err


# --- the API ------------------------------------------------------------------------------------


def test_the_api_publishes_and_answers(client: TestClient, home: Path) -> None:
    text = EXAMPLE.read_text("utf-8")
    body = {"text": text, "charter_kind": "national", "version": "2014-09-19"}
    made = client.post("/api/commands/charter.publish", json=body)
    assert made.status_code == 200, made.text
    signature = {
        "pole": client.get("/api/poles/tetris").json()["id"],
        "charter": "2014-09-19",
        "variant": "existing_pole",
        "capacity": "president",
        "place": "Romans",
        "signatory": "Jeanne Exemple",
        "follow_up": True,
        "occurred_on": "2014-10-01",
    }
    id_ = client.post("/api/commands/charter_signature.sign", json=signature).json()["id"]

    sheet = client.get("/api/charters/2014-09-19").json()
    receipt = client.get(f"/api/charter-signatures/{id_}/receipt").json()
    undertakings = client.get("/api/undertakings", params={"late": "false"}).json()

    assert (sheet["signatures"], len(sheet["text"]["articles"])) == (1, 3)
    assert receipt["text_hash"] == sheet["sha256"] == sha256(text.encode()).hexdigest()
    assert receipt["capacities"] == ["president"]
    assert undertakings["total"] == 3
    one = client.get(f"/api/undertakings/{undertakings['items'][0]['id']}").json()
    assert one["standing"] == "given"
    same = client.get(f"/api/charters/{sheet['id']}/diff/2014-09-19").json()
    assert same["difference"] == {"articles": [], "undertakings": [], "notice": []}
    past = client.get("/api/charter-signatures", params={"in_force": "2014-09-30"}).json()
    assert past["items"] == []


@pytest.mark.parametrize(
    "address",
    [
        "/api/charters/2014-09-19",
        "/api/charters/nulle@2014",
        "/api/charters/%00",
        f"/api/charters/{NOBODY}",
        f"/api/charter-signatures/{NOBODY}/receipt",
        f"/api/undertakings/{NOBODY}",
    ],
)
def test_what_is_not_there_is_not_found(client: TestClient, address: str) -> None:
    answer = client.get(address)

    assert answer.status_code == 404
    assert answer.json()["detail"]


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"text": ""}, 400),
        ({"text": "Une phrase."}, 400),
        ({"text": 12}, 400),
        ({"version": "hier"}, 400),
        ({"charter_kind": "local"}, 422),
        ({"language": "français"}, 400),
        ({"pole": "tetris"}, 400),
    ],
)
def test_what_cannot_be_published_is_refused_by_the_api(
    client: TestClient, more: dict[str, Any], status: int
) -> None:
    body = {"text": EXAMPLE.read_text("utf-8"), "charter_kind": "national", "version": "2014"}

    answer = client.post("/api/commands/charter.publish", json={**body, **more})

    assert answer.status_code == status
    assert client.get("/api/charters").json()["total"] == 0


# --- pages --------------------------------------------------------------------------------------


def test_the_pages_lead_from_one_to_the_other(
    client: TestClient, home: Path, product: Product
) -> None:
    published(home)
    file = home.parent / "2021.txt"
    text = EXAMPLE.read_text("utf-8").replace("une fois par an", "deux fois par an")
    file.write_text(text, "utf-8")
    published(home, file, "--kind", "national", "--version", "2021-06")
    id_ = signed(home, "--follow-up")
    product.follower.catch_up()
    client.headers["accept"] = "text/html"

    def page(address: str) -> str:
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.text)
        return answer.text

    assert "/chartes/" in page("/chartes")
    assert 'data-label="Langue">français<' in re.sub(
        r">\s+|\s+<", lambda at: at[0].strip(), page("/chartes")
    )
    first, last = page("/chartes/2014-09-19"), page("/chartes/2021-06")
    assert 'id="article-engagements"' in first
    assert "Ce que signer ne veut pas dire" in first
    assert "aucune au registre" in first
    assert "/differences" in last
    changes = page("/chartes/2021-06/differences")
    assert "<del>une</del><ins>deux</ins>" in changes
    assert "rien à quoi la comparer" in page("/chartes/2014-09-19/differences")
    assert f"/signatures/{id_}" in page("/signataires")
    receipt = page(f"/signatures/{id_}")
    assert "Ce que cette signature ne veut pas dire" in receipt
    assert "Jeanne" not in receipt
    one = jalon("--home", home, "undertaking", "list", "--json").json["items"][0]["id"]
    assert f"/engagements-pris/{one}" in page("/engagements-pris")
    assert "pris" in page(f"/engagements-pris/{one}")
    assert page("/engagements-pris?late=true")
    assert one in page("/engagements-pris?late=false")
    assert "est enregistré comme en vigueur le 30" in page(
        "/signataires?in_force=2014-09-30"
    ).replace("\u00a0", " ")


@pytest.mark.parametrize(
    "address",
    [
        "/chartes/2014",
        "/chartes/2014/differences",
        f"/signatures/{NOBODY}",
        f"/engagements-pris/{NOBODY}",
    ],
)
def test_a_page_that_is_not_there_says_so_and_leads_on(client: TestClient, address: str) -> None:
    answer = client.get(address, headers={"accept": "text/html"})

    assert answer.status_code == 404
    assert 'href="/chartes"' in answer.text


def test_a_text_never_becomes_markup(client: TestClient, home: Path) -> None:
    file = home.parent / "piege.txt"
    file.write_text("Titre <script>alert(1)</script>\n\nI. <b>Objet</b>\n\nUn <i>mot</i>.", "utf-8")
    assert published(home, file).code == 0

    answer = client.get("/chartes/2014-09-19", headers={"accept": "text/html"})

    assert "<script>alert" not in answer.text
    assert "<i>mot" not in answer.text


def test_the_json_of_a_publication_tells_what_was_read(home: Path) -> None:
    seen = published(home, EXAMPLE, *NATIONAL, "--json")

    told = json.loads(seen.out)
    assert told["events"] == ["charter.entered.v1", "charter.published.v1"]
    assert len(told["text"]["undertakings"]) == 3
