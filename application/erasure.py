"""Forgetting a person: what is held and why, what is recorded of it, and how that is told."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from pydantic import Field
from typing_extensions import override

from application.command import By, Command, Work
from application.legal_hold import disputes
from application.personal import PersonalPlace
from application.private_reading import may_ask_of_all
from application.wording import tells
from application.world import World
from domain.document import Document
from domain.erasure import Erasure, ErasureGround, ErasureId, Exemption, HeldValue
from domain.errors import Forbidden
from domain.kernel import Event
from domain.personal import Basis
from domain.roles import Role, roles_called
from domain.values import Personal

GROUNDS: Mapping[str, str] = {
    ErasureGround.NO_LONGER_NEEDED: "les données ne sont plus nécessaires",
    ErasureGround.CONSENT_WITHDRAWN: "le consentement est retiré",
    ErasureGround.OBJECTION: "la personne s'oppose au traitement",
    ErasureGround.UNLAWFUL: "le traitement est illicite",
    ErasureGround.LEGAL_OBLIGATION: "une obligation légale impose l'effacement",
    ErasureGround.CHILD: "les données d'un enfant ont été recueillies en ligne",
}
"""What each ground is, for people."""

EXEMPTIONS: Mapping[str, str] = {
    Exemption.EXPRESSION: "la liberté d'expression et d'information",
    Exemption.LAW_OR_PUBLIC_TASK: "une obligation légale ou une mission d'intérêt public",
    Exemption.PUBLIC_HEALTH: "un intérêt public de santé",
    Exemption.ARCHIVES: "l'archivage dans l'intérêt public, la recherche, les statistiques",
    Exemption.LEGAL_CLAIMS: "la constatation, l'exercice ou la défense de droits en justice",
}
"""Why something is kept all the same, for people."""

DECIDERS = (Role.DPO,)
EXECUTORS = (Role.DPO, Role.SYSTEM)
BOUND_BY_LAW = (Basis.PUBLIC_TASK, Basis.LEGAL_OBLIGATION)


def may_decide(world: World, by: By, day: date) -> None:
    """Refuse whoever does not answer for the protection of personal data."""
    if by.role not in DECIDERS:
        raise Forbidden(roles=roles_called(DECIDERS))
    may_ask_of_all(world, by, day)


# What is held.


def holds(world: World, found: Iterable[PersonalPlace], day: date) -> list[HeldValue]:
    """The values that are kept on a day in spite of a request, each with its reason.

    Legal claims first: what an appeal under way is about, and a commitment of which something is
    still to be recovered (article 17(3)(e)). Then what a public task or a law has kept, until the
    end of its retention (article 17(3)(b)). What lies under one key goes together: where one of
    its values is held, all are.
    """
    disputed = frozenset(disputes(world, day))
    by_key: dict[tuple[UUID, str], list[PersonalPlace]] = {}
    for place in found:
        by_key.setdefault((place.subject, place.purpose), []).append(place)
    held = list[HeldValue]()
    for together in by_key.values():
        reason = next(filter(None, (_held(place, disputed, day) for place in together)), None)
        if reason:
            held += (HeldValue(ref=p.ref, exemption=reason[0], until=reason[1]) for p in together)
    return held


def _held(
    place: PersonalPlace, disputed: frozenset[UUID], day: date
) -> tuple[Exemption, date | None] | None:
    if place.stream in disputed:
        return Exemption.LEGAL_CLAIMS, None
    if place.basis in BOUND_BY_LAW and (place.keep_until is None or day <= place.keep_until):
        return Exemption.LAW_OR_PUBLIC_TASK, place.keep_until
    return None


# What is recorded. These commands have no name: the protocol alone records them, never a request
# from elsewhere, which could record an erasure that nobody carries out.


class RequestErasure(Command, by=DECIDERS):
    """Record that a person is to be forgotten; refused at once where all of it is held."""

    erasure: ErasureId
    right: ErasureGround
    refs: tuple[str, ...]
    documents: tuple[UUID, ...] = ()
    held: tuple[HeldValue, ...] = ()
    refused: Exemption | None = Field(None, description="Décision du délégué, s'il refuse.")

    @override
    def execute(self, work: Work) -> UUID:
        erasure = Erasure(self.erasure)
        erasure.request(self.right, refs=self.refs, documents=self.documents, held=self.held)
        if self.refused and erasure.is_under_way:
            erasure.refuse(self.refused)
        work.save(erasure)
        return erasure.id


class RecordErased(Command, by=EXECUTORS):
    """Record that a person is forgotten, and with them the documents that were about them."""

    erasure: ErasureId
    again: tuple[str, ...] = ()
    """The values to be told of anew, after an older copy of the registry was put back."""
    documents: tuple[UUID, ...] = ()

    @override
    def execute(self, work: Work) -> UUID:
        erasure = work.find(Erasure, self.erasure) or Erasure(self.erasure)
        documents = [
            found
            for id_ in dict.fromkeys((*erasure.documents, *self.documents))
            if (found := work.find(Document, id_)) and not found.is_erased
        ]
        for document in documents:
            self._erase(work, document)
        if self.again:
            erasure.execute_again(self.again)
        else:
            erasure.execute()
        work.save(erasure, *documents)
        return erasure.id

    def _erase(self, work: Work, document: Document) -> None:
        motive = work.seal(
            Personal(text=f"Effacement d'une personne : {self.erasure}"),
            event=Document.Erased,
            field="motive",
            subject=document.id,
        )
        document.erase(motive=motive, day=work.day)
        work.destroy(document)


@tells
def _tell(event: Event) -> tuple[str, str] | None:
    match event:
        case Erasure.Requested(right=right, held=held):
            kept = f" ; {len(held)} valeur(s) retenue(s) par la loi" if held else ""
            return "Effacement d'une personne demandé", f"RGPD, article {right.value}{kept}"
        case Erasure.Refused(exemption=exemption):
            said = f"RGPD, article {exemption.value} : {EXEMPTIONS[exemption]}"
            return "Effacement d'une personne refusé", said
        case Erasure.PersonErased(refs=refs):
            return "Personne effacée", f"{len(refs)} valeur(s) scellée(s), clés détruites"
        case _:
            return None
