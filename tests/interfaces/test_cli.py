"""The command line: results on stdout, trouble on stderr, codes for scripts."""

import re
import shutil
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from application.catalogue import COMMANDS
from application.wording import STAGES
from infrastructure.reference import REFERENCE, shipped_journeys
from interfaces.cli.commands import HELD_ELSEWHERE
from interfaces.cli.contents import PARTS
from tests.interfaces.shell import (
    HEADER,
    POLES,
    TIMELINE,
    Seen,
    audit,
    begun,
    jalon,
    loaded,
    program,
    refused,
    verbs,
)
from tests.make import closing_engine

FRENCH = ("er ", "re ", "ir ", "le ", "la ", "l'", "un ", "des ")


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry with the public history; nothing writes in it."""
    return loaded(tmp_path_factory.mktemp("history") / "home")


@pytest.fixture
def home(history: Path, tmp_path: Path) -> Path:
    """A copy of the registry with the public history, to write in."""
    return shutil.copytree(history, tmp_path / "home")


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A registry with its journeys, and no pole yet."""
    return begun(tmp_path / "empty")


# --- init ---------------------------------------------------------------------------------------


def test_init_makes_a_registry_with_its_journeys_and_says_where(tmp_path: Path) -> None:
    home = tmp_path / "registre"

    seen = jalon("--home", home, "init")

    assert (seen.code, seen.err) == (0, "")
    ready, *next_ = seen.out.splitlines()
    assert ready == f"Le registre {home} est prêt."
    assert f"({home / 'kek'})" in next_[1]
    assert "JALON_KEK" in next_[1]
    named = re.search(r"« (JALON_ORIGIN)=(\S+) jalon (audit sign) »", next_[2])
    assert named
    assert jalon("--home", home, *named[3].split(), JALON_ORIGIN=named[2]).code == 0
    (home / "kek").rename(tmp_path / "kek")
    sent = ["pole", "register", "--name", "Fictif"]
    assert jalon("--home", home, *sent, JALON_KEK=str(tmp_path / "kek")).code == 0
    journeys = jalon("--home", home, "journey", "list").out.splitlines()
    assert [line.split()[0] for line in journeys[1:]] == sorted(
        journey.ref for journey in shipped_journeys()
    )
    assert len(journeys) > 17


def test_init_again_changes_nothing(home: Path) -> None:
    before = audit(home), (home / "operator.json").read_bytes(), (home / "kek").read_bytes()

    seen = jalon("--home", home, "init")

    assert seen.code == 0
    assert "existait déjà" in seen.out
    assert "Ensuite" not in seen.out
    after = audit(home), (home / "operator.json").read_bytes(), (home / "kek").read_bytes()
    assert after == before


def test_the_folder_and_the_secrets_are_their_owner_s_alone(empty: Path) -> None:
    modes = {path.name: path.stat().st_mode & 0o777 for path in (empty, *empty.iterdir())}

    assert modes[empty.name] == 0o700
    assert {modes[name] for name in ("kek", "keys.db", "operator.json")} == {0o600}


def test_init_after_the_journal_was_lost_does_not_say_that_nothing_changed(home: Path) -> None:
    (home / "registry.db").write_bytes(b"")

    seen = jalon("--home", home, "init")

    assert "rien n'a changé" not in seen.out


def test_the_registry_is_found_by_the_environment_too(history: Path) -> None:
    seen = jalon("pole", "list", JALON_HOME=str(history))

    assert seen.out.endswith("77 pôles.\n")


# --- import -------------------------------------------------------------------------------------


def test_an_import_is_a_rehearsal_unless_told_to_apply(empty: Path) -> None:
    before = audit(empty)

    seen = jalon("--home", empty, "import", "poles", POLES)

    assert seen.code == 0
    assert seen.out.splitlines() == [
        "77 pôles à charger (693 événements), 0 déjà au registre, 0 ligne écartée sur 77.",
        "À blanc : rien n'a été écrit. Ajoutez --apply pour charger.",
    ]
    assert seen.err == ""
    assert audit(empty) == before
    assert jalon("--home", empty, "pole", "list").out == "Aucun pôle n'est enregistré.\n0 pôle.\n"


def test_an_import_that_applies_agrees_with_its_nouns(empty: Path) -> None:
    poles = jalon("--home", empty, "import", "poles", POLES, "--apply")
    facts = jalon("--home", empty, "import", "timeline", TIMELINE, "--apply")

    assert poles.out.startswith("77 pôles chargés (693 événements), 0 déjà au registre")
    assert facts.out.startswith("39 déclarations chargées (39 événements), 0 déjà au registre")
    assert (poles.code, facts.code) == (0, 0)


