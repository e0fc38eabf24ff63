"""De minimis aid, closed establishments and follow-up committees, as people type them."""

from pathlib import Path

import pytest

from tests.interfaces.shell import Seen, jalon

SIREN, SIRET = "732829320", "73282932000074"


def begun(folder: Path) -> Path:
    """A registry with its journeys, and one pole."""
    made = folder / "home"
    assert jalon("--home", made, "init").code == 0
    given = ("pole", "register", "--name", "Pôle fictif", "--occurred-on", "2022-01-01")
    assert jalon("--home", made, *given).code == 0
    return made


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return begun(tmp_path)


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, in which nothing is recorded, whatever is tried."""
    return begun(tmp_path_factory.mktemp("untouched"))


def declare(
    home: Path, amount: str, *more: str, siren: str = SIREN, on: str = "2024-02-01"
) -> Seen:
    return jalon(
        *("--home", home, "single-undertaking", "declare-aid", "--siren", siren),
        *("--name", "Association d'essai", "--authority", "Région fictive"),
        *("--amount", amount, "--occurred-on", on, *more),
    )


@pytest.mark.parametrize(
    ("amount", "more"),
    [
        ("0", {}),
        ("-5", {}),
        ("12,345", {}),
        ("100 $", {}),
        ("9" * 30, {}),
        ("", {}),
        ("cent", {}),
        ("100", {"siren": "732829321"}),
        ("100", {"siren": "73282932"}),
        ("100", {"on": "2024-02"}),
        ("100", {"on": "2099-01-01"}),
        ("100", {"on": "2023-02-29"}),
    ],
)
def test_bad_input_is_one_clear_sentence_and_nothing_is_recorded(
    untouched: Path, amount: str, more: dict[str, str]
) -> None:
    seen = declare(untouched, amount, **more)

    assert seen.code in (2, 4), seen
    assert "Traceback" not in seen.err
    assert len(seen.err.strip().splitlines()) <= 4, seen.err
    assert jalon("--home", untouched, "de-minimis-aid", "list", "--json").json["items"] == []


def test_aid_is_listed_at_a_past_day_and_counted_once(home: Path) -> None:
    assert declare(home, "30 000,50").code == 0
    again = declare(home, "30000.50")
    assert (again.code, "déjà comptée" in again.err) == (4, True)

    def listed(*options: str) -> list[int]:
        seen = jalon("--home", home, "de-minimis-aid", "list", "--json", *options)
        return [line["amount_cents"] for line in seen.json["items"]]

    assert listed() == [3_000_050]
    assert listed("--in-force", "2024-01-31") == []


def test_an_establishment_that_closed_is_listed_and_closes_once(home: Path) -> None:
    close = ("establishment", "close", "--siret", SIRET, "--occurred-on", "2024-03-01")

    assert jalon("--home", home, *close).code == 0
    again = jalon("--home", home, *close)
    assert (again.code, "1er mars 2024" in again.err) == (4, True)
    (line,) = jalon("--home", home, "establishment", "list", "--json").json["items"]
    assert line["siret"] == SIRET


def test_a_follow_up_committee_is_called_by_its_code(home: Path) -> None:
    on = ("--occurred-on", "2023-02-01")
    made = jalon("--home", home, "follow-up", "constitute", "--pole", "pole-fictif", *on)
    assert made.code == 0, made
    meet = ("follow-up", "record-meeting", "--present", "État", "--occurred-on", "2023-05-02")

    assert jalon("--home", home, *meet, "--follow-up", "pole-fictif-suivi").code == 0
    unknown = jalon("--home", home, *meet, "--follow-up", "autre-suivi")
    assert (unknown.code, "comité de suivi" in unknown.err) == (1, True)
    (line,) = jalon("--home", home, "follow-up-meeting", "list", "--json").json["items"]
    assert line["occurred_on"] == "2023-05-02"
