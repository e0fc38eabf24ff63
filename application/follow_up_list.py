"""Follow-up committees in words; the lists of them, of who sits, meetings and recommendations."""

from datetime import date
from uuid import UUID

from pydantic import Field

from application.follow_up import FOLLOW_UP_STAGES
from application.listing import Listed, Listing, listing
from application.stages import stages_of
from application.wording import WORDS, date_in_words, tells
from domain.dates import PartialDate
from domain.follow_up import FollowUp
from domain.follow_up_facts import FunderSeat, RecommendationOutcome, RecommendationStanding
from domain.followed import STANDING
from domain.kernel import Event

MEETINGS_IN_WORDS = "deux"
"""How often a committee meets in a year, at least (décret n° 2015-431, art. 5)."""


@tells
def _tell(event: Event) -> tuple[str, str] | None:
    match event:
        case FollowUp.Constituted(local=local):
            return "Comité de suivi constitué", "comité local" if local else ""
        case FollowUp.MemberJoined(organisation=organisation, office=office):
            return "Un financeur siège au comité de suivi", f"{organisation.name} ({office})"
        case FollowUp.MemberLeft(organisation=organisation, motive=motive):
            return "Un financeur quitte le comité de suivi", f"{organisation.name} : {motive}"
        case FollowUp.Met(present=present, conclusions=conclusions):
            more = f" ; {conclusions}" if conclusions else ""
            return "Réunion du comité de suivi", f"présents : {', '.join(present)}{more}"
        case FollowUp.MinutesFiled():
            return (
                "Compte rendu d'une réunion du comité de suivi",
                "versé parmi les documents du pôle",
            )
        case FollowUp.MeetingWithdrawn(motive=motive):
            return "Réunion du comité de suivi retirée", motive
        case _:
            return _evaluation_told(event)


def spaced(name: str) -> str:
    """The short name of an evaluation as people read it: `periode_2024` as `periode 2024`."""
    return name.replace("_", " ")


def _evaluation_told(event: Event) -> tuple[str, str] | None:
    match event:
        case FollowUp.EvaluationPlanned(name=name, period_ends=ends, paid_by=paid_by):
            term = date_in_words(ends.isoformat())
            said = f"{spaced(name)}, terme {term}, payée par {paid_by}"
            return "Évaluation par un tiers prévue", said
        case FollowUp.EvaluationReceived(name=name):
            return "Évaluation par un tiers reçue", spaced(name)
        case FollowUp.RecommendationNoted(number=number, words=words):
            return f"Recommandation n° {number}", words
        case FollowUp.RecommendationSettled(number=number, outcome=outcome, answer=answer):
            said = WORDS[RecommendationOutcome][outcome]
            return f"Recommandation n° {number} : {said}", answer
        case _:
            return None


class FollowUpListed(Listed):
    """A follow-up committee as lists show it; overdue from the day on which a year is finished in
    which it did not meet twice."""

    code: str = Field(title="Code")
    local: bool = Field(title="Local")
    stage: str = Field(title="Étape")
    stage_title: str = Field(title="Étape")
    stage_on: PartialDate = Field(title="À cette étape depuis")
    stage_since: date
    journey: str = Field(title="Règles")
    journey_since: date
    overdue: bool = Field(False, title="En retard")
    missed_year: int | None = Field(None, title="Première année sans deux réunions")
    held: tuple[str, ...] = Field((), exclude=True)
    """Its meetings: the day and the identity of each."""

    @property
    def meetings_told(self) -> str:
        """Whether it met as often as it must."""
        if self.overdue:
            return f"en retard : moins de {MEETINGS_IN_WORDS} réunions en {self.missed_year}"
        return "à jour" if self.stage == STANDING else ""