@pytest.mark.parametrize("kind", ["poles", "timeline"])
def test_a_second_import_changes_nothing(home: Path, kind: str) -> None:
    before = audit(home)

    seen = jalon("--home", home, "import", kind, REFERENCE / "history" / f"{kind}.csv", "--apply")

    assert seen.code == 0
    assert seen.out.startswith("0 ")
    assert audit(home) == before


def test_a_bad_row_is_told_with_its_line_and_the_others_are_loaded(
    empty: Path, tmp_path: Path
) -> None:
    file = tmp_path / "poles.csv"
    rows = [
        "Bon,,,Bretagne,2014,,confirmed,,,une source",
        "Mauvaise région,,,Armorique,2014,,confirmed,,,une source",
        ",,,Bretagne,2014,,confirmed,,,une source",
        "Année impossible,,,Bretagne,2014-13,,confirmed,,,une source",
        "Trop de valeurs,,,Bretagne,2014,,confirmed,,,une source,et une autre",
        "Code inconnu,,,Bretagne,2014,temoin_1912,confirmed,,,une source",
        "Bon,,,Bretagne,2014,,confirmed,,,la même",
        "Bon aussi,,,Bretagne,2015,,confirmed,,,une source",
    ]
    file.write_text(HEADER + "\n".join(rows), "utf-8")

    seen = jalon("--home", empty, "import", "poles", file, "--apply")

    assert seen.code == 1
    assert seen.out.startswith("2 pôles chargés")
    assert "6 lignes écartées sur 8" in seen.out
    told = seen.err.splitlines()
    assert [line.split(" : ")[0] for line in told] == [f"ligne {n}" for n in range(3, 9)]
    for line, word in zip(
        told,
        ["Armorique", "nom du pôle manque", "2014-13", "11 valeurs", "temoin_1912", "ligne 2"],
        strict=True,
    ):
        assert word in line
    names = [
        line["name"] for line in jalon("--home", empty, "pole", "list", "--json").json["items"]
    ]
    assert names == ["Bon", "Bon aussi"]


def test_an_import_tells_its_report_to_programs_too(empty: Path, tmp_path: Path) -> None:
    file = tmp_path / "poles.csv"
    file.write_text(f"{HEADER}Un,,,Bretagne,,,,,,\nDeux,,,Nulle part,,,,,,\n", "utf-8")

    report = jalon("--home", empty, "import", "poles", file, "--apply", "--json").json

    assert (report["rows"], report["recorded"], report["applied"]) == (2, 1, True)
    assert [line for line, _ in report["faults"]] == [3]


def test_semicolons_and_a_byte_order_mark_are_read(empty: Path, tmp_path: Path) -> None:
    file = tmp_path / "tableur.csv"
    header = HEADER.replace(",", ";")
    file.write_text(f"\ufeff{header}Un;Rennes, Redon;;Bretagne;2014;;;;;\r\n", "utf-8")

    seen = jalon("--home", empty, "import", "poles", file, "--apply")

    assert seen.code == 0, seen
    assert "Rennes, Redon" in jalon("--home", empty, "pole", "show", "un").out


# --- questions ----------------------------------------------------------------------------------


def test_the_list_of_poles_is_a_table_that_ends_with_its_number(history: Path) -> None:
    lines = jalon("--home", history, "pole", "list").out.splitlines()

    assert lines[0].split() == ["CODE", "NOM", "ÉTAPE", "DEPUIS", "RÉGION"]
    assert lines[-1] == "77 pôles."
    assert len(lines) == 79


def test_a_list_in_json_has_its_items_and_their_total(history: Path) -> None:
    poles = jalon("--home", history, "pole", "list", "--json").json

    assert set(poles) == {"items", "total"}
    assert poles["total"] == len(poles["items"]) == 77
    assert {"id", "code", "name", "stage", "stage_title", "occurred_on", "journey"} <= set(
        poles["items"][0]
    )
    assert {line["stage"] for line in poles["items"]} <= set(STAGES)


def test_a_list_is_narrowed_by_stage_region_and_words(history: Path) -> None:
    def names(*options: str) -> set[str]:
        items = jalon("--home", history, "pole", "list", "--json", *options).json["items"]
        return {line["code"] for line in items}

    experimenting = names("--stage", "experimentation")
    breton = names("--region", "Bretagne")

    assert experimenting
    assert breton
    assert names("--stage", "experimentation", "--region", "Bretagne") == experimenting & breton
    assert names("--search", "ecossolies") == {"les-ecossolies"}
    assert names("--search", "Écossolies") == {"les-ecossolies"}


