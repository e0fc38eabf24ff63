"""What the first page tells: what was decided last, what is open, what was recorded last."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from operator import attrgetter

from application.call_list import CallListed
from application.charter_signature import SignatureListed
from application.figures import SideBySide
from application.recognition import RecognitionListed
from application.wording import RECOGNITIONS
from domain.dates import PartialDate
from domain.values import Frozen

DECISIONS = 6
"""Decisions that the page tells; their lists have them all."""
FIGURES = 4
"""Figures that are laid side by side there."""


class LastDecision(Frozen):
    """Something that was decided, announced or signed on a day."""

    on: PartialDate
    what: str
    about: str
    """What it is of, by its name."""
    address: str
    source: str | None


class LastRecorded(Frozen):
    """A pole, and what was recorded of it last."""

    code: str
    name: str
    kind: str
    recorded_at: datetime


class HomeSheet(Frozen):
    """What the first page tells of a moment, beside the map."""

    stages: Mapping[str, int]
    """How many poles stand in each stage."""
    counted: tuple[tuple[str, str, int], ...]
    """Other lists: their titles, their addresses, how many lines they have."""
    decisions: tuple[LastDecision, ...]
    open_calls: tuple[CallListed, ...]
    planned: tuple[CallListed, ...]
    """The calls to come, the next one first."""
    figures: tuple[SideBySide, ...]
    last: tuple[LastRecorded, ...]
    """The poles of which something was recorded last."""


def decisions(
    calls: Iterable[CallListed],
    recognitions: Iterable[RecognitionListed],
    signatures: Iterable[SignatureListed],
) -> list[LastDecision]:
    """The last of what was announced, recognised and signed, the latest first."""
    found = [
        *(
            LastDecision(
                on=line.announced_on,
                what="Résultats annoncés",
                about=line.title,
                address=f"/appels/{line.code}",
                source=line.source,
            )
            for line in calls
            if line.announced_on
        ),
        *(
            LastDecision(
                on=line.occurred_on,
                what=RECOGNITIONS[line.recognition_kind],
                about=line.pole_name or "",
                address=f"/poles/{line.pole_code}",
                source=line.source,
            )
            for line in recognitions
            if line.pole_code
        ),
        *(
            LastDecision(
                on=line.occurred_on,
                what="Signature de la charte",
                about=line.pole_name or line.organisation or "",
                address=f"/signatures/{line.id}",
                source=line.source,
            )
            for line in signatures
        ),
    ]
    return sorted(found, key=lambda told: str(told.on), reverse=True)[:DECISIONS]


def chosen_figures(compared: Iterable[SideBySide]) -> list[SideBySide]:
    """The figures that are laid side by side first: those that disagree, then the latest."""
    latest = sorted(compared, key=lambda group: str(group.period or ""), reverse=True)
    return sorted(latest, key=attrgetter("disagreeing"), reverse=True)[:FIGURES]
