"""Every read model of the product, in one list."""

import sqlalchemy as sa

from infrastructure.read_models.claim import ClaimModel
from infrastructure.read_models.intervals import ReadModel
from infrastructure.read_models.journey import JourneyModel
from infrastructure.read_models.recognition import RecognitionModel
from infrastructure.read_models.register import RegisterModel
from infrastructure.read_models.table import ListModel

MODELS: tuple[ReadModel, ...] = (
    RegisterModel(),
    JourneyModel(),
    ClaimModel(),
    RecognitionModel(),
)

TABLES: dict[str, sa.Table] = {
    model.name: model.table for model in MODELS if isinstance(model, ListModel)
}
"""The tables of the lists, by the name of the list."""