def test_the_pilot_poles_alone_were_in_experimentation_in_2013(history: Path) -> None:
    past = jalon("--home", history, "pole", "list", "--in-force", "2013-01-01", "--json").json
    stages = [line["stage"] for line in past["items"]]

    assert stages.count("experimentation") == 18


def test_nothing_was_known_before_it_was_recorded(history: Path) -> None:
    yesterday = (date.today() - timedelta(days=2)).isoformat()  # noqa: DTZ011  # far from midnight

    seen = jalon("--home", history, "pole", "list", "--known", yesterday)

    assert seen.out.startswith("Le registre n'existait pas encore")
    assert (seen.code, seen.out.splitlines()[-1], seen.err) == (0, "0 pôle.", "")


def test_a_pole_is_shown_with_its_stage_and_what_attests_it(history: Path) -> None:
    seen = jalon("--home", history, "pole", "show", "ecossolies")
    assert re.findall(r"jalon (?!--home)\w", seen.out) == [], "commands, as they are typed here"
    assert seen.out.count(f"jalon --home {history} pole ") == 2
    sheet = jalon("--home", history, "pole", "show", "ecossolies", "--json").json

    assert "étape        Expérimentation, depuis le 25 juin 2012" in seen.out
    assert "pôle témoin de l'expérimentation nationale" in seen.out
    assert seen.out.endswith("Aucune étape n'est un agrément.\n")
    assert sheet["stage"] == "experimentation"
    assert sheet["journey"] == "pole@2026-11-23"
    assert sheet["occurred_on"] == "2012-06-25"
    assert sheet["recognitions"][0]["code"] == "temoin_2012"


def test_a_pole_is_shown_as_it_was_in_force_on_a_day(history: Path) -> None:
    sheet = jalon(
        "--home", history, "pole", "show", "ecossolies", "--in-force", "2014-12-31", "--json"
    ).json

    assert sheet["journey"] == "pole@2014-09-19"


@pytest.mark.parametrize("name", ["les-ecossolies", "Les Écossolies", "ECOSSOLIES", "ecosso"])
def test_a_pole_answers_to_its_code_its_name_and_a_part_of_it(history: Path, name: str) -> None:
    by_name = jalon("--home", history, "pole", "show", name, "--json").json
    by_id = jalon("--home", history, "pole", "show", by_name["id"], "--json").json

    assert by_name == by_id
    assert by_name["code"] == "les-ecossolies"


def test_a_history_gives_its_sources_and_what_was_not_checked(history: Path) -> None:
    seen = jalon("--home", history, "pole", "history", "ecossolies")
    told = jalon("--home", history, "pole", "history", "ecossolies", "--json").json

    assert "non vérifié, faute d'information" in seen.out
    assert "Source de ces faits, sauf mention contraire : http" in seen.out
    assert "fondement : " in seen.out
    assert seen.out.endswith(f"{told['total']} faits.\n")
    assert "identifiant : " not in seen.out
    assert (
        "identifiant : "
        in jalon("--home", history, "pole", "history", "ecossolies", "--details").out
    )
    assert {"position", "event_id", "topic", "recorded_at", "role", "source"} <= set(
        told["items"][0]
    )


def test_why_names_each_clause_its_verdict_and_who_can_act(history: Path) -> None:
    seen = jalon("--home", history, "pole", "why", "ecossolies")
    ways = jalon("--home", history, "pole", "why", "ecossolies", "--json").json

    recognise = next(way for way in ways["items"] if way["transition"] == "recognise")
    assert recognise["status"] == "closed"
    verdicts = {clause["clause"]: clause["verdict"] for clause in recognise["clauses"]}
    assert verdicts["article9"] == "failed"
    assert verdicts["mix"] == "unknown"
    assert "✗ non rempli : Une reconnaissance au titre de l'article 9 est en vigueur" in seen.out
    assert "qui peut agir : " in seen.out


def test_why_can_be_asked_for_a_role_and_for_a_past_day(history: Path) -> None:
    def statuses(*options: str) -> dict[str, str]:
        seen = jalon("--home", history, "pole", "why", "ecossolies", "--json", *options)
        return {way["transition"]: way["status"] for way in seen.json["items"]}

    assert statuses("--role", "registrar")["end"] == "needs_input"
    assert statuses("--role", "auditor")["end"] == "closed"
    assert "recognise" not in statuses("--in-force", "2013-01-01")


