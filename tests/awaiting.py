"""A journey with deadlines, for tests: the shipped ones have none."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from application.command import By
from application.deadline import TickDeadlines
from application.journey import PublishJourney
from application.pole import RegisterPole
from application.unit import Outcome
from domain.case import Moved
from domain.dates import PartialDate
from domain.journey import Journey
from domain.kernel import Event
from domain.overdue import FellDue, Reminded
from domain.pole import PoleId
from domain.roles import Role
from infrastructure.event_store.registry import Registry
from tests import make

SYSTEM = make.by(Role.SYSTEM)


def title(words: str) -> dict[str, str]:
    return {"fr": words, "en": words}


def clause(deadline: str) -> dict[str, Any]:
    return {
        "id": deadline,
        "when": f"'{deadline}' in deadlines.passed",
        "say": title("L'échéance est passée."),
        "source": "product rule",
    }


def deadline(words: str, period: str, **more: Any) -> dict[str, Any]:
    return {"title": title(words), "source": "product rule", "period": period, **more}


DEFINITION: dict[str, Any] = {
    "id": "pole",
    "version": "2024-01",
    "title": title("Attente"),
    "source": ["essai"],
    "facts": "PoleFacts",
    "initial": "waiting",
    "states": {
        "waiting": {
            "title": title("En attente"),
            "deadlines": {
                "answer": deadline(
                    "Réponse", "10 days", remind=["3 days"], waits_for=["coordinator"]
                ),
                "report": deadline("Rapport", "1 months", counted_from="var.signed_on"),
            },
        },
        "lapsed": {
            "title": title("Sans réponse"),
            "deadlines": {"appeal": deadline("Recours", "1 weeks", extended=False)},
        },
        "answered": {"title": title("Répondu")},
        "closed": {"title": title("Clos"), "final": True},
    },
    "variables": {"signed_on": {"type": "date", "title": title("Signature")}},
    "transitions": {
        "sign": {
            "title": title("Signer"),
            "from": ["waiting"],
            "by": ["registrar"],
            "input": {"on": {"type": "text", "title": title("Jour")}},
            "sets": {"signed_on": "timestamp(input.on + 'T00:00:00Z')"},
        },
        "reply": {
            "title": title("Répondre"),
            "from": ["waiting"],
            "to": "answered",
            "by": ["registrar"],
        },
        "reopen": {
            "title": title("Rouvrir"),
            "from": ["answered", "lapsed"],
            "to": "waiting",
            "by": ["registrar"],
        },
        "lapse": {
            "title": title("Constater l'absence de réponse"),
            "from": ["waiting"],
            "to": "lapsed",
            "trigger": "automatic",
            "requires": [clause("answer")],
        },
        "close": {
            "title": title("Clore"),
            "from": ["lapsed"],
            "to": "closed",
            "trigger": "automatic",
            "requires": [clause("appeal")],
        },
    },
}


def journey(**changes: Any) -> Journey:
    return Journey.model_validate({**DEFINITION, **changes})


def publish(registry: Registry, definition: Journey | None = None) -> str:
    """Publish the journey, or another one; gives its version."""
    definition = definition or journey()
    registry.do(PublishJourney(journey=definition), make.by(Role.ADMINISTRATOR))
    return definition.ref


def begin(registry: Registry, name: str, on: str, ref: str = "pole@2024-01") -> PoleId:
    """A pole that waits from a day on."""
    command = RegisterPole(name=name, journey=ref, occurred_on=PartialDate(on))
    return PoleId(registry.do(command, make.by()).answer)


def tick(
    registry: Registry, *poles: PoleId, by: By = SYSTEM, **options: Any
) -> tuple[Outcome, ...]:
    """Tick some cases, in one commit; what became of each."""
    return registry.do(TickDeadlines(cases=poles), by, **options).outcomes


def told(registry: Registry, pole: UUID) -> list[tuple[str, str]]:
    """What came of deadlines, and what was done, with the date of each."""
    return in_short(recorded.event for recorded in registry.history(pole))


def in_short(events: Iterable[Event]) -> list[tuple[str, str]]:
    found = []
    for event in events:
        match event:
            case FellDue(deadline=name):
                said = f"{name} passed"
            case Reminded(deadline=name, before=before):
                said = f"{name} in {before}"
            case Moved(transition=way):
                said = way
            case _:
                continue
        found.append((str(event.occurred_on), said))
    return found
