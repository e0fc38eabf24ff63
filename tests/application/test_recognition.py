"""Recognitions: who recognised, on which ground, and the stage that lasts as long as they do."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import permutations
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.command import By
from application.contest import AnswerContest, ContestFact
from application.deadline import TickDeadlines
from application.history_in_words import pole_history
from application.journey import PublishJourney
from application.mandate import GiveMandate, account_in_words
from application.member import AddMember
from application.pole import (
    FileEvidence,
    LocatePole,
    MigratePole,
    MovePole,
    NoteContact,
    RecordPastStep,
    RegisterPole,
)
from application.recognition import (
    FINDINGS,
    RECOGNITION_LIST,
    AbandonFinding,
    ConfirmFinding,
    EndRecognition,
    ProposeFinding,
    RecordRecognition,
    ReplyToFinding,
)
from application.register import PoleSheet, pole_sheet
from application.world import Moment
from domain.contest import ContestedBy, ContestOutcome
from domain.dates import PartialDate
from domain.errors import Forbidden, JalonError
from domain.journey import Journey
from domain.kernel import AccountId, MandateId, Personal, Recorded, Role
from domain.mandate import OutsideItsReach
from domain.membership import MemberKind
from domain.pole import Pole, PoleId, Territory
from domain.recognition import (
    EndToCome,
    FollowsRulesBeforeTheLaw,
    FoundByTwo,
    NoGround,
    NotHeard,
    NotIssued,
    NotOfThePole,
    NotProposed,
    PoleReply,
    Recognition,
    RecognitionAlreadyEnded,
    RecognitionId,
    RecognitionKind,
    SamePerson,
)
from domain.rights import RightNotHeld
from domain.workflow import ClauseNotHeld
from infrastructure.event_store.registry import Registry
from tests import make
from tests.application.desk import desk as at_a_desk
from tests.examples import settings

GROUND = "loi n° 2014-856 du 31 juillet 2014, art. 9 II"
OF_POLE = make.by(Role.POLE_REPRESENTATIVE).model_copy(update={"actor": AccountId(UUID(int=3))})
THIRD = make.by().model_copy(update={"actor": AccountId(UUID(int=4))})
SECOND = make.by().model_copy(update={"actor": AccountId(UUID(int=2))})


@dataclass
class Desk:
    """A registry where poles are recognised."""

    registry: Registry
    clock: make.Clock
    poles: list[PoleId] = field(default_factory=list)

    def pole(self, on: str, *, complete: bool = True) -> PoleId:
        """A pole, composed as article 9 I says unless told otherwise."""
        day = {"occurred_on": PartialDate(on)}
        register = RegisterPole(name=f"Pôle {len(self.poles)}", **day)
        pole = PoleId(self.registry.do(register, make.by()).answer)
        self.poles.append(pole)
        if complete:
            kinds = (
                MemberKind.ESS_ENTERPRISE,
                MemberKind.OTHER_ENTERPRISE,
                MemberKind.LOCAL_AUTHORITY,
            )
            for command in (
                *(AddMember(pole=pole, member_kind=k, name=f"Membre {k}", **day) for k in kinds),
                FileEvidence(pole=pole, evidence="strategy", title="Stratégie", **day),
                LocatePole(pole=pole, territory=Territory(words="Grasse"), **day),
            ):
                self.registry.do(command, make.by())
        return pole

    def select(self, pole: PoleId, on: str, until: str | None = None) -> RecognitionId:
        command = RecordRecognition(
            pole=pole,
            recognition_kind=RecognitionKind.SELECTION,
            code="selection",
            issuer="comité interministériel",
            ground=GROUND,
            occurred_on=PartialDate(on),
            valid_to=make.day(until) if until else None,
        )
        return RecognitionId(self.registry.do(command, make.by()).answer)

    def end(self, recognition: RecognitionId, on: str) -> None:
        command = EndRecognition(recognition=recognition, motive="fin", occurred_on=PartialDate(on))
        self.registry.do(command, make.by())

    def tick(self, *poles: PoleId) -> None:
        self.registry.do(TickDeadlines(cases=poles or tuple(self.poles)), make.by(Role.SYSTEM))

    def stages(self, pole: PoleId, *days: str | date) -> list[str]:
        size = self.registry.journal.size()
        asked = [day if isinstance(day, date) else make.day(day) for day in days]
        return [
            pole_sheet(self.registry, pole, Moment(known=size, in_force=day)).stage for day in asked
        ]

    def steps(self, pole: PoleId) -> list[tuple[str, str]]:
        events = [told.event for told in self.registry.history(pole)]
        return [(e.transition, str(e.occurred_on)) for e in events if isinstance(e, Pole.Moved)]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    clock = make.Clock()
    with make.registry(tmp_path, clock=clock) as registry:
        yield Desk(registry, clock)


# What it takes.


def test_no_recognition_is_recorded_without_its_ground(desk: Desk) -> None:
    pole = desk.pole("2022")
    command = RecordRecognition(
        pole=pole,
        recognition_kind=RecognitionKind.REGIONAL_SUPPORT,
        code="region",
        issuer="Région",
    )

    with pytest.raises(NoGround):
        desk.registry.do(command, make.by())

    assert list(desk.registry.told(Recognition.Issued)) == []


def test_a_selection_takes_the_step_that_rests_on_it(desk: Desk) -> None:
    pole = desk.pole("2022")

    desk.select(pole, "2023-03-01")

    assert desk.stages(pole, "2023-02-28", "2023-03-01") == ["emergence", "recognised"]
    assert desk.steps(pole) == [("recognise", "2023-03-01")]


def test_a_selection_is_refused_where_the_pole_is_not_composed_as_the_law_says(desk: Desk) -> None:
    pole = desk.pole("2022", complete=False)

    with pytest.raises(ClauseNotHeld, match="une autre entreprise"):
        desk.select(pole, "2023-03-01")

    assert list(desk.registry.told(Recognition.Issued)) == []


def test_rules_from_before_the_law_know_no_recognition_under_it(desk: Desk) -> None:
    pole = desk.pole("2013")
    named = "pole@2011-09.*« pole.migrate », vers « pole@2021-05-12 »"

    with pytest.raises(FollowsRulesBeforeTheLaw, match=named):
        desk.select(pole, "2023-03-01")
    migrate = MigratePole(pole=pole, to="pole@2021-05-12", occurred_on=PartialDate("2023-03-01"))
    desk.registry.do(migrate, make.by())
    desk.select(pole, "2023-03-01")

    assert desk.stages(pole, "2023-03-01") == ["recognised"]


def test_a_sourced_selection_of_the_past_keeps_what_nobody_could_check(desk: Desk) -> None:
    pole = desk.pole("2016", complete=False)
    command = RecordRecognition(
        pole=pole,
        recognition_kind=RecognitionKind.SELECTION,
        code="selection",
        issuer="comité interministériel",
        ground=GROUND,
        source="décision publiée",
        occurred_on=PartialDate("2017"),
    )

    desk.registry.do(command, make.by())

    size = desk.registry.journal.size()
    moment = Moment(known=size, in_force=make.TODAY)
    told = pole_history(desk.registry, pole, moment)
    assert any(line.not_checked for line in told)
    assert desk.stages(pole, "2017-06-01") == ["recognised"]


# How long it lasts.


def test_the_end_of_the_last_recognition_takes_the_stage_with_it_on_the_record(desk: Desk) -> None:
    pole = desk.pole("2022")
    first = desk.select(pole, "2023-01-01")
    second = desk.select(pole, "2023-06-01")

    desk.end(first, "2024-01-01")
    assert desk.stages(pole, "2024-01-01") == ["recognised"]
    desk.end(second, "2024-02-01")

    assert desk.stages(pole, "2024-01-31", "2024-02-01") == ["recognised", "experimentation"]
    assert desk.steps(pole) == [("recognise", "2023-01-01"), ("lapse", "2024-02-01")]


def test_a_term_that_comes_ends_the_stage_whether_it_is_recorded_or_not(desk: Desk) -> None:
    pole = desk.pole("2022")
    desk.select(pole, "2023-01-01", "2024-07-01")
    after = ("2024-06-30", "2024-07-01")
    expected = ["recognised", "experimentation"]
    assert desk.stages(pole, *after) == expected
    assert [name for name, _ in desk.steps(pole)] == ["recognise"]

    desk.clock.advance(days=60)
    assert desk.stages(pole, *after) == expected
    desk.tick()
    desk.tick()

    assert desk.stages(pole, *after) == expected
    assert desk.steps(pole) == [("recognise", "2023-01-01"), ("lapse", "2024-07-01")]


def test_a_recognition_recorded_late_covers_the_days_on_which_it_was_in_force(desk: Desk) -> None:
    pole = desk.pole("2016")
    first = desk.select(pole, "2017-01-01")
    desk.end(first, "2019-01-01")
    days = ("2018-12-31", "2019-06-01", "2021-01-01")
    assert desk.stages(pole, *days) == ["recognised", "experimentation", "experimentation"]

    desk.select(pole, "2018-01-01", "2020-01-01")

    assert desk.stages(pole, *days) == ["recognised", "recognised", "experimentation"]


def test_an_end_that_nobody_dates_does_not_lengthen_what_had_ended(desk: Desk) -> None:
    pole = desk.pole("2016")
    recognition = desk.select(pole, "2017-01-01", "2018-01-01")

    with pytest.raises(RecognitionAlreadyEnded):
        desk.end(recognition, "unknown")

    assert desk.stages(pole, "2020-01-01") == ["experimentation"]


def test_a_recognition_of_the_past_is_recorded_though_the_pole_took_other_steps_since(
    desk: Desk,
) -> None:
    pole = desk.pole("2016")
    enter = MovePole(
        pole=pole,
        transition="sign_charter",
        input={"signature": str(UUID(int=1)), "capacity": "president"},
        occurred_on=PartialDate("2023-01-01"),
    )
    form = FileEvidence(
        pole=pole, evidence="charter_form", title="Formulaire", occurred_on=PartialDate("2022")
    )
    desk.registry.do(form, make.by())
    desk.registry.do(enter, make.by(Role.POLE_REPRESENTATIVE))

    desk.select(pole, "2019-01-01", "2020-01-01")

    days = ("2018-06-01", "2019-06-01", "2021-01-01", "2023-06-01")
    expected = ["emergence", "recognised", "experimentation", "charter_signed"]
    assert desk.stages(pole, *days) == expected


def test_the_stage_holds_since_the_first_day_of_the_unbroken_run_whatever_was_recorded_first(
    desk: Desk,
) -> None:
    spans = (("2023-01-01", "2023-06-01"), ("2023-06-01", "2024-01-01"), ("2024-01-01", None))
    for order in permutations(spans):
        pole = desk.pole("2022")
        for on, until in order:
            desk.select(pole, on, until)

        held = [sheet(desk, pole, day) for day in ("2023-03-01", "2023-07-01", "2024-02-01")]
        told = {(one.stage, one.occurred_on) for one in held}
        assert told == {("recognised", "2023-01-01")}, order


def test_after_a_gap_it_holds_since_the_end_of_the_gap(desk: Desk) -> None:
    for order in permutations((("2023-01-01", "2023-06-01"), ("2023-06-02", None))):
        pole = desk.pole("2022")
        for on, until in order:
            desk.select(pole, on, until)

        assert sheet(desk, pole, "2024-02-01").occurred_on == "2023-06-02"
        gap = sheet(desk, pole, "2023-06-01")
        assert (gap.stage, gap.occurred_on) == ("experimentation", "2023-06-01")


def test_an_earlier_end_recorded_after_a_later_one_prevails(desk: Desk) -> None:
    pole = desk.pole("2016")
    recognition = desk.select(pole, "2017-01-01")
    desk.end(recognition, "2022-01-01")
    size = desk.registry.journal.size()
    desk.end(recognition, "2020-01-01")

    told = sheet(desk, pole, "2023-01-01")
    assert (told.stage, told.occurred_on) == ("experimentation", "2020-01-01")
    before = Moment(known=size, in_force=make.day("2021-01-01"))
    assert pole_sheet(desk.registry, pole, before).stage == "recognised"


def test_the_list_shows_the_earliest_end_from_when_it_was_known(tmp_path: Path) -> None:
    with at_a_desk(tmp_path) as at:
        desk = Desk(at.registry, at.clock)
        recognition = desk.select(desk.pole("2016"), "2017-01-01", "2030-01-01")
        ends, sizes = ("2030-01-01", "2022-01-01", "2020-01-01"), []
        for end in ends:
            desk.end(recognition, end)
            sizes.append(at.size)

        for size, end in zip(sizes, ends, strict=True):
            (line,) = at.lines(RECOGNITION_LIST, "2019-01-01", known=size)
            assert str(line.until) == end
            found = at.registry.load(Recognition, recognition, size)
            assert found
            assert found.end == line.until
            assert at.lines(RECOGNITION_LIST, end, known=size) == []
        assert at.rebuilt()


def test_what_ends_in_the_future_is_refused_and_blocks_no_withdrawal(desk: Desk) -> None:
    pole = desk.pole("2022")
    recognition = desk.select(pole, "2023-01-01")

    with pytest.raises(EndToCome, match="1er janvier 2040"):
        desk.end(recognition, "2040-01-01")
    desk.end(recognition, "2024-05-01")

    assert desk.stages(pole, "2024-05-01") == ["experimentation"]


def silence(desk: Desk, pole: PoleId, falls: str) -> None:
    contact = NoteContact(
        pole=pole, channel="appel", outcome="rien", occurred_on=PartialDate(falls)
    )
    desk.registry.do(contact, make.by())
    step = RecordPastStep(
        pole=pole, transition="fall_silent", source="relevé", occurred_on=PartialDate(falls)
    )
    desk.registry.do(step, make.by())


def test_a_pole_without_news_is_shown_so_and_its_recognition_beside_it(desk: Desk) -> None:
    pole = desk.pole("2016")
    desk.select(pole, "2017-01-01", "2023-01-01")
    silence(desk, pole, "2020-01-01")

    told = sheet(desk, pole, "2022-01-01")
    assert told.stage == "dormant"
    assert told.stage_note == (
        "une reconnaissance au titre de l'article 9 est en vigueur, "
        "bien que le pôle soit sans nouvelle"
    )
    assert sheet(desk, pole, "2023-01-01").stage_note is None


def test_a_pole_back_from_silence_is_recognised_since_it_came_back_or_since_it_was_recognised(
    tmp_path: Path,
) -> None:
    url = make.migrated(f"sqlite:///{tmp_path / 'registry.db'}")
    with (
        make.registry(tmp_path, url=url, clock=make.Clock()) as registry,
        make.lists(url, registry.journal) as (follower, register),
    ):
        desk = Desk(registry, make.Clock())
        pole = desk.pole("2016")
        silence(desk, pole, "2018-01-01")
        news = FileEvidence(
            pole=pole, evidence="strategy", title="Suite", occurred_on=PartialDate("2018-12-15")
        )
        registry.do(news, make.by())
        resume = RecordPastStep(
            pole=pole,
            transition="resume_emergence",
            source="relevé",
            occurred_on=PartialDate("2019-01-01"),
        )
        registry.do(resume, make.by())
        desk.select(pole, "2017-01-01", "2020-01-01")
        desk.select(pole, "2021-01-01", "2022-01-01")
        desk.select(pole, "2022-01-01")
        follower.catch_up()

        for day, since in (
            ("2017-06-01", "2017-01-01"),
            ("2019-06-01", "2019-01-01"),
            ("2021-06-01", "2021-01-01"),
            ("2023-06-01", "2021-01-01"),
        ):
            told = sheet(desk, pole, day)
            moment = Moment(known=registry.journal.size(), in_force=make.day(day))
            (line,) = register.lines(moment)
            assert (told.stage, told.occurred_on) == ("recognised", since)
            assert (line.stage, line.occurred_on) == ("recognised", since)


def test_the_end_of_a_support_ends_no_recognition(desk: Desk) -> None:
    pole = desk.pole("2022")
    desk.select(pole, "2023-01-01")
    support = RecordRecognition(
        pole=pole,
        recognition_kind=RecognitionKind.REGIONAL_SUPPORT,
        code="region",
        issuer="Région",
        ground="appel régional",
        occurred_on=PartialDate("2023-01-01"),
    )
    given = RecognitionId(desk.registry.do(support, make.by()).answer)

    desk.end(given, "2024-01-01")

    assert desk.stages(pole, "2024-01-02") == ["recognised"]


# While a recognition is contested.


def contest(desk: Desk, recognition: RecognitionId, which: int, on: str) -> UUID:
    """Hold an event of a recognition otherwise: the first is its issue, the last its end."""
    fact = desk.registry.history(recognition)[which].event.meta.event_id
    command = ContestFact(
        about=fact,
        by_kind=ContestedBy.POLE,
        version=Personal(text="Ce n'est pas ainsi."),
        occurred_on=PartialDate(on),
    )
    return desk.registry.do(command, SECOND).answer


def answer(desk: Desk, contested: UUID) -> None:
    command = AnswerContest(contest=contested, outcome=ContestOutcome.REJECTED, reasons="Vérifié.")
    desk.registry.do(command, THIRD)


def sheet(desk: Desk, pole: PoleId, on: str) -> PoleSheet:
    moment = Moment(known=desk.registry.journal.size(), in_force=make.day(on))
    return pole_sheet(desk.registry, pole, moment)


def test_a_term_that_comes_while_it_is_contested_is_recorded_once_answered(desk: Desk) -> None:
    """On the axis of what was in force, nothing changes: both versions stand."""
    pole = desk.pole("2022")
    recognition = desk.select(pole, "2023-01-01", "2024-07-01")
    contested = contest(desk, recognition, 0, "2024-06-01")
    days, expected = ("2024-06-30", "2024-07-01"), ["recognised", "experimentation"]
    desk.clock.advance(days=60)
    desk.tick()

    assert desk.stages(pole, *days) == expected
    assert desk.steps(pole) == [("recognise", "2023-01-01")]
    answer(desk, contested)
    assert desk.steps(pole) == [("recognise", "2023-01-01"), ("lapse", "2024-07-01")]
    assert desk.stages(pole, *days) == expected


def test_a_contested_end_is_still_an_end_and_the_step_back_waits(desk: Desk) -> None:
    pole = desk.pole("2022")
    recognition = desk.select(pole, "2023-01-01", "2026-01-01")
    desk.select(pole, "2023-06-01", "2024-07-01")
    desk.end(recognition, "2024-05-10")
    contested = contest(desk, recognition, -1, "2024-05-15")
    desk.clock.advance(days=60)
    desk.tick()

    assert desk.stages(pole, "2024-06-30", "2024-07-01") == ["recognised", "experimentation"]
    assert [name for name, _ in desk.steps(pole)] == ["recognise"]
    answer(desk, contested)
    assert desk.steps(pole)[-1] == ("lapse", "2024-07-01")


def test_the_step_back_waits_while_the_step_to_recognition_is_contested(desk: Desk) -> None:
    pole = desk.pole("2022")
    desk.select(pole, "2023-01-01", "2024-07-01")
    moved = next(t for t in desk.registry.history(pole) if isinstance(t.event, Pole.Moved))
    command = ContestFact(
        about=moved.event.meta.event_id,
        by_kind=ContestedBy.POLE,
        version=Personal(text="Ce n'est pas ainsi."),
    )
    contested = desk.registry.do(command, SECOND).answer
    desk.clock.advance(days=60)
    desk.tick()

    assert [name for name, _ in desk.steps(pole)] == ["recognise"]
    answer(desk, contested)
    assert desk.steps(pole)[-1] == ("lapse", "2024-07-01")


def test_the_stage_is_shown_as_contested_while_it_hangs_on_a_contested_recognition(
    desk: Desk,
) -> None:
    pole = desk.pole("2016")
    past = desk.select(pole, "2017-01-01", "2018-01-01")
    present = desk.select(pole, "2023-01-01")
    of_past = contest(desk, past, 0, "2017-06-01")
    of_present = contest(desk, present, 0, "2024-05-02")

    def marked(on: str) -> set[UUID]:
        return {mark.contest for mark in sheet(desk, pole, on).contests.get("stage", ())}

    assert marked("2017-05-31") == set(), "nobody contested it yet"
    assert marked("2017-06-01") == {of_past}
    assert marked("2020-01-01") == {of_past}, "in experimentation since it ended"
    assert marked("2024-05-02") == {of_present}, "what ended years ago has no part in it"
    answer(desk, of_present)
    assert marked("2024-06-03") == set()


def test_of_two_contested_recognitions_the_stage_hangs_on_both(desk: Desk) -> None:
    pole = desk.pole("2022")
    both = [desk.select(pole, "2023-01-01"), desk.select(pole, "2023-01-01")]
    contests = [contest(desk, recognition, 0, "2024-05-02") for recognition in both]

    marks = sheet(desk, pole, "2024-06-03").contests["stage"]

    assert [mark.contest for mark in marks] == contests


def test_the_stage_is_contested_where_the_end_of_a_recognition_is(desk: Desk) -> None:
    pole = desk.pole("2022")
    recognition = desk.select(pole, "2023-01-01", "2025-01-01")
    desk.end(recognition, "2024-05-01")
    contested = contest(desk, recognition, -1, "2024-05-02")

    (mark,) = sheet(desk, pole, "2024-06-03").contests["stage"]
    assert mark.contest == contested
    assert sheet(desk, pole, "2025-01-01").contests["stage"], "so is the day since when"


# Findings.


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


# Whatever happens.

DAYS = st.dates(date(2016, 1, 1), date(2024, 6, 1))


@dataclass(frozen=True)
class Deed:
    """Something that is done: what, from which day, until which, about which earlier one."""

    what: str
    day: date
    until: date | None
    about: int


DEEDS = st.builds(
    Deed,
    what=st.sampled_from(
        ["select", "select", "end", "tick", "sign_charter", "wait", "contest", "answer"]
    ),
    day=DAYS,
    until=st.none() | DAYS,
    about=st.integers(0, 5),
)


@settings(deadline=None, max_examples=30)
@given(deeds=st.lists(DEEDS, min_size=1, max_size=12), asked=st.lists(DAYS, min_size=5))
def test_a_pole_stands_recognised_exactly_while_a_recognition_is_in_force(
    tmp_path_factory: pytest.TempPathFactory, deeds: list[Deed], asked: list[date]
) -> None:
    clock = make.Clock()
    folder = tmp_path_factory.mktemp("exactly")
    url = make.migrated(f"sqlite:///{folder / 'registry.db'}")
    with (
        make.registry(folder, url=url, clock=clock) as registry,
        make.lists(url, registry.journal) as (follower, register),
    ):
        desk = Desk(registry, clock)
        pole = desk.pole("2015-05-01")
        naive: dict[RecognitionId, tuple[date, date | None]] = {}
        contests: dict[UUID, int] = {}
        for deed in deeds:
            clock.advance(hours=1)
            with suppress(JalonError):
                _do(desk, pole, naive, contests, deed)
            assert not (_lapsed(desk, pole, contests)), "nothing follows from what is contested"
        follower.catch_up()
        size = registry.journal.size()
        for day in {*asked, *_boundaries(naive)}:
            is_recognised = any(
                since <= day and (until is None or day < until) for since, until in naive.values()
            )
            moment = Moment(known=size, in_force=day)
            sheet = pole_sheet(registry, pole, moment)
            (line,) = register.lines(moment)
            assert (sheet.stage == "recognised") is is_recognised, day
            assert (line.stage, line.occurred_on) == (sheet.stage, sheet.occurred_on)
            if is_recognised:
                assert sheet.occurred_on == _run(naive, day).isoformat()
            elif sheet.stage == "experimentation":
                ends = {u for _, u in naive.values() if u and u <= day}
                assert sheet.occurred_on == max(ends).isoformat()
            assert register.lines(moment, stage=sheet.stage) == [line]
            is_contested = "stage" in sheet.contests
            assert (line.stage_note == "étape contestée") is is_contested


def _do(
    desk: Desk,
    pole: PoleId,
    naive: dict[RecognitionId, tuple[date, date | None]],
    contests: dict[UUID, int],
    deed: Deed,
) -> None:
    match deed.what:
        case "select":
            until = deed.until.isoformat() if deed.until else None
            recognition = desk.select(pole, deed.day.isoformat(), until)
            naive[recognition] = (deed.day, deed.until)
        case "end" if naive:
            recognition = list(naive)[deed.about % len(naive)]
            desk.end(recognition, deed.day.isoformat())
            naive[recognition] = (naive[recognition][0], deed.day)
        case "tick":
            desk.tick()
        case "sign_charter":
            step = MovePole(
                pole=pole,
                transition="sign_charter",
                input={"signature": str(UUID(int=1)), "capacity": "president"},
                occurred_on=PartialDate.on(deed.day),
            )
            desk.registry.do(step, make.by(Role.POLE_REPRESENTATIVE))
        case "wait":
            desk.clock.advance(days=deed.about * 30)
        case "contest" if naive:
            recognition = list(naive)[deed.about % len(naive)]
            made = contest(desk, recognition, -(deed.about % 2), deed.day.isoformat())
            contests[made] = desk.registry.journal.size()
        case "answer" if contests:
            made = list(contests)[deed.about % len(contests)]
            answer(desk, made)
            del contests[made]


def _lapsed(desk: Desk, pole: PoleId, contests: dict[UUID, int]) -> list[Recorded]:
    """The steps back that were recorded since a contest that waits for its answer."""
    since = min(contests.values(), default=None)
    return [
        told
        for told in desk.registry.history(pole)
        if since and told.position > since
        if isinstance(told.event, Pole.Moved) and told.event.transition == "lapse"
    ]


def _run(naive: dict[RecognitionId, tuple[date, date | None]], day: date) -> date:
    """The first day of the unbroken run of recognitions that a day belongs to."""

    def covered(on: date) -> bool:
        return any(since <= on and (u is None or on < u) for since, u in naive.values())

    eve = timedelta(days=1)
    starts = (since for since, _ in naive.values() if since <= day)
    return max(since for since in starts if covered(since) and not covered(since - eve))


def _boundaries(naive: dict[RecognitionId, tuple[date, date | None]]) -> set[date]:
    ends = {day for interval in naive.values() for day in interval if day}
    return {day + timedelta(days=n) for day in ends for n in (-1, 0, 1)}