def test_claims_stand_side_by_side_with_their_authors(history: Path) -> None:
    seen = jalon("--home", history, "claim", "list")
    claims = jalon("--home", history, "claim", "list", "--json").json

    assert seen.out.endswith("39 déclarations.\n")
    assert claims["total"] == len(claims["items"]) == 39
    assert all(claim["author"] and claim["source"] for claim in claims["items"])


def test_the_journeys_are_listed_with_the_hash_of_their_content(history: Path) -> None:
    lines = jalon("--home", history, "journey", "list").out.splitlines()

    assert lines[0].split() == ["VERSION", "ÉTAPES", "PASSAGES", "PÔLES", "EMPREINTE", "SOURCE"]
    assert all(len(line.split()[4]) == 16 for line in lines[1:])


def test_a_published_journey_cannot_be_published_otherwise(home: Path, tmp_path: Path) -> None:
    file = REFERENCE / "journeys" / "pole@2021-05-12.yaml"
    changed = tmp_path / "autre.yaml"
    changed.write_text(file.read_text("utf-8").replace("Émergence", "Naissance"), "utf-8")
    before = audit(home)

    same = jalon("--home", home, "journey", "publish", file)
    other = jalon("--home", home, "journey", "publish", changed)

    assert same.code == 0
    assert other.code == 4
    assert audit(home) == before


# --- audit --------------------------------------------------------------------------------------


def test_the_audit_gives_the_size_and_the_root(history: Path) -> None:
    size, root = audit(history)

    seen = jalon("--home", history, "audit", "verify")

    assert seen == Seen(0, f"{size} événements vérifiés.\nracine {root}\n", "")
    assert len(bytes.fromhex(root)) == 32


def test_the_audit_compares_the_root_with_a_published_one(history: Path) -> None:
    _, root = audit(history)

    same = jalon("--home", history, "audit", "verify", "--expect", root.upper())
    other = jalon("--home", history, "audit", "verify", "--expect", "0" * 64)

    assert same.code == 0
    assert other.code == 3
    assert other.err == "Le journal n'est pas celui dont la racine a été publiée.\n"


