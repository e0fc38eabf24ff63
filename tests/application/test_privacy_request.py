"""A request of a person from its reception to the answer; late, put off, refused, withdrawn."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal
from uuid import UUID, uuid4

import pytest

from application.case_sheet import history_of
from application.deadline import TickDeadlines
from application.erasure import RequestErasure
from application.journey import PublishJourney
from application.member import AddMember
from application.personal import ERASED
from application.privacy_request import (
    AnswerPrivacyRequest,
    CarryOutPrivacyRequest,
    DecidePrivacyRequest,
    ExtendPrivacyRequest,
    MovePrivacyRequest,
    NotAReceiver,
    ReceivePrivacyRequest,
)
from application.privacy_request_sheet import (
    KEPT_FROM_AUDITORS,
    PRIVACY_REQUESTS,
    PrivacyYear,
    privacy_request_sheet,
    privacy_years,
)
from domain.erasure import Erasure, ErasureGround, ErasureId, Exemption, HeldValue
from domain.errors import Forbidden, Refused
from domain.exchange import Channel
from domain.overdue import FellDue
from domain.privacy_ground import PrivacyRight, RefusalGround
from domain.privacy_request import (
    BeforeTheRegulation,
    HeldBack,
    NotDoneByThat,
    NothingToDecideAgain,
    PrivacyOutcome,
    PrivacyRequest,
    PrivacyRequestId,
)
from domain.roles import Role
from domain.values import Personal
from infrastructure.reference import shipped_journeys
from tests import make
from tests.application.desk import Desk, desk, person

NAME, WORDS, WHY = "Camille Exemple", "Effacez mon nom.", "Le nom figure dans un acte public."
DPO = person(2, Role.DPO)
DUE = "2024-04-04"
"""A month after the reception."""


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Desk]:
    with desk(tmp_path) as made:
        journey = next(j for j in shipped_journeys() if j.id == "privacy_request")
        made.do(PublishJourney(journey=journey), by=make.by(Role.ADMINISTRATOR))
        yield made


def received(
    at: Desk, on: str = "2024-03-04", right: PrivacyRight = PrivacyRight.ERASURE
) -> PrivacyRequestId:
    command = ReceivePrivacyRequest(
        right=right,
        channel=Channel.MAIL,
        requester=Personal(text=NAME),
        contact=Personal(text="3 rue Inventée"),
        words=Personal(text=WORDS),
    )
    return PrivacyRequestId(at.do(command, on))


def move(request: PrivacyRequestId, transition: str, **given: str) -> MovePrivacyRequest:
    return MovePrivacyRequest(request=request, transition=transition, input=given)


def identified(at: Desk, on: str = "2024-03-04", **more: Any) -> PrivacyRequestId:
    request = received(at, on, **more)
    at.do(move(request, "check_identity", means="questions"), on, DPO)
    return request


def decide(
    request: PrivacyRequestId,
    outcome: PrivacyOutcome = PrivacyOutcome.GRANTED,
    ground: RefusalGround | None = None,
    why: str | None = None,
) -> DecidePrivacyRequest:
    motive = Personal(text=why) if why else None
    return DecidePrivacyRequest(
        request=request, outcome=outcome, refusal_ground=ground, motive=motive
    )


def extend(
    request: PrivacyRequestId, motive: Literal["complexity", "number"] = "complexity"
) -> ExtendPrivacyRequest:
    return ExtendPrivacyRequest(request=request, motive=motive)


def answered(at: Desk, request: PrivacyRequestId, on: str) -> None:
    at.do(decide(request), on, DPO)
    at.do(CarryOutPrivacyRequest(request=request), on, DPO)
    at.do(AnswerPrivacyRequest(request=request, channel=Channel.EMAIL), on, DPO)


def stage(at: Desk, request: UUID, on: str = "2024-06-03") -> str:
    found = at.registry.load(PrivacyRequest, request)
    assert found
    return found.main.standing_on(make.day(on)).value


def ticked(at: Desk, request: UUID) -> list[tuple[str, str]]:
    """What has come of its deadlines, recorded now: which of them, and as of which day."""
    at.done(TickDeadlines(cases=(request,)), by=person(9, Role.SYSTEM))
    return [
        (recorded.event.deadline, str(recorded.event.occurred_on))
        for recorded in at.registry.history(request)
        if isinstance(recorded.event, FellDue)
    ]


def erased(at: Desk, *subjects: UUID) -> UUID:
    """A finished erasure of what is kept for some subjects, as one by their name."""
    at.erase(*subjects)
    return [*at.registry.told(Erasure.PersonErased)][-1].stream


def test_a_request_goes_from_its_reception_to_the_answer(at: Desk) -> None:
    request = received(at)
    seen = [stage(at, request)]
    for command in (
        move(request, "check_identity", means="questions"),
        decide(request),
        CarryOutPrivacyRequest(request=request),
        AnswerPrivacyRequest(request=request, channel=Channel.EMAIL),
    ):
        at.do(command, "2024-03-20", DPO)
        seen.append(stage(at, request))

    assert seen == ["received", "identified", "granted", "carried_out", "answered"]
    sheet = privacy_request_sheet(at.registry, request, at.moment(), with_words=True)
    assert (sheet.requester, sheet.words, sheet.carried_out_by) == (NAME, WORDS, None)
    assert sheet.deadlines == ()
    line = at.lines(PRIVACY_REQUESTS)[0]
    assert (line.outcome, str(line.answered_on), str(line.due)) == ("granted", "2024-03-20", DUE)
    assert at.rebuilt()


def test_an_erasure_carries_out_the_request_of_whom_it_is(at: Desk) -> None:
    request, other = identified(at), received(at)
    at.do(decide(request), on="2024-03-20", by=DPO)
    of_another, of_them = erased(at, other), erased(at, request)

    for act in (uuid4(), of_another, request, at.pole()):
        with pytest.raises(NotDoneByThat, match="effacement de cette personne"):
            at.do(CarryOutPrivacyRequest(request=request, carried_out_by=act), by=DPO)
    at.do(CarryOutPrivacyRequest(request=request, carried_out_by=of_them), by=DPO)

    sheet = privacy_request_sheet(at.registry, request, at.moment(), with_words=True)
    assert sheet.carried_out_by == of_them


def test_nothing_is_decided_again_where_nothing_was_kept(at: Desk) -> None:
    whole, partly = identified(at), identified(at)
    at.do(decide(whole), by=DPO)
    at.do(decide(partly, PrivacyOutcome.PARTLY, RefusalGround.PUBLIC_TASK), by=DPO)
    act = erased(at, whole)

    for request, by in ((whole, act), (whole, None), (partly, None)):
        again = {"request": request, "carried_out_by": by, "refusal_ground": "public_task"}
        with pytest.raises(NothingToDecideAgain):
            at.do(CarryOutPrivacyRequest.model_validate(again), by=DPO)


def refused_erasure(at: Desk, *subjects: UUID, held: tuple[HeldValue, ...] = ()) -> None:
    """An erasure of what is kept for some subjects, that whoever decides refused whole."""
    refs = tuple(at.registry.journal.sealed_for(subjects))
    right, why = ErasureGround.OBJECTION, Exemption.ARCHIVES
    asked = RequestErasure(
        erasure=ErasureId(uuid4()), right=right, refs=refs, held=held, refused=why
    )
    at.do(asked, by=person(9, Role.DPO))


@pytest.mark.parametrize("of_law", [False, True])
def test_what_an_officer_refused_to_erase_is_not_answered_as_granted(
    at: Desk, *, of_law: bool
) -> None:
    request = identified(at)
    at.do(decide(request), by=DPO)
    (ref, *_) = at.registry.journal.sealed_for([request])
    law = HeldValue(ref=ref, exemption=Exemption.LAW_OR_PUBLIC_TASK)
    refused_erasure(at, request, held=(law,) if of_law else ())

    with pytest.raises(HeldBack, match=r"\(3\).*archives.*elle devient « refusée »"):
        at.do(CarryOutPrivacyRequest(request=request), by=DPO)
    said = CarryOutPrivacyRequest(request=request, refusal_ground=RefusalGround.ARCHIVES)
    at.do(said, by=DPO)

    sheet = privacy_request_sheet(at.registry, request, at.moment(), with_words=False)
    assert (sheet.outcome, stage(at, request)) == (PrivacyOutcome.REFUSED, "carried_out")
    assert "17(3)(d)" in str(sheet.ground)


def test_what_was_refused_first_and_erased_then_is_granted(at: Desk) -> None:
    request = identified(at)
    at.do(decide(request), by=DPO)
    refused_erasure(at, request)
    act = erased(at, request)

    at.do(CarryOutPrivacyRequest(request=request, carried_out_by=act), by=DPO)

    sheet = privacy_request_sheet(at.registry, request, at.moment(), with_words=False)
    assert sheet.outcome is PrivacyOutcome.GRANTED


def test_a_correction_carries_out_the_request_of_who_is_named_there(at: Desk) -> None:
    request, pole = identified(at, right=PrivacyRight.RECTIFICATION), at.pole()
    at.do(decide(request), by=DPO)
    told = {}
    for name, right in (("Zoé Kidam", NAME), ("Alix Fictive", "Alixe Fictive")):
        joins = {"pole": pole, "member_kind": "citizen", "reason": "mal recopié"}
        at.do(AddMember.model_validate({**joins, "person": {"text": name}}))
        first = at.registry.everything(pole)[-1].event.meta.event_id
        told[f"{right}, first"] = first
        again = {**joins, "person": {"text": right}, "corrects": first}
        at.do(AddMember.model_validate(again), by=make.by())
        told[right] = at.registry.everything(pole)[-1].event.meta.event_id

    elsewhere = at.pole("Autre")
    joins_elsewhere = {"pole": elsewhere, "member_kind": "citizen", "person": {"text": "Autre"}}
    alone = at.do(AddMember.model_validate(joins_elsewhere))
    for act in (alone, told[f"{NAME}, first"], told["Alixe Fictive"], uuid4()):
        with pytest.raises(NotDoneByThat, match="rectifie ou retire"):
            at.do(CarryOutPrivacyRequest(request=request, carried_out_by=act), by=DPO)
    at.do(CarryOutPrivacyRequest(request=request, carried_out_by=told[NAME]), by=DPO)


def test_no_act_of_the_register_carries_out_a_restriction(at: Desk) -> None:
    request = identified(at, right=PrivacyRight.RESTRICTION)
    at.do(decide(request), by=DPO)

    with pytest.raises(NotDoneByThat, match="aucun acte du registre"):
        at.do(CarryOutPrivacyRequest(request=request, carried_out_by=erased(at, request)), by=DPO)


@pytest.mark.parametrize("day", ["2018-05-24", "1995-01-01", "2018-05"])
def test_nothing_is_received_before_the_regulation_applies(at: Desk, day: str) -> None:
    with pytest.raises(BeforeTheRegulation, match="25 mai 2018"):
        received(at, day)

    assert stage(at, received(at, "2018-05-25")) == "received"


def test_what_is_asked_and_by_whom_is_in_no_event_and_no_list(at: Desk) -> None:
    request = identified(at)
    at.do(decide(request, PrivacyOutcome.REFUSED, RefusalGround.PUBLIC_TASK, WHY), by=DPO)

    states = at.registry.journal.query("SELECT state FROM event")
    told = repr(
        [
            at.lines(PRIVACY_REQUESTS),
            history_of(at.registry, "privacy_request", request, at.moment()),
        ]
    )
    for words in (NAME, WORDS, WHY, "3 rue"):
        assert all(words.encode() not in bytes(state) for (state,) in states)
        assert words not in told


def test_an_auditor_reads_neither_who_asks_nor_any_of_their_words(at: Desk) -> None:
    request = identified(at)
    at.do(decide(request, PrivacyOutcome.PARTLY, RefusalGround.LEGAL_CLAIMS, WHY), by=DPO)

    sheet = privacy_request_sheet(at.registry, request, at.moment(), with_words=False)

    hidden = (sheet.requester, sheet.contact, sheet.words, sheet.motive)
    assert hidden == (KEPT_FROM_AUDITORS,) * 4
    assert sheet.ground is not None
    assert "RGPD, art. 17(3)(e)" in sheet.ground


def test_once_it_is_erased_a_request_says_so(at: Desk) -> None:
    request = received(at)
    at.erase(request)

    sheet = privacy_request_sheet(at.registry, request, at.moment(), with_words=True)

    assert (sheet.requester, sheet.contact, sheet.words) == (ERASED, ERASED, ERASED)


# --- who ----------------------------------------------------------------------------------------


def test_only_the_delegate_goes_on_with_a_request(at: Desk) -> None:
    request = identified(at)
    for role in set(Role) - {Role.DPO}:
        for command in (decide(request), extend(request), move(request, "withdraw")):
            with pytest.raises(Forbidden, match="délégué"):
                at.do(command, by=person(3, role))

    assert stage(at, request) == "identified"


def test_a_request_is_entered_by_those_to_whom_it_may_come(at: Desk) -> None:
    command = ReceivePrivacyRequest(
        right=PrivacyRight.ACCESS, channel=Channel.EMAIL, requester=Personal(text=NAME)
    )

    able = set()
    for role in Role:
        try:
            at.do(command, by=person(4, role))
            able.add(role)
        except NotAReceiver:
            continue

    assert able == {Role.DPO, Role.REGISTRAR, Role.SECRETARY, Role.ADMINISTRATOR}


# --- by when ------------------------------------------------------------------------------------


def test_a_day_that_passes_without_an_answer_is_recorded_once_and_shown_late(at: Desk) -> None:
    request = received(at)

    assert ticked(at, request) == [("answer", "2024-04-05")]
    assert ticked(at, request) == [("answer", "2024-04-05")]
    sheet = privacy_request_sheet(at.registry, request, at.moment(), with_words=False)
    assert [line.passed for line in sheet.deadlines] == [True]
    assert sheet.deadlines[0].waits_for == ("dpo",)


def test_an_extension_told_in_time_gives_two_months_more(at: Desk) -> None:
    request = received(at)
    at.do(extend(request), DUE, DPO)

    assert ticked(at, request) == []
    sheet = privacy_request_sheet(at.registry, request, at.moment(), with_words=False)
    assert [str(line.due) for line in sheet.deadlines] == ["2024-06-04"]
    assert str(at.lines(PRIVACY_REQUESTS)[0].due) == "2024-06-04"
    assert str(at.lines(PRIVACY_REQUESTS, on="2024-04-03")[0].due) == DUE


def test_it_cannot_be_told_once_the_month_is_over_nor_twice(at: Desk) -> None:
    late, twice = received(at), received(at)
    at.do(extend(twice), "2024-03-20", DPO)

    for request, day in ((late, "2024-04-05"), (twice, "2024-03-21")):
        with pytest.raises(Refused):
            at.do(extend(request), day, DPO)


def test_an_answer_given_late_leaves_its_deadline_passed(at: Desk) -> None:
    request = identified(at)
    answered(at, request, "2024-04-05")
    other = identified(at)
    answered(at, other, DUE)

    (year,) = privacy_years(at.lines(PRIVACY_REQUESTS), make.TODAY)
    assert year == PrivacyYear(
        year=2024,
        received=2,
        answered_in_time=1,
        answered_late=1,
        awaited=0,
        overdue=0,
        withdrawn=0,
    )
    assert ticked(at, other) == []


def test_requests_are_counted_as_they_stood_on_any_day(at: Desk) -> None:
    first, second = identified(at), received(at)
    answered(at, first, "2024-03-20")
    at.do(move(second, "withdraw"), "2024-05-02", DPO)

    def counted(day: str) -> tuple[int, ...]:
        (year,) = privacy_years(at.lines(PRIVACY_REQUESTS, on=day), make.day(day))
        return year.received, year.answered_in_time, year.awaited, year.overdue, year.withdrawn

    assert at.lines(PRIVACY_REQUESTS, on="2024-03-03") == []
    assert privacy_years([], make.TODAY) == []
    assert counted("2024-03-04") == (2, 0, 2, 0, 0)
    assert counted("2024-04-05") == (2, 1, 1, 1, 0)
    assert counted("2024-05-02") == (2, 1, 0, 0, 1)


# --- what is decided ----------------------------------------------------------------------------


def test_who_cannot_be_identified_is_refused_before_their_identity_is_checked(at: Desk) -> None:
    request = received(at)
    at.do(decide(request, PrivacyOutcome.REFUSED, RefusalGround.NOT_IDENTIFIED), by=DPO)

    assert stage(at, request) == "refused"


def test_any_other_decision_waits_until_it_is(at: Desk) -> None:
    request = received(at)

    for command in (
        decide(request),
        decide(request, PrivacyOutcome.REFUSED, RefusalGround.UNFOUNDED),
    ):
        with pytest.raises(Refused):
            at.do(command, by=DPO)
    assert stage(at, request) == "received"


def test_no_step_is_taken_without_what_it_says(at: Desk) -> None:
    """A decision, its execution and the answer are facts; the steps alone would say nothing."""
    request = identified(at)
    for way in ("grant", "refuse", "carry_out", "answer"):
        with pytest.raises(Refused):
            at.do(move(request, way), by=DPO)

    assert stage(at, request) == "identified"


def test_what_is_granted_is_carried_out_before_it_is_answered(at: Desk) -> None:
    request = identified(at)
    at.do(decide(request), by=DPO)

    with pytest.raises(Refused):
        at.do(AnswerPrivacyRequest(request=request, channel=Channel.MAIL), by=DPO)


def test_nothing_is_said_in_clear_beside_what_is_sealed(at: Desk) -> None:
    request = received(at)

    with pytest.raises(ValueError, match="scellé"):
        DecidePrivacyRequest(
            request=request, outcome=PrivacyOutcome.GRANTED, reason=f"{NAME} a raison"
        )
