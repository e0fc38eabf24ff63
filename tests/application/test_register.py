"""What is asked of the register, at any two dates."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from application.charter_signature import SignCharter, WithdrawSignature
from application.command import Command
from application.history_in_words import pole_history
from application.member import AddMember
from application.pole import (
    FileEvidence,
    MovePole,
    NoteContact,
    RecordPastStep,
    RegisterPole,
    RenamePole,
)
from application.recognition import EndRecognition, RecordRecognition
from application.register import NothingInForceYet, NotYet, pole_sheet, pole_why
from application.world import Moment
from domain.charter import Capacity, CharterSignatureId, Variant
from domain.dates import PartialDate
from domain.errors import NotFound
from domain.membership import MemberKind
from domain.pole import PoleId
from domain.provenance import Confidence
from domain.recognition import RecognitionId, RecognitionKind
from domain.roles import Role
from domain.values import Personal
from domain.workflow import Verdict
from infrastructure.event_store.registry import Registry
from tests import make


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    """A registry in which the journeys are published."""
    with make.registry(tmp_path) as made:
        yield made


@pytest.fixture
def pole(registry: Registry) -> PoleId:
    """A pole of 2022."""
    return PoleId(do(registry, RegisterPole(name="Tétris"), "2022"))


def do(registry: Registry, command: Command, on: str, role: Role = Role.REGISTRAR) -> PoleId:
    dated = command.model_copy(update={"occurred_on": PartialDate(on)})
    return PoleId(registry.do(dated, make.by(role)).answer)


def at(registry: Registry, day: str = make.TODAY.isoformat(), known: int | None = None) -> Moment:
    return Moment(known=known or registry.journal.size(), in_force=make.day(day))


def joins(pole: PoleId, kind: MemberKind, name: str) -> AddMember:
    return AddMember(pole=pole, member_kind=kind, name=name)


def selected(pole: PoleId) -> RecordRecognition:
    return RecordRecognition(
        pole=pole,
        recognition_kind=RecognitionKind.SELECTION,
        code="selection",
        issuer="comité interministériel",
        ground="loi n° 2014-856, art. 9 II",
        source="journal officiel",
        confidence=Confidence.CONFIRMED,
    )


def signs(pole: PoleId) -> SignCharter:
    return SignCharter(
        pole=pole,
        charter=PartialDate("2021-06"),
        variant=Variant.EXISTING_POLE,
        capacity=Capacity.PRESIDENT,
        place="Grasse",
        signatory=Personal(text="Camille Martin"),
    )


# The sheet.


def test_a_sheet_says_what_was_in_force_on_a_day(registry: Registry, pole: PoleId) -> None:
    do(registry, RenamePole(pole=pole, name="Trézor"), "2023-06")
    do(registry, joins(pole, MemberKind.RESEARCH, "Université"), "2023-06")

    before, after = (
        pole_sheet(registry, pole, at(registry, day)) for day in ("2023-05-31", "2023-06-01")
    )

    assert (before.name, before.members) == ("Tétris", ())
    assert (after.name, [m.name for m in after.members]) == ("Trézor", ["Université"])


def test_a_sheet_says_what_was_known_at_a_size(registry: Registry, pole: PoleId) -> None:
    size = registry.journal.size()
    do(registry, RenamePole(pole=pole, name="Trézor"), "2022")

    assert pole_sheet(registry, pole, at(registry, known=size)).name == "Tétris"
    assert pole_sheet(registry, pole, at(registry)).name == "Trézor"


def test_a_pole_nobody_knew_yet_and_one_that_had_not_begun_are_told_apart(
    registry: Registry, pole: PoleId
) -> None:
    with pytest.raises(NotYet, match="« Tétris » n'était pas encore connu") as unknown:
        pole_sheet(registry, pole, at(registry, known=5))
    with pytest.raises(NothingInForceYet, match="en vigueur le 31 décembre 2021"):
        pole_sheet(registry, pole, at(registry, "2021-12-31"))
    with pytest.raises(NotFound):
        pole_sheet(registry, uuid4(), at(registry))

    assert not isinstance(unknown.value, NothingInForceYet)


def test_a_recognition_is_shown_with_its_issuer_its_ground_and_its_end(
    registry: Registry, pole: PoleId
) -> None:
    recognition = RecognitionId(do(registry, selected(pole), "2023"))
    do(registry, EndRecognition(recognition=recognition, motive="à terme"), "2024-02-01")

    (line,) = pole_sheet(registry, pole, at(registry)).recognitions

    assert (line.issuer, line.occurred_on, str(line.until)) == (
        "comité interministériel",
        "2023",
        "2024-02-01",
    )
    assert (line.ground, line.source, line.confidence) == (
        "loi n° 2014-856, art. 9 II",
        "journal officiel",
        "confirmed",
    )
    assert pole_sheet(registry, pole, at(registry, "2022-06-01")).recognitions == ()


def test_the_charter_is_signed_until_the_signature_is_withdrawn(
    registry: Registry, pole: PoleId
) -> None:
    signature = CharterSignatureId(do(registry, signs(pole), "2023"))
    do(registry, WithdrawSignature(signature=signature, motive="nouveaux statuts"), "2024-02")

    days = ("2022-12-31", "2023-01-01", "2024-01-31", "2024-02-01")
    signed = [pole_sheet(registry, pole, at(registry, day)).charter_signed for day in days]

    assert signed == [False, True, True, False]


def test_a_signature_moves_no_pole(registry: Registry, pole: PoleId) -> None:
    do(registry, signs(pole), "2023")

    assert pole_sheet(registry, pole, at(registry)).stage == "emergence"


def test_a_date_is_shown_no_more_precise_than_it_is(registry: Registry) -> None:
    shown = []
    for on in ("2012", "2012-06", "unknown"):
        pole = do(registry, RegisterPole(name="Tétris"), on)
        shown.append(pole_sheet(registry, pole, at(registry)).occurred_on)

    assert shown == ["2012", "2012-06", "unknown"]


# The history.


def test_a_history_is_in_the_order_of_the_facts_up_to_a_day(
    registry: Registry, pole: PoleId
) -> None:
    do(registry, RenamePole(pole=pole, name="Trézor"), "2024-01")
    do(registry, signs(pole), "2022-06")
    do(registry, selected(pole), "2023")
    do(registry, joins(pole, MemberKind.RESEARCH, "Université"), "2022-06")

    lines = pole_history(registry, pole, at(registry))

    assert [(line.occurred_on, line.topic) for line in lines] == [
        ("2022", "pole.registered.v1"),
        ("2022-06", "charter_signature.signed.v1"),
        ("2022-06", "pole.member_joined.v1"),
        ("2023", "recognition.issued.v1"),
        ("2023", "pole.moved.v1"),
        ("2024-01", "pole.renamed.v1"),
    ]
    assert len(pole_history(registry, pole, at(registry, "2022-12-31"))) == 3
    assert len(pole_history(registry, pole, at(registry, known=8))) == 1


def test_a_line_of_history_says_who_on_which_ground_from_which_source(
    registry: Registry, pole: PoleId
) -> None:
    do(registry, selected(pole), "2023", Role.SECRETARY)

    line = pole_history(registry, pole, at(registry))[-1]

    assert (line.actor, line.role) == (make.ACTOR, Role.SECRETARY)
    assert (line.ground, line.source) == ("loi n° 2014-856, art. 9 II", "journal officiel")
    assert line.recorded_at >= make.NOW
    assert registry.journal.rows(line.position - 1, 1)[0].topic == line.topic


def test_a_past_step_is_shown_with_what_nobody_checked(registry: Registry) -> None:
    pole = do(registry, RegisterPole(name="Tétris"), "2012")
    past = RecordPastStep(pole=pole, transition="enter_experimentation", source="chronologie")
    do(registry, past, "2013")

    line = pole_history(registry, pole, at(registry))[-1]

    assert line.title == "Entrer en expérimentation"
    assert len(line.not_checked) == 5
    assert "Le document de stratégie commune est au dossier." in line.not_checked


def test_no_name_of_a_person_is_in_a_history(registry: Registry, pole: PoleId) -> None:
    do(registry, signs(pole), "2023")
    citizen = AddMember(
        pole=pole, member_kind=MemberKind.CITIZEN, person=Personal(text="Camille Martin")
    )
    do(registry, citizen, "2023")

    shown = str(pole_history(registry, pole, at(registry)))
    shown += str(pole_sheet(registry, pole, at(registry)))

    assert "Camille" not in shown


# What is wanting.


def verdicts(registry: Registry, pole: PoleId, moment: Moment, way: str) -> dict[str, Verdict]:
    (line,) = [w for w in pole_why(registry, pole, moment) if w.transition == way]
    return {clause.clause: clause.verdict for clause in line.clauses}


def test_every_way_out_is_shown_with_each_clause_and_who_could_unblock_it(
    registry: Registry, pole: PoleId
) -> None:
    ways = {way.transition: way for way in pole_why(registry, pole, at(registry))}

    enter = ways["enter_experimentation"]
    assert set(ways) == {
        "sign_charter",
        "enter_experimentation",
        "recognise",
        "fall_silent",
        "end",
    }
    assert (enter.status, enter.to_title) == ("closed", "Expérimentation")
    mix = enter.clauses[0]
    assert mix.sentence == (
        "Le pôle réunit au moins une entreprise de l'ESS et une autre entreprise."
    )
    assert mix.unblocked_by == (Role.POLE_REPRESENTATIVE, Role.REGISTRAR)
    assert ways["end"].status == "needs_input"
    assert ways["end"].missing_input == ("Raison",)


def test_what_was_wanting_on_a_past_day_is_told_as_it_was(registry: Registry, pole: PoleId) -> None:
    do(registry, joins(pole, MemberKind.ESS_ENTERPRISE, "Évaléco"), "2023")
    do(registry, joins(pole, MemberKind.OTHER_ENTERPRISE, "Société"), "2024")
    size = registry.journal.size()
    do(registry, FileEvidence(pole=pole, evidence="strategy", title="Stratégie"), "2023")

    way = "enter_experimentation"
    then = verdicts(registry, pole, at(registry, "2023-06-01"), way)
    before_it_was_known = verdicts(registry, pole, at(registry, "2023-06-01", size), way)
    now = verdicts(registry, pole, at(registry), way)

    assert then == {
        "mix": Verdict.FAILED,
        "strategy": Verdict.HELD,
        "territory": Verdict.UNKNOWN,
    }
    assert before_it_was_known["strategy"] is Verdict.UNKNOWN
    assert now["mix"] is Verdict.HELD


def test_silence_is_told_of_a_past_day_as_it_was(registry: Registry) -> None:
    pole = do(registry, RegisterPole(name="Tétris"), "2015-06")
    do(registry, NoteContact(pole=pole, channel="courriel", outcome="sans réponse"), "2016-09")
    do(registry, joins(pole, MemberKind.RESEARCH, "Université"), "2020")

    told = [
        verdicts(registry, pole, at(registry, day), "fall_silent")
        for day in ("2016-05-31", "2016-09-01", "2020-06-01")
    ]

    assert [t["silence"] for t in told] == [Verdict.FAILED, Verdict.HELD, Verdict.FAILED]
    assert [t["contact"] for t in told] == [Verdict.FAILED, Verdict.HELD, Verdict.FAILED]


def stages(registry: Registry, pole: PoleId, *days: str, known: int | None = None) -> list[str]:
    return [pole_sheet(registry, pole, at(registry, day, known)).stage for day in days]


def test_a_pole_stands_recognised_only_while_a_recognition_lasts(
    registry: Registry, pole: PoleId
) -> None:
    recognition = RecognitionId(do(registry, selected(pole), "2023"))
    do(registry, EndRecognition(recognition=recognition, motive="à terme"), "2024-02-01")

    told = stages(registry, pole, "2022-12-31", "2023-01-01", "2024-01-31", "2024-02-01")

    assert told == ["emergence", "recognised", "recognised", "experimentation"]


def test_an_end_that_was_not_known_yet_had_ended_nothing(registry: Registry, pole: PoleId) -> None:
    recognition = RecognitionId(do(registry, selected(pole), "2023"))
    size = registry.journal.size()
    do(registry, EndRecognition(recognition=recognition, motive="à terme"), "2023-06")

    assert stages(registry, pole, "2024-01-01", known=size) == ["recognised"]
    assert stages(registry, pole, "2024-01-01") == ["experimentation"]


def test_a_way_is_closed_to_a_role_that_may_not_take_it(registry: Registry, pole: PoleId) -> None:
    statuses = {
        role: {w.transition: w.status for w in pole_why(registry, pole, at(registry), role=role)}
        for role in (Role.REGISTRAR, Role.FUNDER)
    }

    assert statuses[Role.REGISTRAR]["end"] == "needs_input"
    assert set(statuses[Role.FUNDER].values()) == {"closed"}


def test_nothing_leads_out_of_the_last_stage(registry: Registry, pole: PoleId) -> None:
    end = MovePole(pole=pole, transition="end", input={"reason": "dissolved"})
    do(registry, end, "2024-01-01")

    assert pole_why(registry, pole, at(registry)) == []
    assert pole_sheet(registry, pole, at(registry)).stage_title == "A cessé"