@pytest.mark.parametrize("position", [1, 6, 592])
def test_one_byte_changed_in_a_state_is_found_with_its_index(home: Path, position: int) -> None:
    with closing(sqlite3.connect(home / "registry.db")) as db, db:
        (state,) = db.execute("SELECT state FROM event WHERE position = ?", [position]).fetchone()
        changed = bytearray(state)
        changed[len(changed) // 2] ^= 1
        db.execute("UPDATE event SET state = ? WHERE position = ?", [bytes(changed), position])

    seen = jalon("--home", home, "audit", "verify")

    assert seen.code == 3
    assert seen.err.count("\n") == 1
    assert f"L'événement n° {position} n'est plus celui qui a été enregistré" in seen.err


def test_an_event_taken_away_is_found(home: Path) -> None:
    with closing(sqlite3.connect(home / "registry.db")) as db, db:
        db.execute("DELETE FROM event WHERE position = 300")

    seen = jalon("--home", home, "audit", "verify")

    assert seen.code == 3
    assert "L'événement n° 300 " in seen.err


# --- the store ----------------------------------------------------------------------------------


def test_a_backup_put_back_gives_the_same_root_and_says_what_was_lost(
    home: Path, tmp_path: Path
) -> None:
    before = audit(home)
    saved = jalon("--home", home, "backup", tmp_path / "copie.db")
    jalon("--home", home, "pole", "register", "--name", "Après la sauvegarde")
    after = audit(home)

    refused(jalon("--home", home, "restore", tmp_path / "copie.db"), 4, "perdrait 2 événements")
    assert audit(home) == after
    restored = jalon("--home", home, "restore", tmp_path / "copie.db", "--older")

    assert saved.code == restored.code == 0
    assert "Les clés" in saved.out
    assert "2 événements n'y sont plus" in restored.out
    assert audit(home) == before
    listed = jalon("--home", home, "pole", "list").out
    assert listed.endswith("77 pôles.\n")
    assert "a été restaurée" in jalon("--home", home, "audit", "verify").out


def test_a_backup_is_never_written_over_another(home: Path, tmp_path: Path) -> None:
    (tmp_path / "copie.db").write_text("précieux")

    seen = jalon("--home", home, "backup", tmp_path / "copie.db")

    assert seen.code == 1
    assert "existe déjà" in seen.err
    assert (tmp_path / "copie.db").read_text() == "précieux"


@pytest.mark.parametrize("name", ["a?b", "50%41#c", "é à", "a:b@c"])
def test_a_folder_of_any_name_is_backed_up_and_put_back(tmp_path: Path, name: str) -> None:
    home = tmp_path / name
    jalon("--home", home, "init")
    before = audit(home)

    saved = jalon("--home", home, "backup", home / "copie.db")
    restored = jalon("--home", home, "restore", home / "copie.db")

    assert (saved.code, restored.code) == (0, 0)
    assert before[1] in restored.out
    assert audit(home) == before


def test_rebuilt_lists_are_the_same(home: Path) -> None:
    rebuilt = jalon("--home", home, "rebuild", "--json").json

    assert rebuilt["same"] is True
    assert rebuilt["size"] == audit(home)[0]


def test_lists_that_differed_are_told_by_the_code(home: Path) -> None:
    with closing(sqlite3.connect(home / "registry.db")) as db, db:
        db.execute("UPDATE register SET name = 'Autre' WHERE row = 1")

    first = jalon("--home", home, "rebuild")
    second = jalon("--home", home, "rebuild")

    assert first.code == 3
    assert "DIFFÉRENTE" in first.out
    assert second.code == 0


def test_doctor_and_migrate_find_nothing_to_do(home: Path) -> None:
    assert jalon("--home", home, "doctor").code == 0
    assert jalon("--home", home, "migrate").code == 0
    with closing_engine(f"sqlite:///{home / 'registry.db'}") as engine, engine.connect() as tx:
        assert tx.exec_driver_sql("SELECT count(*) FROM alembic_version").scalar() == 1


# --- commands -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_says_in_french_what_it_does_and_asks(name: str) -> None:
    command = COMMANDS[name]

    assert command.SAYS.endswith(".")
    assert any(sign in command.SAYS for sign in FRENCH), command.SAYS
    for field in command.model_fields.values():
        assert field.description


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - HELD_ELSEWHERE))
def test_every_command_has_a_verb_with_its_help(name: str) -> None:
    concept, _, verb = name.replace("_", "-").partition(".")
    command = COMMANDS[name]

    found = verbs()[f"{concept} {verb}"]
    shown = {option for p in found.params for option in p.opts}

    assert found.help == command.SAYS
    wanted = {f"--{field.replace('_', '-')}" for field in command.model_fields}
    assert wanted | {"--dry-run", "--key", "--json", "--as"} <= shown


def test_commands_that_read_files_have_verbs_of_their_own() -> None:
    assert {"journey publish", "import poles"} <= set(verbs())


def test_every_verb_and_every_group_has_help() -> None:
    assert all(command.help for command in verbs().values())


def test_the_help_shows_each_verb_once_under_a_part() -> None:
    listed = [name for names in PARTS.values() for name in names]

    assert len(listed) == len(set(listed))
    assert set(listed) == {verb.partition(" ")[0] for verb in verbs()}
    said = jalon("--help", COLUMNS="200").out
    assert all(f"─ {title} ─" in said for title in PARTS)
    assert "─ Ce qui s'enregistre ─" in jalon("recognition", "--help", COLUMNS="200").out


def test_the_exit_codes_are_written_in_the_help() -> None:
    seen = jalon("--help", COLUMNS="200")

    assert seen.code == 0
    said = " ".join(seen.out.split())
    for code in ("0 fait", "1 échec", "2 demande mal formée", "3 vérification", "4 refusé"):
        assert code in said


def test_a_command_rehearsed_writes_nothing(home: Path) -> None:
    before = audit(home)

    seen = jalon("--home", home, "pole", "register", "--name", "Essai", "--dry-run")
    told = jalon("--home", home, "pole", "register", "--name", "Essai", "--dry-run", "--json").json

    assert seen.out.splitlines()[0] == "À blanc : 2 événements à enregistrer, rien n'a été écrit."
    assert "  Code attribué : « essai » désigne désormais Essai" in seen.out.splitlines()
    assert told["events"] == ["register.pole_entered.v1", "pole.registered.v1"]
    assert [event["title"] for event in told["foreseen"]] == [
        "Code attribué",
        "Inscription au registre",
    ]
    assert told["foreseen"][1]["event"]["name"] == "Essai"
    assert audit(home) == before


