"""`jalon privacy`: what an officer types, reads, and is refused."""

import json
import os
import pty
import re
import sqlite3
import subprocess
import sys
from base64 import b64decode
from contextlib import closing
from pathlib import Path

import pytest

from application.personal import WHY
from domain.roles import Role
from interfaces.wiring import Settings
from tests import make
from tests.interfaces.shell import PROGRAM, Seen, jalon, refused

NAME = "Zoé Quidam"
ROOT = Path(__file__).resolve().parents[2]
WITHDRAWS = ["--transition", "withdraw", "--as", "dpo"]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A registry with a pole and a contribution that somebody sent."""
    home = tmp_path / "home"
    make.begin(Settings(home=home, database=""))
    done = jalon("--home", home, "pole", "register", "--name", "Fictif")
    assert done.code == 0, done
    send(home)
    return home


def send(home: Path, author: str = NAME) -> str:
    given = ["--pole", "fictif", "--author", author, "--text", "Un mot."]
    done = jalon("--home", home, "contribution", "send", *given, "--json")
    assert done.code == 0, done
    return str(done.json["id"])


def test_an_officer_finds_answers_and_forgets_a_person(home: Path, tmp_path: Path) -> None:
    found = jalon("--home", home, "privacy", "find", "QUIDAM Zoe")
    answer = jalon("--home", home, "privacy", "export", NAME, tmp_path / "out")
    forgets = ["privacy", "forget", NAME, "--ground", "17(1)(b)"]
    seen = jalon("--home", home, *forgets, "--dry-run")
    done = jalon("--home", home, *forgets)

    assert "À détruire pour toujours : 2 valeurs." in seen.out
    assert "Contribution reçue, Fictif (n° " in seen.out
    assert NAME not in seen.out
    assert "2 valeurs scellées, 0 document" in found.out
    assert NAME not in found.out
    assert "2 valeurs" in answer.out
    handed = (tmp_path / "out" / "reponse.txt").read_text("utf-8")
    assert NAME in handed
    assert "pourquoi       pour recevoir les contributions du public" in handed
    told = json.loads((tmp_path / "out" / "donnees.json").read_text("utf-8"))["values"][0]
    assert told["purpose_words"].startswith("recevoir les contributions du public")
    assert (told["retention_words"], told["role_words"]) == ("deux ans", "tenue du registre")
    assert told["basis_words"].startswith("le consentement de la personne")
    assert "RGPD, article 17(1)(b) : le consentement est retiré" in done.out
    assert "2 valeurs" in done.out
    refused(jalon("--home", home, "privacy", "find", NAME), 1, "Rien n'est conservé")
    assert jalon("--home", home, "privacy", "check").code == 0
    assert jalon("--home", home, "audit", "verify").code == 0
    noted = jalon("--home", home, "access", "list")
    assert "réponse à une personne sur ses données" in noted.out
    assert re.search(r"^le \d+ \S+ \d{4} à \d+ h \d\d", noted.out, re.MULTILINE)
    assert NAME not in noted.out
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", noted.out)


def test_the_receipt_is_given_again_and_its_proof_is_in_the_log(home: Path) -> None:
    done = jalon("--home", home, "privacy", "forget", NAME, "--ground", "17(1)(b)", "--json").json

    again = jalon("--home", home, "privacy", "receipt", done["erasure"])
    (event,) = re.findall(r"« jalon audit proof (\d+) »", again.out)
    proof = jalon("--home", home, "audit", "proof", event)

    assert done["erasure"] in again.out
    assert "qui les garde pourra vérifier que rien" in again.out
    assert event == str(done["position"])
    assert proof.code == 0
    entry = proof.out.splitlines()[1].removeprefix("extra ")
    assert b'"k":"erasure.person_erased.v1"' in b64decode(entry)
    assert "« Personne effacée »" in proof.err


def test_a_request_to_be_forgotten_goes_from_its_letter_to_the_answer(home: Path) -> None:
    """As the how-to says; then the same person, misspelt, asks that their name be rectified."""

    def officer(*words: str) -> Seen:
        seen = jalon("--home", home, *words)
        assert seen.code == 0, seen
        return seen

    def received(right: str) -> str:
        line = ["privacy-request", "receive", "--right", right, "--channel", "courrier"]
        told = officer(*line, "--requester", NAME).out
        code = re.search(r"Demande (droits-\S+), à répondre jusqu'au \d", told)
        then = re.search(r"jalon --home \S+ (privacy-request move .*=)… --as dpo", told)
        assert code, told
        assert then, told
        *moves, given = then[1].split()
        early = jalon("--home", home, *moves[:-2], "grant", "--as", "dpo")
        refused(early, 4, "D'ici : « Constater l'identité de la personne »")
        asked = f"jalon --home {home} privacy-request"
        typed = f"→ tapez : {asked} move --request {code[1]} --transition check_ident"
        assert typed in officer("privacy-request", "show", code[1]).out
        assert typed in officer("inbox", "--role", "dpo").out
        extends = f"{asked} extend --request {code[1]} --motive … --as dpo"
        assert extends in officer("inbox", "--role", "dpo").out
        unknown = jalon("--home", home, *moves, f"{given}par magie", "--as", "dpo")
        refused(unknown, 2, "en personne (in_person)")
        officer(*moves, f"{given}en personne", "--as", "dpo")
        return code[1]

    def carried_out(request: str, act: str, *decision: str, kept: str | None = None) -> None:
        on_it = ["--request", request, "--as", "dpo"]
        officer("privacy-request", "decide", "--outcome", *decision, *on_it)
        line = ["privacy-request", "carry-out", "--carried-out-by", act, *on_it]
        if kept:
            refused(jalon("--home", home, *line), 4, f"« --refusal-ground {kept} »")
            refused(jalon("--home", home, *line[:2], *on_it), 4, "acceptée en partie")
            line += ["--refusal-ground", kept]
        officer(*line)
        officer("privacy-request", "answer", "--channel", "mail", *on_it)

    erasing = received("effacement")
    forgets = ["privacy", "forget", NAME, "--ground", "17(1)(b)", "--dry-run"]
    assert "n'est pas encore constatée" not in officer(*forgets).out
    line = ["privacy-request", "receive", "--right", "erasure", "--channel", "mail"]
    hasty = officer(*line, "--requester", NAME, "--json").json["id"]
    assert "n'est pas encore constatée" in officer(*forgets).out
    officer("privacy-request", "move", "--request", hasty, *WITHDRAWS)
    forgotten = officer("privacy", "forget", NAME, "--ground", "17(1)(b)")
    receipt = forgotten.out
    told = re.search(r"--request CODE --carried-out-by (\S+) --as dpo »", forgotten.err)
    assert told, receipt
    assert "2 valeurs" in receipt
    assert "- le nom de qui exerce un droit" in receipt
    assert "réclamation à la CNIL" in receipt
    assert "jalon privacy-request" not in receipt
    assert "2 valeurs retenues : article 17(3)(b)" in receipt
    carried_out(erasing, told[1], "granted", kept="public_task")
    assert officer("privacy-request", "show", erasing, "--json").json["outcome"] == "partly"

    joins = ["pole", "add-member", "--pole", "fictif", "--member-kind", "citizen", "--person"]
    officer(*joins, "Zohé Quidam")
    rectifying = received("rectification")
    seen = officer("privacy", "find", "Zohé Quidam", "--details").out
    first = re.search(r"(\S+) \(à rectifier par « --corrects »\)", seen)
    assert first, seen
    officer(*joins, NAME, "--corrects", first[1], "--reason", "nom mal recopié")
    found = officer("privacy", "find", NAME, "--json").json
    (mended,) = [place for place in found["places"] if place["corrects"]]
    assert [place["corrected_by"] for place in found["joined"]] == [mended["position"]]
    assert "rectifié ensuite, au n°" in officer("privacy", "find", NAME).out
    refused(jalon("--home", home, "privacy", "forget", NAME, "--ground", "17(1)(b)"), 4, "même")
    carried_out(rectifying, mended["event_id"], "granted")

    accessing = received("access")
    given = officer("privacy", "export", NAME, str(home / "out"), "--same-person").out
    answer = re.search(r"--carried-out-by (\S+)", given)
    assert answer, given
    carried_out(accessing, answer[1], "granted")
    years = officer("privacy-request", "years", "--json").json["items"]
    assert [(of["received"], of["answered_in_time"]) for of in years] == [(4, 3)]


# A homonym: known by a subject, and by the request that is answered.


@pytest.fixture
def asked(home: Path) -> str:
    """The code of a request of erasure, granted, of one of two persons of the same name."""
    of = ["--request", "…", "--as", "dpo"]
    line = ["privacy-request", "receive", "--right", "erasure", "--channel", "mail"]
    of[1] = str(jalon("--home", home, *line, "--requester", NAME, "--json").json["id"])
    checks = ["--transition", "check_identity", "--input", "means=questions"]
    for verb, *given in (["move", *checks], ["decide", "--outcome", "granted"]):
        done = jalon("--home", home, "privacy-request", verb, *given, *of)
        assert done.code == 0, done
    return str(jalon("--home", home, "privacy-request", "show", of[1], "--json").json["code"])


def outcome(home: Path, code: str) -> str:
    return str(jalon("--home", home, "privacy-request", "show", code, "--json").json["outcome"])


def test_an_erasure_by_subject_is_named_as_the_act_of_the_request_it_is_for(
    home: Path, asked: str
) -> None:
    subject, other = send(home), send(home, "Alix Fictive")
    ground = ["--ground", "17(1)(b)"]
    carries = ["privacy-request", "carry-out", "--request", asked, "--as", "dpo"]

    unsaid = jalon("--home", home, "privacy", "forget", subject, *ground)
    refused(unsaid, 4, f"Une demande en cours est faite sous ce nom ({asked})")
    wrong = jalon("--home", home, "privacy", "forget", other, *ground, "--request", asked)
    refused(wrong, 4, "n'est pas faite sous le nom de ce sujet")
    both = ["--request", asked, "--no-request"]
    refused(jalon("--home", home, "privacy", "forget", subject, *ground, *both), 2, "contredisent")
    done = jalon("--home", home, "privacy", "forget", subject, *ground, "--request", asked)
    assert "2 valeurs retenues : article 17(3)(b)" not in done.out
    assert "1 valeur retenue : article 17(3)(b)" in done.out
    told = re.search(rf"« jalon (.* privacy-request carry-out --request {asked} .*) »", done.err)
    assert told, done.err

    refused(jalon(*told[1].split()), 4, "« --refusal-ground public_task »")
    ended = jalon(*told[1].split(), "--refusal-ground", "public_task")
    assert (ended.code, outcome(home, asked)) == (0, "partly")
    left = jalon("--home", home, "privacy", "find", NAME, "--json").json["places"]
    assert {place["topic"] for place in left} >= {"contribution.received.v1"}, "the homonym's"
    assert jalon("--home", home, *carries).code == 4


def test_an_erasure_by_subject_may_be_of_nobody_who_asks(home: Path, asked: str) -> None:
    subject = send(home)
    line = ["privacy", "forget", subject, "--ground", "17(1)(b)", "--no-request", "--json"]

    act = jalon("--home", home, *line).json["erasure"]

    carries = ["privacy-request", "carry-out", "--request", asked, "--carried-out-by", act]
    refused(jalon("--home", home, *carries, "--as", "dpo"), 4, "par son nom ou avec « --request »")


def test_what_an_officer_refused_by_subject_is_answered_as_refused(home: Path, asked: str) -> None:
    ground = ["--ground", "17(1)(c)", "--because", "17(3)(d)", "--request", asked]
    carries = ["privacy-request", "carry-out", "--request", asked, "--as", "dpo"]

    assert jalon("--home", home, "privacy", "refuse", send(home), *ground).code == 0

    refused(jalon("--home", home, *carries), 4, "« --refusal-ground archives » : elle devient « re")
    assert jalon("--home", home, *carries, "--refusal-ground", "archives").code == 0
    assert outcome(home, asked) == "refused"


def test_an_answer_by_subject_is_named_as_the_act_of_the_request_it_is_for(
    home: Path, tmp_path: Path
) -> None:
    line = ["privacy-request", "receive", "--right", "access", "--channel", "mail"]
    request = str(jalon("--home", home, *line, "--requester", NAME, "--json").json["id"])
    of = ["--request", request, "--as", "dpo"]
    for verb in (
        ["move", "--transition", "check_identity", "--input", "means=questions"],
        ["decide", "--outcome", "granted"],
    ):
        assert jalon("--home", home, "privacy-request", *verb, *of).code == 0
    subject = send(home)

    given = jalon("--home", home, "privacy", "export", subject, tmp_path / "a", *of[:2])

    act = re.search(r"--carried-out-by (\S+)", given.out)
    assert act, given
    carries = ["privacy-request", "carry-out", "--carried-out-by", act[1], *of]
    assert jalon("--home", home, *carries).code == 0


def test_a_reading_is_told_with_the_pole_that_it_is_about(home: Path, tmp_path: Path) -> None:
    jalon("--home", home, "contribution", "queue", "--as", "moderator")
    member = ["--pole", "fictif", "--member-kind", "citizen", "--person", "Alix Fictive"]
    jalon("--home", home, "pole", "add-member", *member)
    jalon("--home", home, "privacy", "export", "Alix Fictive", tmp_path / "out")

    (_, answered, read, total) = jalon("--home", home, "access", "list").out.splitlines()

    for line, says in ((answered, "réponse à une personne"), (read, "texte d'une contribution")):
        assert says in line
        assert line.endswith("  Fictif")
    assert total == "2 lectures."


def test_a_refusal_is_recorded_and_told_with_its_article(home: Path) -> None:
    line = ["privacy", "refuse", NAME, "--ground", "17(1)(c)", "--because", "17(3)(d)"]

    done = jalon("--home", home, *line)

    assert done.code == 0
    assert "refusé        RGPD, article 17(3)(d) : l'archivage" in done.out
    assert jalon("--home", home, "privacy", "find", NAME).code == 0


@pytest.mark.parametrize(
    ("typed", "code", "left"), [("oui", 1, True), ("", 1, True), ("effacer", 0, False)]
)
def test_at_a_terminal_what_would_be_destroyed_is_shown_then_confirmed(
    home: Path, monkeypatch: pytest.MonkeyPatch, typed: str, code: int, left: bool
) -> None:
    terminal, ours = pty.openpty()
    os.write(terminal, f"{typed}\n".encode())
    with os.fdopen(ours, encoding="utf-8") as keyboard:
        monkeypatch.setattr(sys, "stdin", keyboard)
        done = jalon("--home", home, "privacy", "forget", NAME, "--ground", "17(1)(b)")
    os.close(terminal)

    assert done.code == code
    assert "À détruire pour toujours : 2 valeurs." in done.err
    assert "« effacer »" in done.err
    assert ("Rien n'a été effacé." in done.err) == left
    assert (jalon("--home", home, "privacy", "find", NAME).code == 0) == left


@pytest.mark.parametrize("role", ["registrar", "administrator", "auditor", "moderator"])
def test_nobody_but_the_officer_may(home: Path, role: str) -> None:
    line = ["privacy", "forget", NAME, "--ground", "17(1)(b)", "--as", role]

    refused(jalon("--home", home, *line), 4, "délégué à la protection des données")


@pytest.mark.parametrize("ground", ["17(1)(z)", "", "parce que", "17(3)(b)"])
def test_a_ground_is_one_of_the_law(home: Path, ground: str) -> None:
    done = jalon("--home", home, "privacy", "forget", NAME, "--ground", ground)

    assert done.code == 2
    assert "Traceback" not in done.err
    assert jalon("--home", home, "privacy", "find", NAME).code == 0


@pytest.mark.parametrize(
    "person", ["", " ", "x" * 100_000, "\u202e", "'; DROP TABLE key; --", "é\n"]
)
def test_what_names_nobody_finds_nobody(home: Path, person: str) -> None:
    seen = jalon("--home", home, "privacy", "find", person)

    if person.strip():
        refused(seen, 1, "Rien n'est conservé")
    else:
        refused(seen, 2, "Donnez un nom")


def test_a_surname_proposes_who_bears_it_with_what_to_type(home: Path) -> None:
    seen = jalon("--home", home, "privacy", "find", "quidam")

    assert seen.code == 0
    assert seen.out.startswith("Une personne porte ce nom ; tapez-le en entier :")
    assert f'  jalon --home {home} privacy find "{NAME}"   (nommé 1 fois)' in seen.out
    refused(jalon("--home", home, "privacy", "forget", "quidam", "--ground", "17(1)(b)"), 1)


def test_a_person_is_found_in_words_and_by_codes_for_who_wants_them(home: Path) -> None:
    found = jalon("--home", home, "privacy", "find", NAME)
    detailed = jalon("--home", home, "privacy", "find", NAME, "--details")

    assert "à l'occasion  Contribution reçue, Fictif (n° " in found.out
    assert "deux ans à compter du fait" in found.out
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}|\.v1", found.out)
    assert "contribution.received.v1, author" in detailed.out


def test_the_same_request_twice_forgets_once(home: Path) -> None:
    line = ["privacy", "forget", NAME, "--ground", "17(1)(b)"]

    assert jalon("--home", home, *line).code == 0
    refused(jalon("--home", home, *line), 1, "Rien n'est conservé")
    topics = [one["topic"] for one in _events(home)]
    assert topics.count("erasure.person_erased.v1") == 1


def _events(home: Path) -> list[dict[str, str]]:
    with make.closing_product(Settings(home=home, database="")) as product:
        return [{"topic": row.topic} for row in product.journal.rows(0, 10_000)]


def test_the_master_key_is_replaced_and_what_was_sealed_is_read(home: Path, tmp_path: Path) -> None:
    before = (home / "kek").read_bytes()

    done = jalon("--home", home, "privacy", "rotate-key")

    assert done.code == 0, done
    assert (home / "kek").read_bytes() != before
    assert jalon("--home", home, "privacy", "export", NAME, tmp_path / "out").code == 0
    told = json.loads((tmp_path / "out" / "donnees.json").read_text("utf-8"))
    assert told["values"][0]["value"] == NAME
    (home / "kek").write_bytes(before)
    refused(jalon("--home", home, "privacy", "rotate-key"), 1, "la clé maîtresse ne correspond pas")


def test_keys_that_moved_away_are_unavailable_in_an_answer_and_on_a_page(home: Path) -> None:
    (home / "keys.db").rename(home / "elsewhere")

    refused(jalon("--home", home, "privacy", "find", NAME), 1, "indisponibles (keys.db manque)")
    seen = jalon("--home", home, "contribution", "queue", "--as", "moderator")
    assert seen.code == 0, seen
    assert "indisponible" in seen.out
    assert "effacé" not in seen.out


def test_a_doctor_says_whether_the_keys_are_there_and_whether_they_are_the_right_ones(
    home: Path,
) -> None:
    sound = jalon("--home", home, "doctor")
    master = (home / "kek").read_bytes()
    (home / "kek").write_bytes(bytes(32))
    wrong = jalon("--home", home, "doctor")
    (home / "kek").unlink()
    without_master = jalon("--home", home, "doctor")
    (home / "kek").write_bytes(master)
    (home / "keys.db").rename(home / "elsewhere")
    without_keys = jalon("--home", home, "doctor")
    verified = jalon("--home", home, "audit", "verify")

    assert (sound.code, sound.err) == (0, "")
    assert "les clés s'ouvrent, 2 valeurs scellées, toutes entières" in sound.out
    assert "la clé maîtresse ne correspond pas" in wrong.err
    assert "le fichier de la clé maîtresse, kek : il n'existe pas" in without_master.err
    assert "keys.db manque" in without_keys.err
    for seen in (wrong, without_master, without_keys):
        assert seen.code == 1
        assert "Rien n'est effacé pour autant" in seen.err
    assert verified.code == 0
    assert "Aucune n'a pu être ouverte : les clés ne servent pas (keys.db manque)" in verified.out


def test_a_value_that_was_taken_away_by_hand_is_found_by_each_verification(home: Path) -> None:
    with closing(sqlite3.connect(home / "registry.db")) as db, db:
        db.execute("DELETE FROM sealed WHERE rowid = (SELECT min(rowid) FROM sealed)")
        db.execute("UPDATE sealed SET ciphertext = x'00' || ciphertext")

    for line in (["audit", "verify"], ["doctor"], ["privacy", "check"]):
        seen = jalon("--home", home, *line)
        assert seen.code == 3, seen
        assert re.search(r"L'événement n° \d+ : une valeur personnelle manque", seen.err)
        assert re.search(r"L'événement n° \d+ : une valeur personnelle n'est plus", seen.err)
        assert NAME not in seen.out + seen.err
    told = jalon("--home", home, "audit", "verify", "--json").json["sealed"]
    assert [fault["index"] for fault in told["faults"]] == [told["faults"][0]["index"]] * 2


def test_a_key_that_a_backup_may_need_is_left_and_said(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infrastructure.coming_back.UNDER_WAY", 0)
    with closing(sqlite3.connect(home / "registry.db")) as db, db:
        db.execute("DELETE FROM sealed")

    seen = jalon("--home", home, "privacy", "check", "--clean")

    assert (seen.code, seen.out) == (3, "")
    assert re.search(r"^\d clés? n'ouvr(e|ent) rien, et « --clean » n'y touche pas", seen.err)
    assert f"« jalon --home {home} restore »" in seen.err
    assert jalon("--home", home, "privacy", "check", "--json").json["spared"] > 0


# What is not whole any more: each word has one meaning.


def alter(home: Path, field: str = "author") -> int:
    """Cut a value of the contribution that was sent, in the store; give the number of its event."""
    with make.closing_product(Settings(home=home, database="")) as product:
        by = product.operator(Role.DPO)
        (place,) = [p for p in product.persons.find(NAME, by).places if p.field == field]
    with closing(sqlite3.connect(home / "registry.db")) as db, db:
        cut = "UPDATE sealed SET ciphertext = substr(ciphertext, 1, 20) WHERE ref = ?"
        assert db.execute(cut, [place.ref]).rowcount == 1
    return place.position


def lose_keys(home: Path) -> None:
    """Delete the keys of persons by hand, those of the store itself are left."""
    with closing(sqlite3.connect(home / "keys.db")) as db, db:
        assert db.execute("DELETE FROM key WHERE subject <> ''").rowcount


def test_a_surname_that_cannot_be_read_is_not_said_to_be_nobodys(home: Path) -> None:
    position = alter(home)
    told = f"tous les noms ne se lisent pas : 1 (n° {position} du journal, altéré)"

    refused(jalon("--home", home, "privacy", "find", "quidam"), 1, told)
    send(home, "Alix Quidam")
    found = jalon("--home", home, "privacy", "find", "quidam")
    assert (found.code, 'privacy find "Alix Quidam"' in found.out) == (0, True)
    assert told in found.err
    unread = jalon("--home", home, "privacy", "find", "quidam", "--json").json["unread"]
    assert unread == [{"position": position, "instead": "altéré"}]
    lose_keys(home)
    refused(jalon("--home", home, "privacy", "find", "quidam"), 1, "du journal, manquant")


def test_an_erased_name_is_no_name_that_cannot_be_read(home: Path) -> None:
    jalon("--home", home, "privacy", "forget", NAME, "--ground", "17(1)(b)")

    seen = jalon("--home", home, "privacy", "find", "quidam")

    assert (seen.code, "ne se lisent pas" in seen.err) == (1, False)


def test_an_answer_tells_what_it_lacks_each_by_its_word(home: Path, tmp_path: Path) -> None:
    position = alter(home, "text")

    seen = jalon("--home", home, "privacy", "export", NAME, tmp_path / "altered")
    handed = (tmp_path / "altered" / "reponse.txt").read_text("utf-8")
    told = json.loads((tmp_path / "altered" / "donnees.json").read_text("utf-8"))
    lose_keys(home)
    lost = jalon("--home", home, "privacy", "export", NAME, tmp_path / "lost")

    assert [value["value"] for value in told["values"]] == [NAME, "altéré"]
    for said in (seen.err, handed):
        assert "Cette réponse n'est pas complète" in said
        assert f"et elle ne s'ouvre plus (n° {position} du journal)" in said
    assert "indisponible" not in handed + lost.err
    assert "manquant      la valeur ou sa clé n'est plus là, et aucun effacement n'est" in lost.err
    page = (ROOT / "docs" / "how-to" / "answer-a-person.md").read_text("utf-8")
    assert {word: why for word, why in WHY.items() if f"| {word} | {why} |" not in page} == {}


def test_what_was_altered_is_told_before_it_is_erased_and_recorded_with_it(home: Path) -> None:
    position = alter(home)
    forgets = ["privacy", "forget", NAME, "--ground", "17(1)(b)"]
    told = f"L'événement n° {position} : une valeur personnelle n'est plus celle qui fut"

    seen = jalon("--home", home, *forgets, "--dry-run")
    refused(jalon("--home", home, *forgets), 3, told)
    assert f"n'est plus entier (« --damaged » l'efface) : {told}" in seen.out
    assert told in jalon("--home", home, "audit", "verify").err
    done = jalon("--home", home, *forgets, "--damaged")

    assert f"n'était plus entière, avant d'être effacée :\n{' ' * 16}{told}" in done.out
    assert jalon("--home", home, "audit", "verify").code == 0
    again = jalon("--home", home, "privacy", "receipt", done.out.split("numéro")[1].split()[0])
    assert told in again.out


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("JALON_KEYS", "mysql://ailleurs/base", "JALON_KEYS n'est pas l'adresse"),
        ("JALON_KEYS", "postgresql://x@127.0.0.1:1/keys", "indisponibles"),
        ("JALON_KEK", "/nulle/part", "indisponibles"),
    ],
)
def test_a_setting_that_leads_nowhere_is_said_in_a_sentence(
    home: Path, name: str, value: str, words: str
) -> None:
    seen = jalon("--home", home, "privacy", "find", NAME, **{name: value})

    refused(seen, 2 if "mysql" in value else 1, words)


def test_a_name_read_from_what_is_no_text_is_refused_in_a_sentence(home: Path) -> None:
    line: list[str | Path] = [PROGRAM, "--home", home, "privacy", "find", "-"]

    done = subprocess.run(line, input=b"\xff\xfe\n", capture_output=True, check=False)

    assert (done.returncode, done.stderr.decode()) == (
        2,
        "Ce qui est lu n'est pas du texte en UTF-8.\n",
    )
