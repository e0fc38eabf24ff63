"""What is asked of campaigns: their counts, and what each pole answered."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from uuid import UUID

from pydantic import Field

from application.listing import Listed, Listing, listing
from application.wording import WORDS, date_in_words, tells
from application.world import Moment, World
from domain.campaign import Answer, Campaign, UpdateRequest
from domain.dates import PartialDate
from domain.kernel import Event, Recorded

ANSWERS: Mapping[str, str] = {
    Answer.AWAITED: "attendue",
    Answer.CONFIRMED: "rien n'a changé",
    Answer.UPDATED: "mise à jour",
}
WORDS[Answer] = ANSWERS


class UpdateRequestListed(Listed):
    """What a pole was asked in a campaign, and its answer, as lists show it."""

    campaign: str = Field(title="Campagne")
    answer: Answer = Field(title="Réponse")
    reminders: int = Field(title="Rappels")
    answered_on: PartialDate | None = Field(None, title="Dernière réponse")


UPDATE_REQUESTS = listing(
    Listing(
        name="update_request",
        line=UpdateRequestListed,
        title="Réponses aux campagnes de mise à jour",
        says="Ce que chaque pôle interrogé a répondu : rien n'a changé, une mise à jour, "
        "ou rien encore.",
        path="/campagnes/reponses",
        columns=("pole_name", "campaign", "occurred_on", "reminders", "answer", "answered_on"),
        headings={"occurred_on": "Question envoyée"},
        filters=("campaign", "answer"),
        empty="Aucun pôle n'a été interrogé.",
        begun_by="campaign.send",
    )
)


class CampaignListed(Listed):
    """A campaign with its counts, as lists show it."""

    campaign: str = Field(title="Campagne")
    question: str = Field(title="Question")
    due: date = Field(title="Échéance")
    asked: int = Field(title="Interrogés")
    reminded: int = Field(title="Rappelés")
    confirmed: int = Field(title="Rien n'a changé")
    updated: int = Field(title="Mises à jour")
    awaited: int = Field(title="Sans réponse")

    @property
    def answers(self) -> str:
        """The counts in words, with how many poles were reminded."""
        return (
            f"Rien n'a changé : {self.confirmed}. Mises à jour : {self.updated}. "
            f"Sans réponse : {self.awaited}. Pôles rappelés : {self.reminded}."
        )


def campaigns(world: World, moment: Moment) -> list[CampaignListed]:
    """Every campaign known then and opened by that day, with what poles had answered by then."""
    opened: dict[int, Recorded] = {}
    ends: dict[UUID, date] = {}
    years: dict[UUID, int] = {}
    answers: dict[UUID, Answer] = {}
    reminded: set[UUID] = set()
    kinds = (*(Campaign.Opened, Campaign.Closed), *(UpdateRequest.Sent, UpdateRequest.Reminded))
    kinds_of_answers = (UpdateRequest.Confirmed, UpdateRequest.Updated)
    for recorded in world.told(*kinds, *kinds_of_answers, until=moment.known):
        if recorded.in_force_from > moment.in_force:
            continue
        match recorded.event:
            case Campaign.Opened(year=year):
                opened[year] = recorded
            case Campaign.Closed():
                ends[recorded.stream] = recorded.in_force_from
            case UpdateRequest.Sent(year=year):
                years[recorded.stream] = year
                answers.setdefault(recorded.stream, Answer.AWAITED)
            case UpdateRequest.Reminded():
                reminded.add(recorded.stream)
            case UpdateRequest.Confirmed():
                if answers.get(recorded.stream) is not Answer.UPDATED:
                    answers[recorded.stream] = Answer.CONFIRMED
            case UpdateRequest.Updated():
                answers[recorded.stream] = Answer.UPDATED
    return [
        _line(
            recorded,
            ends.get(recorded.stream),
            Counter(answers[request] for request, of in years.items() if of == year),
            sum(years[request] == year for request in reminded),
        )
        for year, recorded in sorted(opened.items(), reverse=True)
    ]


def _line(
    recorded: Recorded, end: date | None, answers: Counter[Answer], reminded: int
) -> CampaignListed:
    event = recorded.event
    if not isinstance(event, Campaign.Opened):
        raise TypeError(event)
    return CampaignListed(
        id=recorded.stream,
        fact=event.meta.event_id,
        occurred_on=event.occurred_on,
        until=end,
        source=event.meta.source,
        confidence=event.meta.confidence,
        campaign=str(event.year),
        question=event.question,
        due=event.due,
        asked=answers.total(),
        reminded=reminded,
        confirmed=answers[Answer.CONFIRMED],
        updated=answers[Answer.UPDATED],
        awaited=answers[Answer.AWAITED],
    )


CAMPAIGNS = listing(
    Listing(
        name="campaign",
        line=CampaignListed,
        title="Campagnes de mise à jour",
        says="Chaque année, il est demandé aux pôles si ce que le registre dit d'eux vaut encore.",
        path="/campagnes",
        columns=("campaign", "question", "occurred_on", "due", "until", "asked", "answers"),
        headings={"answers": "Réponses", "occurred_on": "Ouverte", "until": "Close"},
        empty="Aucune campagne n'a été ouverte.",
        begun_by="campaign.open",
        ask=campaigns,
        about_poles=False,
        beside={"/campagnes/reponses": "Ce que chaque pôle a répondu"},
    )
)


@tells
def _tell(event: Event) -> tuple[str, str] | None:
    match event:
        case Campaign.Opened(year=year, due=due):
            return (
                "Ouverture de la campagne de mise à jour",
                f"campagne {year}, réponse attendue {date_in_words(due.isoformat())} au plus tard",
            )
        case Campaign.Closed():
            return "Clôture de la campagne de mise à jour", ""
        case UpdateRequest.Sent(year=year):
            return "Campagne de mise à jour", f"la question de {year} a été envoyée au pôle"
        case UpdateRequest.Reminded():
            return "Rappel de la campagne de mise à jour", ""
        case UpdateRequest.Confirmed():
            return "Réponse à la campagne de mise à jour", "le pôle confirme que rien n'a changé"
        case UpdateRequest.Updated():
            return "Réponse à la campagne de mise à jour", "le pôle a modifié sa fiche"
        case _:
            return None
