"""What a question of an auditor is about: the dossiers and the commitments of its scope.

They are found in the events by which they began, and not in the lists.
"""

from dataclasses import dataclass
from uuid import UUID

from application.audit_answer import AuditAsked
from domain.commitment import Commitment
from domain.dossier import Dossier
from domain.kernel import Recorded
from domain.organisation import Organisation
from domain.pole import Pole
from domain.spelling import same


@dataclass(frozen=True, slots=True)
class Examined:
    """Something that is examined: how it is called, whose it is, and the event it began with."""

    id: UUID
    code: str
    pole: UUID
    call: UUID | None
    dossier: UUID | None
    recorded: Recorded


def dossiers(asked: AuditAsked) -> dict[UUID, Examined]:
    """The dossiers of a scope, but those hidden from who asks, in the order of their beginning."""
    scope, found = asked.scope, dict[UUID, Examined]()
    for recorded in asked.told(Dossier.Drafted):
        event = recorded.event
        if not isinstance(event, Dossier.Drafted) or recorded.stream in asked.hidden:
            continue
        if (
            scope.pole in (None, event.pole)
            and scope.call in (None, event.call)
            and scope.dossier in (None, recorded.stream)
            and (scope.region is None or in_region(asked, event.pole))
        ):
            found[recorded.stream] = Examined(
                recorded.stream, event.code, event.pole, event.call, recorded.stream, recorded
            )
    return found


def commitments(asked: AuditAsked) -> dict[UUID, Examined]:
    """The commitments of a scope, in the order of their beginning."""
    scope, found = asked.scope, dict[UUID, Examined]()
    calls = _calls_of_dossiers(asked) if scope.call else {}
    for recorded in asked.told(Commitment.Decided):
        event = recorded.event
        if not isinstance(event, Commitment.Decided):
            continue
        call = calls.get(event.dossier) if event.dossier else None
        if (
            scope.pole in (None, event.pole)
            and scope.call in (None, call)
            and scope.dossier in (None, event.dossier)
            and scope.commitment in (None, recorded.stream)
            and (scope.funder is None or is_funder(event.funder, scope.funder))
            and (scope.region is None or in_region(asked, event.pole))
        ):
            found[recorded.stream] = Examined(
                recorded.stream, event.code, event.pole, call, event.dossier, recorded
            )
    return found


def _calls_of_dossiers(asked: AuditAsked) -> dict[UUID, UUID]:
    """By dossier, the call that it answers."""
    told = ((one.stream, one.event) for one in asked.told(Dossier.Drafted))
    return {id_: event.call for id_, event in told if isinstance(event, Dossier.Drafted)}


def is_funder(funder: Organisation, given: str) -> bool:
    """Whether a funder is meant by a name, a SIREN or a SIRET."""
    compact = "".join(given.split())
    if compact.isdigit() and len(compact) in (9, 14):
        return funder.siren == compact[:9]
    return same(given) == same(funder.name)


def pole_named(asked: AuditAsked, pole: UUID) -> str:
    """The name that a pole bore on the day."""
    known = asked.world.load(Pole, pole, asked.moment.known)
    return known.name_on(asked.moment.in_force) if known else str(pole)


def in_region(asked: AuditAsked, pole: UUID) -> bool:
    """Whether a pole lies in the region of the scope, on the day."""
    known = asked.world.load(Pole, pole, asked.moment.known)
    regions = known.territory_on(asked.moment.in_force).regions if known else ()
    return same(asked.scope.region or "") in {same(region) for region in regions}


def poles(asked: AuditAsked) -> dict[UUID, str]:
    """The poles of a scope, with their names on the day."""
    scope, found = asked.scope, dict[UUID, str]()
    for recorded in asked.told(Pole.Registered):
        if scope.pole not in (None, recorded.stream):
            continue
        if scope.region is not None and not in_region(asked, recorded.stream):
            continue
        found[recorded.stream] = pole_named(asked, recorded.stream)
    return found