def test_what_has_a_code_is_named_by_it_and_what_is_known_by_a_code_is_said(home: Path) -> None:
    given = ("--pole", "ecossolies", "--channel", "call", "--outcome", "absent")

    seen = jalon("--home", home, "pole", "note-contact", *given)

    said = ["Fait (1 événement) :", "  Prise de contact : appel : absent"]
    code = jalon("--home", home, "pole", "show", "ecossolies", "--json").json["code"]
    assert seen.out.splitlines() == [*said, f"Code : {code}"]
    assert "Retirer un fait" in jalon("fact", "--help").out


def test_a_command_is_done_and_its_effect_is_shown(home: Path) -> None:
    seen = jalon(
        *("--home", home, "pole", "add-member", "--pole", "ecossolies"),
        *("--member-kind", "ess_enterprise", "--name", "Une coopérative", "--siren", "732 829 320"),
    )

    assert seen.code == 0, seen
    assert [line.replace("\u00a0", " ") for line in seen.out.splitlines()[:2]] == [
        "Fait (1 événement) :",
        "  Nouveau membre : Une coopérative (entreprise de l'ESS) ; SIREN 732 829 320",
    ]
    assert seen.out.splitlines()[2].startswith("Identifiant : ")
    assert (
        "Une coopérative (entreprise de l'ESS)"
        in jalon("--home", home, "pole", "show", "ecossolies").out
    )


def test_a_command_under_a_key_is_done_once(home: Path) -> None:
    line = ["--home", str(home), "pole", "note-contact", "--pole", "ecossolies"]
    line += ["--channel", "téléphone", "--key", "appel-du-22"]

    first = jalon(*line, "--outcome", "joint")
    size = audit(home)[0]
    again = jalon(*line, "--outcome", "joint")
    other = jalon(*line, "--outcome", "absent")

    assert first.out.startswith("Fait")
    assert again.out.startswith("Déjà fait sous cette clé")
    assert first.out.split()[-1] == again.out.split()[-1]
    assert (other.code, other.out) == (4, "")
    assert audit(home)[0] == size


def test_a_command_is_done_in_the_role_given(home: Path) -> None:
    line = ["--home", str(home), "pole", "move", "--pole", "ecossolies"]
    line += ["--transition", "sign_charter"]

    wrong = jalon(*line)
    right = jalon(*line, "--as", "pole_representative")

    assert wrong.code == 4
    assert wrong.err.startswith("« Signer la charte » revient à : représentant du pôle.")
    assert "tenue du registre" not in right.err


def test_a_past_step_is_recorded_with_its_source(home: Path) -> None:
    seen = jalon(
        *("--home", home, "pole", "record-past-step", "--pole", "ecossolies"),
        *("--transition", "end", "--occurred-on", "2023-05", "--source", "un article"),
        *("--input", '{"reason": "dissolved"}'),
    )

    assert seen.code == 0, seen
    assert "A cessé, depuis mai 2023" in jalon("--home", home, "pole", "show", "ecossolies").out
    day_before = jalon(
        "--home", home, "pole", "show", "ecossolies", "--in-force", "2023-04-30", "--json"
    ).json
    assert day_before["stage"] == "experimentation"


def test_english_is_spoken_where_it_is_asked_for(history: Path) -> None:
    seen = jalon("--home", history, "pole", "show", "zzz", JALON_LANGUAGE="en")

    assert seen == Seen(1, "", "“zzz” is not in the register.\n")


# --- the installed program ----------------------------------------------------------------------


def test_the_installed_program_answers_like_its_function(history: Path) -> None:
    assert program("--home", history, "pole", "list") == jalon("--home", history, "pole", "list")


def test_the_installed_program_ends_with_the_code_of_a_refusal(history: Path) -> None:
    seen = program("--home", history, "pole", "show", "zzz")

    assert seen == Seen(1, "", "« zzz » ne figure pas dans le registre.\n")


def test_each_value_of_what_one_command_recorded_names_its_own_event(history: Path) -> None:
    told = jalon("--home", history, "pole", "blame", "les-ecossolies", "--json").json["items"]

    origin = {line["path"]: line["origin"]["position"] for line in told}
    named = origin["name"]
    placed, moved, follows = (origin[one] for one in ("territory.words", "stage_title", "journey"))
    assert named < placed < moved < follows
    for size in range(named, max(origin.values()) + 1):
        seen = jalon("--home", history, "pole", "show", "les-ecossolies", "--known", f"@{size}")
        assert seen.code == 0, (size, seen.err)
