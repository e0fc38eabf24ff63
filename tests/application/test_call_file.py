"""The seven calls of the State: what sources say of each, and nothing that they do not say."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from application.call_file import CallFile, ImportCall, read_calls
from application.call_list import CALLS
from application.call_sheet import CallSheet, call_sheet
from application.history import UnreadableFile
from domain.call import call_id
from domain.call_terms import CallCode
from domain.claim import Claim
from infrastructure.reference import read_call_file
from interfaces.history_files import load, read_poles, reference_file
from tests import make
from tests.application.calls import call_desk
from tests.application.desk import Desk

CODES = ["aap-2013", "aap-2015", "ami-2021", "ami-2022", "ami-2023", "ami-2024", "ami-2025"]
TODAY = "2026-11-23"
NOW = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A registry that holds the poles and the calls of the public history."""
    with call_desk(tmp_path_factory.mktemp("calls")) as made:
        made.clock.now = NOW
        load(made.registry, "poles", read_poles(reference_file("poles.csv")), make.by(), apply=True)
        report = load(made.registry, "calls", read_calls(read_call_file()), make.by(), apply=True)
        assert report.faults == ()
        yield made


def sheet(at: Desk, code: CallCode, on: str = TODAY) -> CallSheet:
    return call_sheet(at.registry, call_id(code), at.moment(on))


def test_the_seven_calls_are_there_with_their_stages(at: Desk) -> None:
    lines = at.lines(CALLS, TODAY)

    assert {line.code: (line.stage, str(line.stage_on)) for line in lines} == {
        "aap-2013": ("decided", "2014-01-10"),
        "aap-2015": ("decided", "2016-01-14"),
        "ami-2021": ("open", "2021-05-12"),
        "ami-2022": ("closed", "2022-10-17"),
        "ami-2023": ("decided", "2023-10-17"),
        "ami-2024": ("decided", "2024-09"),
        "ami-2025": ("decided", "2025-12-18"),
    }


def test_what_is_not_known_is_not_said(at: Desk) -> None:
    lines = {line.code: line for line in at.lines(CALLS, TODAY)}

    assert [code for code in CODES if lines[code].closes is None] == [
        "aap-2013",
        "ami-2021",
        "ami-2024",
        "ami-2025",
    ]
    assert [code for code in CODES if lines[code].opens is None] == ["ami-2022", "ami-2024"]
    assert [code for code in CODES if lines[code].envelope_cents is None] == ["ami-2022"]
    assert [code for code in CODES if lines[code].announced_on is None] == ["ami-2022"]
    assert not any(sheet(at, code).dossiers for code in CODES)


def test_dates_are_as_precise_as_their_sources(at: Desk) -> None:
    lines = {line.code: line for line in at.lines(CALLS, TODAY)}

    assert lines["aap-2013"].opens == "juillet 2013"
    assert lines["aap-2015"].closes == "30 juin 2015 à 23 h 59"
    assert lines["ami-2022"].closes == "17 octobre 2022 à 12 h 00"
    assert lines["ami-2023"].closes == "31 juillet 2023"


def test_the_call_of_2015_stood_open_between_its_two_dates(at: Desk) -> None:
    def stage(day: str) -> dict[str, str]:
        return {line.code: line.stage for line in at.lines(CALLS, day)}

    assert "aap-2015" not in stage("2015-04-20")
    assert [stage(f"2015-0{day}")["aap-2015"] for day in ("4-21", "6-30", "7-01")] == [
        "open",
        "open",
        "closed",
    ]


def test_only_laureates_whose_names_are_known_are_shown(at: Desk) -> None:
    known = {code: len(sheet(at, code).laureates) for code in CODES}
    phase_2 = [one for one in sheet(at, "ami-2021").laureates if one.code == "ami_2021_phase2"]

    assert known["aap-2013"] == 8
    assert known["aap-2015"] == known["ami-2022"] == known["ami-2025"] == 0
    assert (known["ami-2023"], known["ami-2024"], len(phase_2)) == (14, 1, 15)
    assert all(one.source for code in CODES for one in sheet(at, code).laureates)
    assert sheet(at, "aap-2013", "2014-01-09").laureates == ()


def test_figures_that_differ_are_claims_side_by_side(at: Desk) -> None:
    told = {
        code: {c.number for c in sheet(at, code).claims if c.measure == "candidates"}
        for code in ("aap-2013", "ami-2023")
    }

    assert told["aap-2013"] == {f"candidatures : {number}" for number in (180, 182, 183)}
    assert told["ami-2023"] == {"candidatures : 67", "candidatures : 72"}
    assert all(
        claim.contradicted
        for claim in sheet(at, "aap-2013").claims
        if claim.measure == "candidates"
    )


def test_what_was_announced_beforehand_stands_beside_what_came(at: Desk) -> None:
    before, after = sheet(at, "aap-2015").claims, sheet(at, "ami-2021").claims

    assert any("septembre 2015" in one.statement and one.note for one in before)
    assert any("troisième année est possible" in one.statement for one in after)
    (planned,) = [one for one in after if "15 à 20" in one.number]
    assert (planned.note, planned.contradicted) == ("un nombre annoncé, pas un résultat", False)


def test_every_fact_has_its_source(at: Desk) -> None:
    for code in CODES:
        for recorded in at.registry.history(call_id(code)):
            assert recorded.event.meta.source, recorded.event
        for claim in sheet(at, code).claims:
            (first, *_) = at.registry.history(claim.claim)
            assert isinstance(first.event, Claim.Recorded)
            assert first.event.meta.source


def test_loading_them_again_changes_nothing(at: Desk) -> None:
    size = at.size

    report = load(at.registry, "calls", read_calls(read_call_file()), make.by(), apply=True)

    assert (report.recorded, report.unchanged, at.size) == (0, 7, size)
    assert at.rebuilt()


def test_a_call_that_cannot_be_read_stops_no_other(tmp_path: Path) -> None:
    whole = read_call_file().calls[0]
    file = CallFile(calls=({**whole, "code": "Essai 2024"}, whole, whole))

    found = read_calls(file)

    assert [
        command.code for _, _, command in found.commands if isinstance(command, ImportCall)
    ] == ["aap-2013"]
    assert [fault.line for fault in found.faults] == [1, 3]


@pytest.mark.parametrize("text", ["", "- 1", "calls: 3", "calls: [", "calls: [1, 2]", "\x00"])
def test_what_is_no_file_of_calls_is_refused_in_one_sentence(tmp_path: Path, text: str) -> None:
    file = tmp_path / "appels.yaml"
    file.write_text(text, "utf-8")

    with pytest.raises(UnreadableFile, match="ne peut pas être chargé"):
        read_call_file(file)
