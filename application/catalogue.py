"""Every command of the product, so that whoever imports this knows them all."""

from application import charter, claim, history, journey, pole, recognition
from application.command import COMMANDS

__all__ = ["COMMANDS", "charter", "claim", "history", "journey", "pole", "recognition"]
