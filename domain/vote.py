"""Votes: who decides together, and when a decision is carried."""

from typing import Annotated, Literal

from pydantic import BeforeValidator

from domain.kernel import Frozen
from domain.words import Id, Name, Text, named


class College(Frozen):
    """A group of voters: whoever holds one of its roles."""

    id: Name
    title: Text
    roles: tuple[Id, ...]
    seats: int | None = None
    """How many persons it counts; unknown where nothing is said."""


class Approval(Frozen):
    """What a step must have gathered before it is taken: votes of distinct persons."""

    source: str
    colleges: Annotated[tuple[College, ...], BeforeValidator(named)]
    quorum: int = 1
    """How many distinct persons must have voted, in each college."""
    majority: Literal["simple", "absolute", "two_thirds", "unanimous"] = "simple"
    tie: Literal["rejected", "carried", "chair"] = "rejected"
    initiator_excluded: bool = True
