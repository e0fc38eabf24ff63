"""What an erasure tells: why it is refused, what it would destroy, what came of it."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from uuid import UUID

from application.personal import PersonalPlace, places
from domain.erasure import Erasure, ErasureGround, Exemption, HeldValue
from domain.errors import Conflict, Damaged, Refused, Unavailable
from domain.values import Frozen
from infrastructure.document_check import trouble_of
from infrastructure.event_store.registry import Registry
from infrastructure.person_found import document_of
from infrastructure.sealed_check import check_sealed


class ErasureHeld(Refused):
    """The law keeps everything that it was asked to erase; the refusal is recorded."""

    code = "erasure.held"
    fr = (
        "Rien n'est effacé : RGPD, article {exemption} ({why}). Le refus est enregistré sous "
        "{erasure} ; la personne doit en être informée."
    )
    en = (
        "Nothing is erased: GDPR, article {exemption} ({why}). The refusal is recorded under "
        "{erasure}; the person must be told."
    )


class DamagedBefore(Damaged):
    """What is to be erased is not what was recorded; once it is gone, nothing could tell so."""

    code = "erasure.damaged"
    fr = (
        "Rien n'est effacé : ce qui le serait n'est plus entier, et l'effacer en ôterait la trace. "
        "{damage}. Remettez-le d'une sauvegarde ; ou effacez-le tel quel, par « --damaged » : ce "
        "qui vient d'être dit sera enregistré avec l'effacement."
    )
    en = (
        "Nothing is erased: what would be is not whole any more, and no trace of that would be "
        "left. {damage}. Put it back from a backup; or erase it as it is, by “--damaged”: what "
        "was just said will be recorded with the erasure."
    )


class AlreadyForgotten(Conflict):
    """Somebody else asked for the same at the same time, and it is done."""

    code = "erasure.already"
    fr = (
        "Cette personne vient d'être effacée par une autre demande, faite au même moment : il n'y "
        "a plus rien à effacer d'elle."
    )
    en = "This person has just been erased by another request: there is nothing left to erase."


class ForgettingUnfinished(Unavailable):
    """An erasure was asked for, and is not yet carried out whole."""

    code = "erasure.unfinished"
    fr = (
        "L'effacement {erasure} est demandé et n'est pas fini : {reason} Il le sera à la prochaine "
        "ouverture du registre, ou par « jalon privacy resume »."
    )
    en = (
        "The erasure {erasure} was asked for and is not finished: {reason} It will be when the "
        "registry is next opened, or by “jalon privacy resume”."
    )


class Busy(Unavailable):
    """Somebody reads an earlier state out of the log of writes of SQLite."""

    code = "erasure.busy"
    fr = "Les clés sont détruites, mais un autre programme lit encore l'état d'avant."
    en = "The keys are destroyed, but another program still reads the state of before."


class ErasureForeseen(Frozen):
    """What an erasure would destroy for ever, and what the law would keep of it."""

    destroyed: tuple[PersonalPlace, ...]
    documents: tuple[UUID, ...]
    held: tuple[HeldValue, ...]
    unchecked: tuple[str, ...]
    """The requests of this person, by their codes, of whom the identity is not yet checked."""
    damage: tuple[str, ...]
    """What verifications say of what would be destroyed, and could not say any more."""


class ErasureReceipt(Frozen):
    """What was decided of a person, and what proves it; it names nobody."""

    erasure: UUID
    ground: ErasureGround | None
    requested_at: datetime
    refused: Exemption | None
    erased_at: datetime | None
    """None while it is not done."""
    values: int
    documents: int
    held: tuple[HeldValue, ...]
    data: tuple[str, ...]
    """What was erased, in words: of which kind, never what it said."""
    kept: tuple[str, ...]
    """What was kept, in words."""
    damage: str | None
    """What was found damaged of it before it was erased."""
    position: int
    """The event by which it was decided; its proof is asked for by that."""
    size: int
    root: str
    """The log that the receipt is of: so many events, under that root."""


def receipt_of(registry: Registry, erasure: Erasure) -> ErasureReceipt:
    """What there is to say of an erasure, done, refused or to be finished, as the log stands."""
    history = registry.history(erasure.id)
    asked, last = history[0], history[-1]
    size = registry.journal.size()
    lay = places(registry, dict.fromkeys(erasure.refs, erasure.id))
    gone = frozenset(erasure.erased or ())
    return ErasureReceipt(
        erasure=erasure.id,
        ground=erasure.right,
        requested_at=asked.recorded_at,
        refused=erasure.exemption,
        erased_at=last.recorded_at if erasure.erased is not None else None,
        values=len(erasure.erased or ()),
        documents=len(erasure.documents) if erasure.erased is not None else 0,
        held=erasure.held,
        data=tuple(dict.fromkeys(one.holds.fr for one in lay if one.ref in gone)),
        kept=tuple(dict.fromkeys(one.holds.fr for one in lay if one.ref not in gone)),
        damage=asked.event.meta.reason,
        position=last.position,
        size=size,
        root=registry.journal.root(size).hex(),
    )


def damage_of(
    registry: Registry, refs: Collection[str], documents: Iterable[UUID]
) -> Iterator[str]:
    """What verifications say of some values and documents, a sentence each."""
    for fault in check_sealed(registry).faults:
        if fault.ref in refs:
            yield str(fault)
    for document in filter(None, (document_of(registry, id_) for id_ in documents)):
        if trouble := trouble_of(registry.documents, document):
            yield f"Le document {document.id} : {trouble}"
