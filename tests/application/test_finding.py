"""Findings of composition: two persons, and the pole heard, before one takes effect."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from application.command import By
from application.contest import AnswerContest, ContestFact
from application.history_in_words import pole_history
from application.journey import PublishJourney
from application.mandate import GiveMandate, account_in_words
from application.pole import (
    RegisterPole,
)
from application.recognition import (
    FINDINGS,
    RECOGNITION_LIST,
    AbandonFinding,
    ConfirmFinding,
    ProposeFinding,
    RecordRecognition,
    ReplyToFinding,
)
from application.retraction import RetractFact
from application.world import Moment
from domain.contest import AnsweredByTheSame, ContestedBy, ContestOutcome
from domain.dates import PartialDate
from domain.errors import Forbidden
from domain.journey import Journey
from domain.mandate import OutsideItsReach
from domain.pole import Pole, PoleId
from domain.provenance import MandateId
from domain.recognition import (
    FoundByTwo,
    NotHeard,
    NotIssued,
    NotOfThePole,
    NotProposed,
    PoleReply,
    Recognition,
    RecognitionId,
    RecognitionKind,
    SamePerson,
    UndoneByTwo,
)
from domain.rights import RightNotHeld
from domain.roles import Role
from domain.values import Personal
from tests import make
from tests.application.desk import desk as at_a_desk
from tests.application.recognitions import OF_POLE, SECOND, THIRD, Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    clock = make.Clock()
    with make.registry(tmp_path, clock=clock) as registry:
        yield Desk(registry, clock)


def propose(desk: Desk, pole: PoleId) -> RecognitionId:
    command = ProposeFinding(
        pole=pole, code="constat", issuer="Registre", evidence=("statuts", "liste des membres")
    )
    return RecognitionId(desk.registry.do(command, make.by()).answer)


def replied(desk: Desk, finding: RecognitionId) -> None:
    reply = ReplyToFinding(recognition=finding, position=PoleReply.OBSERVES)
    found = desk.registry.load(Recognition, finding)
    assert found
    desk.registry.do(reply, mandated(desk, f"pole:{found.pole}"))


def mandated(desk: Desk, relation: str) -> By:
    """The representative of a pole, who acts for it."""
    given = GiveMandate(
        holder=OF_POLE.actor,
        principal=f"pole:{desk.poles[-1]}",
        for_role=Role.POLE_REPRESENTATIVE,
        relation=relation,
    )
    mandate = MandateId(desk.registry.do(given, SECOND).answer)
    return OF_POLE.model_copy(update={"on_behalf_of": mandate})


def test_a_finding_takes_effect_once_a_second_person_confirms_it_the_pole_heard(
    desk: Desk,
) -> None:
    pole = desk.pole("2022")
    finding = propose(desk, pole)
    assert desk.stages(pole, make.TODAY) == ["emergence"]
    replied(desk, finding)

    desk.registry.do(ConfirmFinding(recognition=finding), SECOND)

    (issued,) = [told.event for told in desk.registry.told(Recognition.Issued)]
    assert isinstance(issued, Recognition.Issued)
    assert issued.meta.ground == "loi n° 2014-856 du 31 juillet 2014, article 9, I"
    assert len(set(issued.found_by)) == 2
    moment = Moment(known=desk.registry.journal.size(), in_force=make.TODAY)
    lines = pole_history(desk.registry, pole, moment)
    (made,) = [line for line in lines if line.topic == "recognition.issued.v1"]
    one, other = (account_in_words(by.actor) for by in (make.by(), SECOND))
    assert made.detail.endswith(
        f"constaté par deux personnes distinctes : compte {one} et compte {other}"
    )
    assert made.account == f"compte {other}"
    assert desk.stages(pole, make.TODAY) == ["recognised"]


def test_a_finding_to_which_the_pole_replied_is_not_said_to_wait_for_it(tmp_path: Path) -> None:
    with at_a_desk(tmp_path) as at:
        proposed = ProposeFinding(
            pole=at.pole(), code="constat", issuer="Registre", evidence=("statuts",)
        )
        finding = RecognitionId(at.do(proposed))
        (waiting,) = at.lines(FINDINGS)
        assert (waiting.reply, str(waiting.confirmed_from)) == (None, "2024-06-18")
        size = at.size
        at.do(ReplyToFinding(recognition=finding, position=PoleReply.OBJECTS), by=THIRD)

        (line,) = at.lines(FINDINGS)
        assert (line.reply, line.confirmed_from) == (PoleReply.OBJECTS, None)
        (before,) = at.lines(FINDINGS, known=size)
        assert before == waiting
        assert at.rebuilt()


def test_the_list_says_by_which_two_accounts_a_finding_was_made(tmp_path: Path) -> None:
    with at_a_desk(tmp_path) as at:
        pole = Desk(at.registry, at.clock).pole("2022")
        proposed = ProposeFinding(
            pole=pole, code="constat", issuer="Registre", evidence=("statuts",)
        )
        finding = RecognitionId(at.do(proposed))
        at.do(ReplyToFinding(recognition=finding, position=PoleReply.AGREES), by=THIRD)
        given = GiveMandate(
            holder=SECOND.actor,
            principal="organisation:Autre réseau",
            for_role=Role.REGISTRAR,
            relation="everywhere",
        )
        mandate = MandateId(at.do(given, by=THIRD))
        under = SECOND.model_copy(update={"on_behalf_of": mandate})
        at.do(ConfirmFinding(recognition=finding), by=under)

        (line,) = at.lines(RECOGNITION_LIST)
        one, other = (account_in_words(by.actor) for by in (make.by(), SECOND))
        assert line.found_by == (
            f"compte {one}",
            f"compte {other}, sous mandat pour l'organisation Autre réseau",
        )
        assert at.rebuilt()


def test_whoever_proposed_a_finding_does_not_confirm_it(desk: Desk) -> None:
    finding = propose(desk, desk.pole("2022"))
    replied(desk, finding)

    reply = ReplyToFinding(recognition=finding, position=PoleReply.AGREES)
    for own in (ConfirmFinding(recognition=finding), reply):
        with pytest.raises(SamePerson):
            desk.registry.do(own, make.by())


def test_the_reply_to_a_finding_is_the_poles(desk: Desk) -> None:
    """By who represents it under a mandate, or by who keeps the register on its behalf."""
    other = desk.pole("2022")
    finding = propose(desk, desk.pole("2022"))
    reply = ReplyToFinding(recognition=finding, position=PoleReply.AGREES)

    for nobody in (OF_POLE, make.by(Role.COORDINATOR), make.by(Role.FUNDER)):
        with pytest.raises(NotOfThePole, match="celle du pôle"):
            desk.registry.do(reply, nobody)
    with pytest.raises(OutsideItsReach):
        desk.registry.do(reply, mandated(desk, f"pole:{other}"))
    assert list(desk.registry.told(Recognition.Replied)) == []

    desk.registry.do(reply, THIRD)
    desk.registry.do(reply, mandated(desk, f"pole:{desk.poles[-1]}"))
    assert len(list(desk.registry.told(Recognition.Replied))) == 2


def test_the_rights_of_a_stage_hold_for_what_is_done_with_a_finding(desk: Desk) -> None:
    rights = {"recognition.reply": ["dpo"], "recognition.abandon_finding": ["dpo"]}
    shipped = make.journey().journey.model_dump(mode="json", by_alias=True)
    for state in shipped["states"]:
        state["rights"] = rights
    journey = Journey.model_validate({**shipped, "version": "2024-01-01"})
    desk.registry.do(PublishJourney(journey=journey), make.by(Role.ADMINISTRATOR))
    register = RegisterPole(name="Pôle réservé", journey=journey.ref)
    finding = propose(desk, PoleId(desk.registry.do(register, make.by()).answer))

    for command in (
        ReplyToFinding(recognition=finding, position=PoleReply.AGREES),
        AbandonFinding(recognition=finding, motive="composition changée"),
    ):
        with pytest.raises(RightNotHeld):
            desk.registry.do(command, THIRD)


def test_acting_for_another_does_not_make_two_persons_of_one(desk: Desk) -> None:
    finding = propose(desk, desk.pole("2022"))
    replied(desk, finding)
    given = GiveMandate(
        holder=make.ACTOR,
        principal="organisation:Autre réseau",
        for_role=Role.REGISTRAR,
        relation="everywhere",
    )
    mandate = MandateId(desk.registry.do(given, SECOND).answer)

    acting = make.by().model_copy(update={"on_behalf_of": mandate})

    with pytest.raises(SamePerson):
        desk.registry.do(ConfirmFinding(recognition=finding), acting)


def test_the_time_to_reply_runs_from_the_record_whatever_its_date(desk: Desk) -> None:
    pole = desk.pole("2022")
    proposed = ProposeFinding(
        pole=pole,
        code="constat",
        issuer="Registre",
        evidence=("statuts",),
        occurred_on=PartialDate("2023-01-01"),
    )
    finding = RecognitionId(desk.registry.do(proposed, make.by()).answer)

    with pytest.raises(NotHeard):
        desk.registry.do(ConfirmFinding(recognition=finding), SECOND)


def test_a_pole_that_does_not_reply_is_waited_for_fifteen_days(desk: Desk) -> None:
    finding = propose(desk, desk.pole("2022"))
    confirm = ConfirmFinding(recognition=finding)

    with pytest.raises(NotHeard, match="18 juin 2024"):
        desk.registry.do(confirm, SECOND)
    desk.clock.advance(days=15)

    desk.registry.do(confirm, SECOND)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.POLE_REPRESENTATIVE, Role.FUNDER])
def test_only_those_who_keep_the_register_make_findings(desk: Desk, role: Role) -> None:
    pole = desk.pole("2022")
    proposed = ProposeFinding(pole=pole, code="constat", issuer="Registre", evidence=("statuts",))

    with pytest.raises(Forbidden):
        desk.registry.do(proposed, make.by(role))


def test_a_finding_is_neither_recorded_alone_nor_twice_nor_once_given_up(desk: Desk) -> None:
    pole = desk.pole("2022")
    alone = RecordRecognition(
        pole=pole,
        recognition_kind=RecognitionKind.COMPOSITION_FINDING,
        code="constat",
        issuer="Registre",
        ground="article 9 I",
    )
    with pytest.raises(FoundByTwo):
        desk.registry.do(alone, make.by())
    finding = propose(desk, pole)
    desk.registry.do(AbandonFinding(recognition=finding, motive="composition changée"), make.by())

    for command in (
        ConfirmFinding(recognition=finding),
        ReplyToFinding(recognition=finding, position=PoleReply.AGREES),
        AbandonFinding(recognition=finding, motive="encore"),
    ):
        with pytest.raises(NotProposed):
            desk.registry.do(command, SECOND)
    with pytest.raises(NotIssued):
        desk.end(finding, "2024-06-04")


def test_what_two_persons_found_two_persons_end_before_its_term(desk: Desk) -> None:
    """Ended by one from the day after on, it would have been taken back by one."""
    pole = desk.pole("2022")
    finding = make.find_composition(desk.registry.do, pole, "2024-06-01")
    issued = next(desk.registry.told(Recognition.Issued)).event.meta.event_id
    with pytest.raises(UndoneByTwo):
        desk.end(finding, "2024-06-02")

    contest = ContestFact(about=issued, by_kind=ContestedBy.POLE, version=Personal(text="Non."))
    contested = desk.registry.do(contest, make.by()).answer
    with pytest.raises(UndoneByTwo):
        desk.end(finding, "2024-06-02")
    upheld = AnswerContest(contest=contested, outcome=ContestOutcome.UPHELD, reasons="En effet.")
    desk.registry.do(upheld, SECOND)
    desk.end(finding, "2024-06-02")

    found = desk.registry.load(Recognition, finding)
    assert found
    assert not found.in_force_on(make.TODAY)


def test_what_two_persons_found_two_persons_go_back_on(desk: Desk) -> None:
    """Neither the finding, nor the step to which it led, is taken back by one of them alone."""
    pole = desk.pole("2022")
    finding = make.find_composition(desk.registry.do, pole, "2024-06-01")
    issued, moved = (
        next(desk.registry.told(kind)).event.meta.event_id
        for kind in (Recognition.Issued, Pole.Moved)
    )
    alone = [RetractFact(event=one, reason="Liste erronée.") for one in (issued, moved)]
    for command in alone:
        with pytest.raises(UndoneByTwo):
            desk.registry.do(command, make.by())

    contest = ContestFact(about=issued, by_kind=ContestedBy.POLE, version=Personal(text="Non."))
    contested = desk.registry.do(contest, make.by()).answer
    with pytest.raises(UndoneByTwo):
        desk.registry.do(alone[0], make.by())
    upheld = AnswerContest(contest=contested, outcome=ContestOutcome.UPHELD, reasons="En effet.")
    with pytest.raises(AnsweredByTheSame):
        desk.registry.do(upheld, make.by())
    desk.registry.do(upheld, SECOND)
    desk.registry.do(alone[0], make.by())

    assert desk.stages(pole, make.TODAY) == ["emergence"]
    found = desk.registry.load(Recognition, finding)
    assert found
    assert not found.in_force_on(make.TODAY)
