"""For which request a person is erased or answered, where they are known by something else than
the name under which they asked.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from uuid import UUID

from application.personal import PersonalPlace
from application.privacy_execution import ERASED_FOR
from domain.dates import paris_day
from domain.errors import Refused
from domain.privacy_request import REQUESTER, PrivacyRequest
from infrastructure.event_store.registry import Registry
from infrastructure.person_found import PersonFound


class NotWhoAsks(Refused):
    """The request is under another name than what is to be erased or handed over for it."""

    code = "person.not_who_asks"
    fr = (
        "La demande n'est pas faite sous le nom de ce sujet. Regardez « jalon privacy find » ; si "
        "c'est la même personne, autrement nommée, ajoutez « --same-person »."
    )
    en = (
        "The request was not made under the name of this subject. Look at “jalon privacy find”; if "
        "it is the same person under another name, add “--same-person”."
    )


class RequestNotSaid(Refused):
    """Somebody of this name asks for an erasure; whether it is this one is for people."""

    code = "person.request_not_said"
    fr = (
        "Une demande en cours est faite sous ce nom ({codes}). Ajoutez « --request CODE » si c'est "
        "à elle que vous répondez ainsi, ou « --no-request » si c'est un homonyme qui demande."
    )
    en = (
        "A request under way is made under this name ({codes}). Add “--request CODE” if this "
        "answers it, or “--no-request” if somebody else of that name asks."
    )


def with_request(
    registry: Registry,
    found: PersonFound,
    own: Sequence[PersonalPlace],
    *,
    same_person: bool | None,
) -> PersonFound:
    """What was found, with what their request keeps of who asks.

    Refused where what was found bears names, and none is that of who asks, unless it is said to
    be the same person.

    Args:
        own: what the request keeps.
    """
    asks = {(place.subject, place.purpose) for place in own}
    names = registry.keys.names.marks()
    here = _borne(names, found.keys)
    if here and here.isdisjoint(_borne(names, asks)) and not same_person:
        raise NotWhoAsks
    every = sorted({*found.places, *own}, key=lambda place: place.position)
    return replace(found, places=tuple(every))


def must_be_of_no_request(registry: Registry, found: PersonFound) -> None:
    """Refuse where somebody of the same name waits for an erasure, and what they asked by is not
    among what was found: an erasure is for ever, and could not be told to be theirs later.
    """
    if codes := [*_waiting(registry, found)]:
        raise RequestNotSaid(codes=", ".join(codes))


def _waiting(registry: Registry, found: PersonFound) -> Iterator[str]:
    names, today = registry.keys.names.marks(), paris_day(registry.clock())
    here, mine = _borne(names, found.keys), {subject for subject, _ in found.keys}
    for (subject, purpose), marks in names.items():
        if purpose != REQUESTER.purpose or subject in mine or here.isdisjoint(marks):
            continue
        request = registry.load(PrivacyRequest, subject)
        if request and request.right in ERASED_FOR:
            ref = request.main.journey_on(today) or request.journey
            state = request.main.standing_on(today).value
            if not registry.compiled(ref).journey.state[state].final:
                yield request.code


def _borne(
    names: dict[tuple[UUID, str], frozenset[bytes]], keys: Collection[tuple[UUID, str]]
) -> set[bytes]:
    return {mark for key in keys for mark in names.get(key, ())}
