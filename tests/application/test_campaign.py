"""The yearly update: every pole asked in one commit, reminded, and its answers counted."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from application.bulk import Nobody
from application.campaign import (
    CloseCampaign,
    ConfirmUnchanged,
    NoChange,
    NoSuchCampaign,
    OpenCampaign,
    RecordUpdate,
    RemindAll,
    RemindPole,
    SendRequest,
    SendToAll,
)
from application.campaign_list import CAMPAIGNS, UPDATE_REQUESTS, CampaignListed
from application.history_in_words import pole_history
from application.pole import DescribeActivity, LocatePole, MovePole
from domain.campaign import (
    AlreadyAsked,
    AlreadyOpened,
    CampaignAlreadyAnswered,
    CampaignAnswer,
    CampaignClosed,
    NotAsked,
)
from domain.errors import NotFound
from domain.pole import Pole, PoleId, Territory
from domain.recognition import Recognition
from tests import make
from tests.application.desk import Desk, desk


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Desk]:
    with desk(tmp_path) as made:
        yield made


def open_campaign(at: Desk, on: str = "2024-01-10") -> None:
    command = OpenCampaign(
        year=2024, question="Ce qui est dit de vous vaut-il encore ?", due=make.day("2024-03-31")
    )
    at.do(command, on)


def asked(at: Desk, name: str = "Un") -> PoleId:
    pole = at.pole(name)
    at.do(SendRequest(pole=pole, year=2024), "2024-01-15")
    return pole


def counts(line: CampaignListed) -> tuple[int, ...]:
    return line.asked, line.reminded, line.confirmed, line.updated, line.awaited


def results(at: Desk, command: SendToAll | RemindAll, on: str) -> dict[str, str]:
    """By the code of each pole, what became of it."""
    outcomes = at.done(command, on).outcomes
    codes = {item.subject: at.load(item.subject).code for item in outcomes}
    return {
        codes[item.subject]: item.refusal.code if item.refusal else item.result for item in outcomes
    }


def test_every_living_pole_is_asked_in_one_commit(at: Desk) -> None:
    open_campaign(at)
    at.pole("Un")
    asked(at, "Deux")
    ended = at.pole("Trois")
    at.do(MovePole(pole=ended, transition="end", input={"reason": "dissolved"}), "2023-01-01")

    told = results(at, SendToAll(year=2024), "2024-01-16")

    assert told == {"un": "done", "deux": AlreadyAsked.code}
    assert [counts(line) for line in at.lines(CAMPAIGNS)] == [(2, 0, 0, 0, 2)]


def test_the_poles_of_a_region_may_be_asked_alone(at: Desk) -> None:
    open_campaign(at)
    one, _ = at.pole("Un"), at.pole("Deux")
    at.do(LocatePole(pole=one, territory=Territory(region="Région fictive")), "2023-01-01")

    told = results(at, SendToAll(year=2024, region="Région fictive"), "2024-01-16")

    assert told == {"un": "done"}
    with pytest.raises(Nobody):
        at.do(SendToAll(year=2024, region="Ailleurs"), "2024-01-16")


def test_only_those_who_have_not_answered_are_reminded(at: Desk) -> None:
    open_campaign(at)
    one, _, _ = asked(at, "Un"), asked(at, "Deux"), at.pole("Trois")
    at.do(ConfirmUnchanged(pole=one, year=2024), "2024-02-01")

    assert results(at, RemindAll(year=2024), "2024-02-15") == {"deux": "done"}
    with pytest.raises(CampaignAlreadyAnswered):
        at.do(RemindPole(pole=one, year=2024), "2024-02-15")
    assert [counts(line) for line in at.lines(CAMPAIGNS)] == [(2, 1, 1, 0, 1)]


def test_a_confirmation_is_news_and_the_question_is_an_attempt_at_contact(at: Desk) -> None:
    open_campaign(at)
    pole = asked(at)

    def silence(on: str) -> tuple[int, int | None]:
        facts = at.load(pole).facts_on(make.day(on), lambda _, id_: Recognition(id_))
        return facts.silence.months, facts.silence.days_since_attempt

    assert silence("2024-02-14") == (25, 30)
    at.do(ConfirmUnchanged(pole=pole, year=2024), "2024-02-20")

    assert silence("2024-02-19") == (25, 35)
    assert silence("2024-03-21") == (1, None)


def test_what_a_pole_changed_answers_for_it(at: Desk) -> None:
    open_campaign(at)
    pole, other = asked(at, "Un"), asked(at, "Deux")
    (changed,) = at.done(DescribeActivity(pole=pole, words="réemploi"), "2024-02-01").events
    (elsewhere,) = at.done(DescribeActivity(pole=other, words="réemploi")).events
    fact = changed.meta.event_id

    at.do(RecordUpdate(pole=pole, year=2024, fact=fact), "2024-02-01")

    (line,) = at.lines(UPDATE_REQUESTS, answer=CampaignAnswer.UPDATED)
    assert (line.pole, line.campaign) == (pole, "2024")
    with pytest.raises(NoChange):
        at.do(RecordUpdate(pole=pole, year=2024, fact=elsewhere.meta.event_id))
    with pytest.raises(NotFound):
        at.do(RecordUpdate(pole=pole, year=2024, fact=uuid4()))


def test_what_says_nothing_of_the_pole_is_no_change(at: Desk) -> None:
    open_campaign(at)
    pole = asked(at)
    own = [
        recorded.event.meta.event_id
        for recorded in at.registry.history(pole)
        if isinstance(recorded.event, Pole.ContactAttempted | Pole.Attached)
    ]

    for fact in own:
        with pytest.raises(NoChange):
            at.do(RecordUpdate(pole=pole, year=2024, fact=fact))


def test_answers_are_listed_and_counted_at_any_two_dates(at: Desk) -> None:
    open_campaign(at)
    one, two = asked(at, "Un"), asked(at, "Deux")
    at.do(ConfirmUnchanged(pole=one, year=2024), "2024-02-01")
    size = at.size
    at.do(RemindPole(pole=two, year=2024), "2024-01-20")
    at.do(RemindPole(pole=two, year=2024), "2024-01-18")
    at.do(ConfirmUnchanged(pole=two, year=2024), "2024-02-10")

    def answers(on: str, known: int | None = None) -> list[tuple[str, int]]:
        lines = at.lines(UPDATE_REQUESTS, on, known)
        return sorted((line.answer.value, line.reminders) for line in lines)

    assert answers("2024-01-14") == []
    assert answers("2024-01-19") == [("awaited", 0), ("awaited", 1)]
    assert answers("2024-02-05") == [("awaited", 2), ("confirmed", 0)]
    assert answers("2024-02-10", size) == [("awaited", 0), ("confirmed", 0)]
    assert [counts(line) for line in at.lines(CAMPAIGNS, "2024-02-05")] == [(2, 1, 1, 0, 1)]
    assert [counts(line) for line in at.lines(CAMPAIGNS, known=size)] == [(2, 0, 1, 0, 1)]
    assert at.lines(CAMPAIGNS, "2024-01-09") == []
    assert at.rebuilt()


def test_a_campaign_that_is_closed_asks_nothing_more(at: Desk) -> None:
    open_campaign(at)
    pole = asked(at)
    at.do(CloseCampaign(year=2024), "2024-04-01")

    for command in (
        ConfirmUnchanged(pole=pole, year=2024),
        RemindPole(pole=pole, year=2024),
        SendToAll(year=2024),
    ):
        with pytest.raises(CampaignClosed):
            at.do(command, "2024-04-02")
    (line,) = at.lines(CAMPAIGNS)
    assert str(line.until) == "2024-04-01"


def test_nobody_answers_what_was_not_asked(at: Desk) -> None:
    pole = at.pole()
    with pytest.raises(NoSuchCampaign, match="2024"):
        at.do(SendRequest(pole=pole, year=2024))
    open_campaign(at)

    with pytest.raises(NotAsked):
        at.do(ConfirmUnchanged(pole=pole, year=2024))
    with pytest.raises(AlreadyOpened):
        open_campaign(at, "2024-01-11")
    with pytest.raises(NotFound):
        at.do(SendRequest(pole=PoleId(UUID(int=1)), year=2024))


def test_the_history_of_a_pole_tells_its_own_answers_only(at: Desk) -> None:
    open_campaign(at)
    one, two = asked(at, "Un"), asked(at, "Deux")
    at.do(ConfirmUnchanged(pole=two, year=2024), "2024-02-01")

    def titles(pole: PoleId) -> list[str]:
        return [line.title for line in pole_history(at.registry, pole, at.moment())][1:]

    sent = ["Campagne de mise à jour", "Prise de contact"]
    assert sorted(titles(one)) == sent
    assert sorted(titles(two)) == [*sent, "Réponse à la campagne de mise à jour"]
