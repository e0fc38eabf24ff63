"""By which act of the register what a person asked for is done: erasure, answer, correction.

Whose act it is shows by what it is about: an erasure and an answer, by the name or said to be for
the request, reach what the request itself keeps of who asks; a correction is of a fact that names
them or, where it names nobody, of a history that does.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple
from uuid import UUID

from application.personal import PersonalPlace
from application.world import World
from domain.correction import mends_of
from domain.dates import paris_day
from domain.erasure import Erasure, Exemption
from domain.errors import NotFound
from domain.kernel import EVENTS, Recorded
from domain.personal import name_key, sealed_in
from domain.privacy_ground import PrivacyRight
from domain.privacy_request import NotDoneByThat, PrivacyRequest
from domain.provenance import Kind
from domain.values import Sealed
from domain.words import Text

ERASURE = Text(
    fr="il faut un effacement de cette personne, par son nom ou avec « --request », une fois fini "
    "(« jalon privacy forget » en donne l'identifiant)",
    en="an erasure of this person, by their name or with “--request”, that is finished, is wanted "
    "(“jalon privacy forget” gives its identity)",
)
ANSWER = Text(
    fr="il faut une remise à cette personne, par son nom ou avec « --request » (« jalon privacy "
    "export » en donne l'identifiant)",
    en="an answer to this person, by their name or with “--request”, is wanted (“jalon privacy "
    "export” gives its identity)",
)
CORRECTION = Text(
    fr="il faut l'événement qui rectifie ou retire, depuis la demande, un fait où cette personne "
    "est nommée",
    en="the event is wanted that corrects or retracts, since the request, a fact in which this "
    "person is named",
)
NOTHING = Text(
    fr="aucun acte du registre n'exécute ce droit",
    en="no act of the register carries out this right",
)


ERASED_FOR = (PrivacyRight.ERASURE, PrivacyRight.OBJECTION)
"""The rights that an erasure carries out."""


def must_be_done_by(world: World, request: PrivacyRequest, act: UUID) -> None:
    """Refuse an act that is not one by which what this person asked for was done."""
    wanted, is_done = ACTS.get(request.right, (NOTHING, _never))
    if not is_done(world, request, act):
        raise NotDoneByThat(act=act, wanted=wanted)


class ErasuresDone(NamedTuple):
    """What the erasures of who asks came to, all of them together."""

    kept: tuple[Exemption, ...]
    """Why each value is kept that is: for what the law says, or whoever decided."""
    is_any_erased: bool


def erasures_of(world: World, request: PrivacyRequest) -> ErasuresDone:
    """What was erased of who asks, and what was not.

    Nothing where no erasure was asked for, or where what this person asks for is not done by one.
    """
    kept, erased = dict[str, Exemption](), False
    asked = request.requester.ref if request.requester else ""
    is_done_so = request.right in ERASED_FOR
    for told in world.told(Erasure.Requested) if is_done_so else ():
        if not isinstance(told.event, Erasure.Requested) or asked not in told.event.refs:
            continue
        erasure = world.load(Erasure, told.stream)
        if erasure is None or erasure.is_under_way:
            continue
        erased |= erasure.exemption is None
        held = {one.ref: one.exemption for one in erasure.held}
        for ref in erasure.refs:
            if why := erasure.exemption or held.get(ref):
                kept[ref] = why
    left = (why for ref, why in kept.items() if not world.erased(Sealed(ref=ref)))
    return ErasuresDone(tuple(left), erased)


def unchecked(world: World, found: Iterable[PersonalPlace], day: date) -> Iterator[str]:
    """The requests of who is found, by their codes, of whom the identity is not checked yet."""
    asked = (p.stream for p in found if p.topic == PrivacyRequest.Received.TOPIC)
    for id_ in dict.fromkeys(asked):
        request = world.load(PrivacyRequest, id_)
        if request:
            journey = world.compiled(request.main.journey_on(day) or request.journey).journey
            if request.main.standing_on(day).value == journey.initial:
                yield request.code


def _never(world: World, request: PrivacyRequest, act: UUID) -> bool:
    return False


def _is_erased(world: World, request: PrivacyRequest, act: UUID) -> bool:
    try:
        erasure = world.load(Erasure, act)
    except NotFound:  # the stream of something else
        return False
    of_whom = request.requester.ref if request.requester else ""
    return erasure is not None and erasure.erased is not None and of_whom in erasure.refs


def _is_answered(world: World, request: PrivacyRequest, act: UUID) -> bool:
    return request.id in world.handed_over(act)


def _names(told: Recorded) -> list[tuple[str, Sealed]]:
    return [(field, kept) for field, kept, marked in sealed_in(told.event) if marked.is_name]


def _is_corrected(world: World, request: PrivacyRequest, act: UUID) -> bool:
    told = world.fact(act)
    if told is None or told.event.kind is Kind.ASSERT or request.requester is None:
        return False
    if paris_day(told.recorded_at) < request.received_on:
        return False
    asks = world.open(request.requester, event=PrivacyRequest.Received, field="requester")
    history = world.everything(told.stream)
    mends = mends_of(history)
    facts = (one for one in history if mends.fact(one.event.meta.event_id) == mends.fact(act))
    of_fact = [one for one in facts if _names(one)]
    return asks is not None and any(
        name_key(asks) == name_key(said)
        for one in (of_fact or history)
        for field, kept in _names(one)
        if (said := world.open(kept, event=EVENTS[one.event.TOPIC], field=field))
    )


Done = Callable[[World, PrivacyRequest, UUID], bool]

ACTS: Mapping[PrivacyRight, tuple[Text, Done]] = {
    PrivacyRight.ACCESS: (ANSWER, _is_answered),
    PrivacyRight.PORTABILITY: (ANSWER, _is_answered),
    PrivacyRight.RECTIFICATION: (CORRECTION, _is_corrected),
    **dict.fromkeys(ERASED_FOR, (ERASURE, _is_erased)),
}
"""By which acts each right is carried out, and how that is seen; the others, by none."""