FOLLOW_UPS = listing(
    Listing(
        name="follow_up",
        line=FollowUpListed,
        title="Comités de suivi",
        says="Les comités de suivi des pôles : leurs financeurs s'y réunissent deux fois par année "
        "civile au moins (décret n° 2015-431, art. 5).",
        path="/comites-de-suivi",
        columns=("pole_name", "stage_title", "stage_on", "meetings_told", "local", "code"),
        headings={"meetings_told": "Réunions"},
        detail=("code", "/comites-de-suivi/"),
        beside={
            "/comites-de-suivi/reunions": "Leurs réunions",
            "/comites-de-suivi/membres": "Les financeurs qui y siègent",
            "/recommandations": "Les recommandations des évaluations",
        },
        filters=("stage", "overdue"),
        words={"stage": stages_of({"follow_up"}, FOLLOW_UP_STAGES)},
        empty="Aucun comité de suivi n'est enregistré.",
        thing="Comité de suivi",
        called="",
        begun_by="follow_up.constitute",
    )
)


class OfFollowUp(Listed):
    """Something of a follow-up committee, which has a page."""

    follow_up: UUID

    @property
    def follow_up_page(self) -> str:
        return f"/comites-de-suivi/{self.follow_up}"


class FollowUpMemberListed(OfFollowUp):
    """A funder that sits, as lists show it."""

    name: str = Field(title="Financeur")
    siret: str | None = Field(None, title="SIRET")
    seat: FunderSeat = Field(title="En qualité de")
    office: str = Field(title="Par la fonction")


FOLLOW_UP_MEMBERS = listing(
    Listing(
        name="follow_up_member",
        line=FollowUpMemberListed,
        title="Financeurs qui siègent aux comités de suivi",
        says="Les financeurs qui siègent aux comités de suivi, par leur fonction : aucune personne "
        "n'est nommée.",
        path="/comites-de-suivi/membres",
        columns=("pole_name", "name", "seat", "office", "occurred_on", "until"),
        leads={"name": "follow_up_page"},
        filters=("follow_up", "seat"),
        empty="Aucun financeur n'est enregistré comme siégeant à un comité de suivi.",
        begun_by="follow_up.add_member",
    )
)


class MeetingListed(OfFollowUp):
    """A meeting as lists show it."""

    present: tuple[str, ...] = Field((), title="Présents")
    conclusions: str | None = Field(None, title="Conclusions")
    minutes: UUID | None = None
    has_minutes: bool = Field(title="Compte rendu versé")


FOLLOW_UP_MEETINGS = listing(
    Listing(
        name="follow_up_meeting",
        line=MeetingListed,
        title="Réunions des comités de suivi",
        says="Les réunions tenues par les comités de suivi, deux par année civile au moins.",
        path="/comites-de-suivi/reunions",
        columns=("pole_name", "occurred_on", "present", "conclusions", "has_minutes"),
        headings={"occurred_on": "Tenue"},
        leads={"occurred_on": "follow_up_page"},
        filters=("follow_up",),
        empty="Aucune réunion de comité de suivi n'est enregistrée.",
        begun_by="follow_up.record_meeting",
    )
)


class RecommendationListed(OfFollowUp):
    """A recommendation as lists show it."""

    number: int = Field(title="N°")
    evaluation: str = Field(title="Évaluation")
    words: str = Field(title="Recommandation")
    standing: RecommendationStanding = Field(title="Suite")
    answer: str | None = Field(None, title="Réponse du comité")

    @property
    def of_evaluation(self) -> str:
        """What the evaluation is called."""
        return spaced(self.evaluation)


RECOMMENDATIONS = listing(
    Listing(
        name="recommendation",
        line=RecommendationListed,
        title="Recommandations des évaluations",
        says="Ce que les évaluations par un tiers recommandent, et ce qu'il en est advenu, une "
        "recommandation après l'autre.",
        path="/recommandations",
        columns=("pole_name", "of_evaluation", "number", "words", "standing", "answer"),
        headings={"of_evaluation": "Évaluation"},
        leads={"words": "follow_up_page"},
        filters=("follow_up", "standing"),
        order=("follow_up", "number"),
        empty="Aucune recommandation n'est enregistrée.",
        begun_by="follow_up.note_recommendation",
    )
)
