"""Every read model of the product, in one list."""

import sqlalchemy as sa

from application.kept import topics_of
from infrastructure.read_models.accompaniment import AccompanimentModel, DeliverableModel
from infrastructure.read_models.appeal import AppealModel
from infrastructure.read_models.assessment import AssessmentModel
from infrastructure.read_models.call import CallModel
from infrastructure.read_models.campaign import UpdateRequestModel
from infrastructure.read_models.charter import CharterModel
from infrastructure.read_models.charter_signature import SignatureModel
from infrastructure.read_models.claim import ClaimModel
from infrastructure.read_models.commitment import (
    CommitmentModel,
    ConditionModel,
    TrancheModel,
)
from infrastructure.read_models.committee import CommitteeModel
from infrastructure.read_models.contest import ContestModel
from infrastructure.read_models.contribution import ContributionModel
from infrastructure.read_models.document import DocumentModel
from infrastructure.read_models.dossier import DossierModel
from infrastructure.read_models.establishment import EstablishmentModel
from infrastructure.read_models.evaluation import EvaluationModel
from infrastructure.read_models.exchange import ExchangeModel
from infrastructure.read_models.follow_up import (
    FollowUpMemberModel,
    FollowUpModel,
    MeetingModel,
    RecommendationModel,
)
from infrastructure.read_models.following import FollowingModel
from infrastructure.read_models.funding_plan import FundingPlanModel
from infrastructure.read_models.intervals import ReadModel
from infrastructure.read_models.journey import JourneyModel
from infrastructure.read_models.member import MemberModel
from infrastructure.read_models.payment import PaymentModel
from infrastructure.read_models.place import PlaceModel
from infrastructure.read_models.privacy_request import PrivacyRequestModel
from infrastructure.read_models.profile import (
    ActionModel,
    ObjectiveModel,
    ProfileModel,
    ResourceModel,
)
from infrastructure.read_models.project import ProjectModel
from infrastructure.read_models.recognised import RecognisedModel
from infrastructure.read_models.recognition import FindingModel, RecognitionModel
from infrastructure.read_models.register import RegisterModel
from infrastructure.read_models.session import SessionModel
from infrastructure.read_models.single_undertaking import (
    AidModel,
    AttestationModel,
    SingleUndertakingModel,
)
from infrastructure.read_models.succession import SuccessionModel
from infrastructure.read_models.table import ListModel
from infrastructure.read_models.undertaking import UndertakingModel

MODELS: tuple[ReadModel, ...] = (
    RegisterModel(),
    JourneyModel(),
    RecognisedModel(),
    MemberModel(),
    ClaimModel(),
    ContestModel(),
    RecognitionModel(),
    PlaceModel(),
    ActionModel(),
    ResourceModel(),
    ObjectiveModel(),
    ProfileModel(),
    ProjectModel(),
    SuccessionModel(),
    FindingModel(),
    FollowingModel(),
    ExchangeModel(),
    AccompanimentModel(),
    DeliverableModel(),
    UpdateRequestModel(),
    ContributionModel(),
    DocumentModel(),
    CharterModel(),
    SignatureModel(),
    UndertakingModel(),
    EvaluationModel(),
    AssessmentModel(),
    PaymentModel(),
    EstablishmentModel(),
    SingleUndertakingModel(),
    AidModel(),
    AttestationModel(),
    FundingPlanModel(),
    FollowUpModel(),
    FollowUpMemberModel(),
    MeetingModel(),
    RecommendationModel(),
    CallModel(),
    DossierModel(),
    AppealModel(),
    PrivacyRequestModel(),
    CommitteeModel(),
    SessionModel(),
    CommitmentModel(),
    TrancheModel(),
    ConditionModel(),
)

TABLES: dict[str, sa.Table] = {
    model.name: model.table for model in MODELS if isinstance(model, ListModel)
}
"""The tables of the lists, by the name of the list."""

TOPICS: dict[str, frozenset[str]] = {model.name: topics_of(model.events) for model in MODELS}
"""The topics of the events that each list tells."""

OF_POLES = frozenset().union(*(TOPICS[name] for name in ("register", "journey", "contest")))
"""Those of what lists say beside: what poles are called, which have ended, what is contested."""
