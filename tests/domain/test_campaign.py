"""Campaign: one a year; a pole is asked once, reminded while it is silent, and answers once."""

from uuid import UUID

import pytest

from domain.campaign import (
    AlreadyAsked,
    AlreadyOpened,
    Campaign,
    CampaignAlreadyAnswered,
    CampaignAnswer,
    CampaignClosed,
    CountedAlready,
    DueBefore,
    NotAsked,
    RemindedToday,
    UpdateRequest,
    campaign_of,
    request_of,
)
from tests import make

POLE, FACT = UUID(int=5), UUID(int=6)


def opened(on: str = "2024-01-10", due: str = "2024-03-01") -> Campaign:
    campaign = Campaign(campaign_of(2024))
    with make.on(on):
        campaign.open(year=2024, question="Et cette année ?", due=make.day(due), day=make.day(on))
    return campaign


def asked(on: str = "2024-01-15") -> UpdateRequest:
    request = UpdateRequest(request_of(2024, POLE))
    with make.on(on):
        request.send(pole=POLE, year=2024)
    return request


def remind(request: UpdateRequest, on: str) -> None:
    with make.on(on):
        request.remind(day=make.day(on))


def confirm(request: UpdateRequest, on: str) -> None:
    with make.on(on):
        request.confirm(day=make.day(on))


def update(request: UpdateRequest, on: str, fact: UUID = FACT) -> None:
    with make.on(on):
        request.record_update(fact, day=make.day(on))


def test_there_is_one_campaign_a_year() -> None:
    campaign = opened()

    with make.on("2024-02-01"), pytest.raises(AlreadyOpened):
        campaign.open(
            year=2024, question="Encore ?", due=make.day("2024-03-01"), day=make.day("2024-02-01")
        )
    assert campaign_of(2024) != campaign_of(2025)


def test_an_answer_is_not_due_before_the_question() -> None:
    with pytest.raises(DueBefore):
        opened("2024-03-02")
    opened("2024-03-01")


def test_a_campaign_runs_from_its_opening_until_it_is_closed() -> None:
    campaign = opened()
    with make.on("2024-04-01"):
        campaign.close(day=make.day("2024-04-01"))

    for day in ("2024-01-09", "2024-04-01"):
        with pytest.raises(CampaignClosed):
            campaign.runs_on(make.day(day))
    campaign.runs_on(make.day("2024-03-31"))
    with make.on("2024-05-01"), pytest.raises(CampaignClosed):
        campaign.close(day=make.day("2024-05-01"))


def test_a_pole_is_asked_once_and_reminded_while_it_is_silent() -> None:
    request = asked()

    with make.on("2024-01-20"), pytest.raises(AlreadyAsked):
        request.send(pole=POLE, year=2024)
    remind(request, "2024-02-01")
    with pytest.raises(RemindedToday):
        remind(request, "2024-02-01")
    with pytest.raises(NotAsked):
        remind(request, "2024-01-14")
    confirm(request, "2024-02-02")
    with pytest.raises(CampaignAlreadyAnswered):
        remind(request, "2024-02-03")


def test_an_answer_is_given_once_and_a_change_may_follow() -> None:
    request = asked()
    with pytest.raises(NotAsked):
        confirm(request, "2024-01-01")

    confirm(request, "2024-02-01")
    with pytest.raises(CampaignAlreadyAnswered):
        confirm(request, "2024-02-02")
    update(request, "2024-02-10")
    with pytest.raises(CountedAlready):
        update(request, "2024-02-11")
    update(request, "2024-02-12", UUID(int=7))

    days = ("2024-01-31", "2024-02-01", "2024-02-10")
    answers = [request.answer_on(make.day(day)) for day in days]
    assert answers == [CampaignAnswer.AWAITED, CampaignAnswer.CONFIRMED, CampaignAnswer.UPDATED]


def test_what_was_changed_is_not_confirmed_unchanged() -> None:
    request = asked()
    update(request, "2024-02-01")

    with pytest.raises(CampaignAlreadyAnswered):
        confirm(request, "2024-02-02")
