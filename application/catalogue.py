"""Every command of the product, so that whoever imports this knows them all."""

from application import (
    bulk,
    charter,
    claim,
    deadline,
    history,
    journey,
    mandate,
    migration,
    pole,
    recognition,
    vote,
)
from application.command import COMMANDS

__all__ = [
    "COMMANDS",
    "bulk",
    "charter",
    "claim",
    "deadline",
    "history",
    "journey",
    "mandate",
    "migration",
    "pole",
    "recognition",
    "vote",
]
