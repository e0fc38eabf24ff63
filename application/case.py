"""Every case that follows a journey, whatever it is a case of."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from uuid import UUID

from pydantic import AliasChoices, Field

from application.round_in_words import called_round
from application.world import World
from domain.appeal import Appeal
from domain.call import Call
from domain.case import Begun, Case, Entered
from domain.commitment import Commitment
from domain.correction import TakenBack
from domain.dossier import Dossier
from domain.errors import NotFound
from domain.evaluation import Evaluation
from domain.follow_up import FollowUp
from domain.kernel import Event
from domain.pole import Pole
from domain.privacy_request import PrivacyRequest

CONCEPTS: Mapping[str, type[Case]] = {
    "pole": Pole,
    "evaluation": Evaluation,
    "call": Call,
    "dossier": Dossier,
    "appeal": Appeal,
    "follow_up": FollowUp,
    "commitment": Commitment,
    "privacy_request": PrivacyRequest,
}
"""What journeys are followed by, by the name of each concept; poles first, for there are most."""

KINDS = tuple(CONCEPTS.values())

KIND_OF: Mapping[type[Event], type[Case]] = {
    event: kind for kind in KINDS for event in (kind.ENTERS, kind.own(Begun))
}
"""The events by which a case begins to follow a journey, and what it then is a case of."""


def cases_field(description: str, **more: Any) -> Any:
    """The field of a command about cases of any kind.

    It was called `poles` at first: so named, it is still read, and a key that answered for such a
    request still answers for it.
    """
    return Field(
        validation_alias=AliasChoices("cases", "poles"),
        serialization_alias="poles",
        description=description,
        **more,
    )


def cases_of(world: World, journey: str, until: int | None = None) -> dict[UUID, type[Case]]:
    """The cases that follow a journey, under any version, in the order in which they began to."""
    found: dict[UUID, type[Case]] = {}
    for recorded in world.told(*KIND_OF, until=until):
        event = recorded.event
        if isinstance(event, Pole.Registered | Entered | Begun) and (
            event.journey.startswith(f"{journey}@")
        ):
            found.setdefault(recorded.stream, KIND_OF[type(event)])
    return found


def loaded(world: World, journey: str, until: int | None = None) -> Iterator[Case]:
    """The same, one loaded after the other: no two are held at once."""
    for id_, kind in cases_of(world, journey, until).items():
        case = world.load(kind, id_, until)
        if case:
            yield case


def case_of(get: Callable[[type[Case], UUID], Any], id_: UUID) -> Case:
    """A case of whatever kind, by its identity; `get` is how one of a kind is read, or refused."""
    for kind in KINDS:
        try:
            found = get(kind, id_)
        except TakenBack:
            raise
        except NotFound:  # it may be of another kind
            continue
        if isinstance(found, Case):
            return found
    raise NotFound(name=id_)


def called(case: Case) -> tuple[str, str]:
    """The code and the name under which people know a case."""
    if isinstance(case, Pole) and case.names:
        return case.code, case.names[-1].value
    if isinstance(case, Evaluation):
        return case.code, called_round(case)
    if isinstance(case, Call | Dossier):
        return case.code, case.title
    return (case.code, case.code) if case.code else (str(case.id), str(case.id))


def code_of(world: World, id_: UUID) -> str:
    """The code under which people know a case of whatever kind; its identity, where none is."""
    history = world.history(id_)
    kind = KIND_OF.get(type(history[0].event)) if history else None
    found = world.load(kind, id_) if kind else None
    return called(found)[0] if found else str(id_)
