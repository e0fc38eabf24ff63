"""Every read model of the product, in one list."""

import sqlalchemy as sa

from infrastructure.read_models.accompaniment import AccompanimentModel, DeliverableModel
from infrastructure.read_models.assessment import AssessmentModel
from infrastructure.read_models.campaign import UpdateRequestModel
from infrastructure.read_models.charter import CharterModel
from infrastructure.read_models.charter_signature import SignatureModel
from infrastructure.read_models.claim import ClaimModel
from infrastructure.read_models.contest import ContestModel
from infrastructure.read_models.contribution import ContributionModel
from infrastructure.read_models.document import DocumentModel
from infrastructure.read_models.evaluation import EvaluationModel
from infrastructure.read_models.exchange import ExchangeModel
from infrastructure.read_models.following import FollowingModel
from infrastructure.read_models.intervals import ReadModel
from infrastructure.read_models.journey import JourneyModel
from infrastructure.read_models.member import MemberModel
from infrastructure.read_models.place import PlaceModel
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
)

TABLES: dict[str, sa.Table] = {
    model.name: model.table for model in MODELS if isinstance(model, ListModel)
}
"""The tables of the lists, by the name of the list."""
