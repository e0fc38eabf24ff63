"""What is asked of campaigns: their counts, and what each pole answered."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from uuid import UUID

from pydantic import Field

from application.awaited import Awaited, Pending
from application.listing import Listed, Listing, listing
from application.wording import WORDS, date_in_words, tells
from application.world import Moment, World
from domain.campaign import Campaign, CampaignAnswer, UpdateRequest, campaign_of
from domain.dates import PartialDate, days_after
from domain.kernel import Event, Recorded
from domain.pole import ENDED, Pole
from domain.roles import Role

ANSWERS: Mapping[str, str] = {
    CampaignAnswer.AWAITED: "attendue",
    CampaignAnswer.CONFIRMED: "rien n'a changé",
    CampaignAnswer.UPDATED: "mise à jour",
}
WORDS[CampaignAnswer] = ANSWERS


class UpdateRequestListed(Listed):
    """What a pole was asked in a campaign, and its answer, as lists show it."""

    campaign: str = Field(title="Campagne")
    answer: CampaignAnswer = Field(title="Réponse")
    reminders: int = Field(title="Rappels")
    answered_on: PartialDate | None = Field(None, title="Dernière réponse")


def _awaits_answer(world: World, line: UpdateRequestListed, moment: Moment) -> Pending | None:
    """An answer is waited for from the first reminder, or once it is due, if that comes first."""
    request = world.load(UpdateRequest, line.id, moment.known)
    due = _due(world, line, moment)
    if request is None or due is None:
        return None
    since = min((*request.reminded_on, days_after(due, 1)))
    if since > moment.in_force:
        return None
    reminded = f", rappels : {line.reminders}" if line.reminders else ""
    last = date_in_words(due.isoformat())
    return Pending(since=since, says=f"campagne {line.campaign}, échéance {last}{reminded}")


def _awaits_reminder(world: World, line: UpdateRequestListed, moment: Moment) -> Pending | None:
    """A pole that was asked is reminded once its answer is late, if it was not before."""
    due = _due(world, line, moment)
    if due is None or line.reminders or due >= moment.in_force:
        return None
    return Pending(since=days_after(due, 1), says=f"campagne {line.campaign}, sans réponse")


def _due(world: World, line: UpdateRequestListed, moment: Moment) -> date | None:
    """The last day to answer, while the campaign runs and the pole has not ended."""
    campaign = world.load(Campaign, campaign_of(int(line.campaign)), moment.known)
    pole = world.load(Pole, line.pole, moment.known) if line.pole else None
    day = moment.in_force
    is_open = campaign and campaign.start <= day and (campaign.end is None or day < campaign.end)
    if campaign is None or not is_open or pole is None or pole.state_on(day) == ENDED:
        return None
    return campaign.due


def _asked(line: UpdateRequestListed) -> Mapping[str, str]:
    return {"pole": str(line.pole), "year": line.campaign}


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
        empty="Aucune interrogation d'un pôle n'est enregistrée.",
        begun_by="campaign.send",
        thing="Campagne de mise à jour",
        awaits=(
            Awaited(
                id="answer",
                title="Répondre à la campagne de mise à jour",
                by=(Role.POLE_REPRESENTATIVE,),
                command="campaign.confirm",
                pending=_awaits_answer,
                given=_asked,
                where={"answer": CampaignAnswer.AWAITED},
            ),
            Awaited(
                id="reminder",
                title="Rappeler la campagne de mise à jour au pôle",
                by=(Role.COORDINATOR, Role.REGIONAL_COORDINATOR),
                command="campaign.remind",
                pending=_awaits_reminder,
                given=_asked,
                where={"answer": CampaignAnswer.AWAITED},
            ),
        ),
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
    def year(self) -> str:
        """By what commands name it."""
        return self.campaign

    @property
    def page(self) -> str:
        """Where it is read how far it has come."""
        return f"/campagnes/{self.campaign}"

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
    answers: dict[UUID, CampaignAnswer] = {}
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
                answers.setdefault(recorded.stream, CampaignAnswer.AWAITED)
            case UpdateRequest.Reminded():
                reminded.add(recorded.stream)
            case UpdateRequest.Confirmed():
                if answers.get(recorded.stream) is not CampaignAnswer.UPDATED:
                    answers[recorded.stream] = CampaignAnswer.CONFIRMED
            case UpdateRequest.Updated():
                answers[recorded.stream] = CampaignAnswer.UPDATED
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
    recorded: Recorded, end: date | None, answers: Counter[CampaignAnswer], reminded: int
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
        confirmed=answers[CampaignAnswer.CONFIRMED],
        updated=answers[CampaignAnswer.UPDATED],
        awaited=answers[CampaignAnswer.AWAITED],
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
        empty="Aucune campagne n'est enregistrée.",
        begun_by="campaign.open",
        leads={"campaign": "page"},
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
