"""De minimis aid: declare it, attest that all is told, link enterprises; count what is granted."""

from abc import abstractmethod
from datetime import date
from uuid import UUID

from pydantic import Field
from typing_extensions import override

from application.command import Work
from application.correction import Statement
from application.momentary import Momentary
from application.wording import relation_in_words
from domain.dates import PartialDate
from domain.de_minimis import DeMinimis
from domain.document import Document
from domain.errors import Forbidden, Refused
from domain.identifiers import Siren
from domain.money import Euros, EurosOrNone, euros
from domain.organisation import Organisation
from domain.pole import Pole
from domain.recording import must_have_happened
from domain.roles import Role
from domain.single_undertaking import SingleUndertaking, undertaking_of
from domain.single_undertaking_refusals import (
    AboveCeiling,
    AlreadyIdentified,
    HeadroomUnknown,
    NotAnUndertaking,
    UndertakingWithoutName,
)
from domain.undertaking_group import Group, group_of
from domain.values import Line, Prose

DECLARERS = (
    Role.POLE_REPRESENTATIVE,
    Role.MEMBER_ORGANISATION,
    Role.REGISTRAR,
    Role.INSTRUCTOR,
    Role.FUNDER,
)
"""Who enters what an enterprise declares: itself, or whoever receives it (product rule)."""


class NotADeclarer(Forbidden):
    """Aid is declared by whom it was granted to, or entered by who receives the declaration."""

    code = "single_undertaking.role"
    fr = "Déclarer des aides « de minimis », ou les attester, demande un autre rôle : {roles}."
    en = "Declaring de minimis aid, or attesting to it, needs another role: {roles}."


class DayWanted(Refused):
    """Aid counts on the day of its grant, so that day is known."""

    code = "single_undertaking.day"
    fr = "Une aide compte le jour où elle est accordée : donnez ce jour en entier (AAAA-MM-JJ)."
    en = "Aid counts on the day on which it is granted: give that whole day (YYYY-MM-DD)."


class NoSirenToCount(Refused):
    """De minimis aid is counted by enterprise."""

    code = "single_undertaking.no_siren"
    fr = (
        "« {name} » n'a pas de SIRET : une aide « de minimis » se compte par entreprise, "
        "reconnue à son SIREN. Donnez le SIRET, ou un autre régime."
    )
    en = (
        "“{name}” has no SIRET: de minimis aid is counted by enterprise, known by its SIREN. "
        "Give the SIRET, or another regime."
    )


class EnterpriseNotOfThePole(Forbidden):
    """A mandate for a pole reaches the enterprises that the pole is made of, and no others."""

    code = "single_undertaking.not_of_the_pole"
    fr = (
        "Ce mandat vaut pour « {relation} » : l'entreprise {siren} n'y est enregistrée, sous son "
        "SIREN ou son SIRET, ni comme structure porteuse ni comme membre à ce jour. Faites-y "
        "enregistrer ce numéro, ou laissez déclarer qui instruit, finance ou tient le registre."
    )
    en = (
        "This mandate holds for “{relation}”: the enterprise {siren} is recorded there, under its "
        "SIREN or SIRET, neither as the carrier nor as a member today. Let that number be recorded "
        "there, or leave it to who examines, funds or keeps the register."
    )


# --- what other commands call -------------------------------------------------------------------


def grant_aid(
    work: Work,
    *,
    commitment: UUID,
    beneficiary: Organisation,
    authority: str,
    regime: DeMinimis | str,
    amount_cents: int,
    granted_on: date,
) -> None:
    """Count the aid that a commitment grants, in the same save; refused above the ceiling.

    It is refused, too, where what is left is not known. Only who keeps the register may enter, from
    a source, a grant of the past that nobody can attest to any more: what was left then stays
    unknown, on the record.

    Args:
        authority: the funder, by its name.
        amount_cents: the grant, or the gross grant equivalent of support in kind; of an
            amendment that adds to it, what it adds, granted on the day of the amendment.
        granted_on: the day of the decision, whenever it is paid (2023/2831, art. 3, § 3).
    """
    siren = _siren_of(beneficiary)
    regime = DeMinimis(regime)
    group = group_read(work, siren)
    headroom = group.headroom_on(granted_on, regime)
    if headroom is None and not _told_by_a_source(work, granted_on):
        raise HeadroomUnknown(siren=siren, day=granted_on)
    if headroom is not None and amount_cents > headroom:
        raise AboveCeiling(asked=euros(amount_cents), left=euros(headroom), day=granted_on)
    with work.dated(PartialDate.on(granted_on)):
        part = group.parts.get(siren) or SingleUndertaking.identify(siren, beneficiary.name)
        part.grant_aid(
            commitment=commitment,
            regime=regime,
            cents=amount_cents,
            authority=authority,
            headroom=headroom,
        )
        work.save(part)


def lower_aid(
    work: Work,
    *,
    commitment: UUID,
    beneficiary: Organisation,
    to_cents: int,
    day: date,
    motive: str,
) -> None:
    """Let the aid that a commitment granted come to less from a day on, or to nothing.

    What was granted last is lowered first. Nothing happens where it comes to no more than that.
    """
    siren = _siren_of(beneficiary)
    part = work.find(SingleUndertaking, undertaking_of(siren))
    if part is None:
        return
    aids = part.aid_of(commitment, day)
    above = sum(aid.cents_on(day) for aid in aids) - to_cents
    with work.dated(PartialDate.on(day)):
        for aid in reversed(aids):
            if above > 0:
                less = min(above, aid.cents_on(day))
                part.lower_aid(aid.id, cents=aid.cents_on(day) - less, motive=motive, day=day)
                above -= less
        work.save(part)


def aid_counted(work: Work, *, commitment: UUID, beneficiary: Organisation, day: date) -> int:
    """What a commitment granted to an enterprise, as it counts on a day."""
    siren = beneficiary.siren
    part = work.find(SingleUndertaking, undertaking_of(siren)) if siren else None
    return sum(aid.cents_on(day) for aid in part.aid_of(commitment, day)) if part else 0


def aid_told_on(work: Work, *, commitment: UUID, beneficiary: Organisation) -> date:
    """The last day from which something is told of the aid that a commitment granted."""
    siren = beneficiary.siren
    part = work.find(SingleUndertaking, undertaking_of(siren)) if siren else None
    aids = [aid for aid in part.aids.values() if aid.commitment == commitment] if part else []
    return max((told.since for aid in aids for told in aid.amounts), default=date.min)


def group_read(work: Work, siren: str) -> Group:
    """An enterprise with those it is linked to; all their versions are checked on saving."""
    return group_of(siren, lambda id_: work.find(SingleUndertaking, id_))


def _siren_of(beneficiary: Organisation) -> str:
    if beneficiary.siren is None:
        raise NoSirenToCount(name=beneficiary.name)
    return beneficiary.siren


def _told_by_a_source(work: Work, granted_on: date) -> bool:
    return Role.REGISTRAR in work.who.roles and work.is_sourced and granted_on < work.today


# --- commands -----------------------------------------------------------------------------------


class EnterpriseCommand(Momentary, by=DECLARERS, refused=NotADeclarer):
    """Something told of one enterprise."""

    siren: Siren = Field(description="Le SIREN de l'entreprise (association, coopérative…).")
    name: Line | None = Field(
        None, description="Son nom, demandé la première fois qu'elle est enregistrée."
    )

    @override
    def execute(self, work: Work) -> UUID:
        must_have_happened()
        part = _identified(work, self.siren, self.name)
        answer = self.act(work, part)
        work.save(part)
        return answer or part.id

    @abstractmethod
    def act(self, work: Work, part: SingleUndertaking) -> UUID | None:
        """Tell it of the enterprise; give what it made, if that is not the enterprise."""


def _identified(work: Work, siren: str, name: str | None) -> SingleUndertaking:
    found = work.find(SingleUndertaking, undertaking_of(siren))
    if found is None and name is None:
        raise UndertakingWithoutName(siren=siren)
    part = found or SingleUndertaking.identify(siren, name or "")
    _reach(work, part, siren)
    return part


def _reach(work: Work, part: SingleUndertaking, siren: str) -> None:
    """Refuse an enterprise of which no pole is made within the reach of who acts.

    It is the carrier or a member today, whenever the aid was granted: three years of it are told,
    also of before it joined (product rule).
    """
    if work.authority.covers(()):
        return
    told = []
    for relation in sorted(work.authority.relations):
        kind, _, name = relation.partition(":")
        pole = work.find(Pole, UUID(name)) if kind == "pole" else None
        if pole and _is_made_of(pole, siren, work.today):
            work.relate(part, frozenset({relation}))
            return
        told.append(pole.name_on(work.today) if pole else relation_in_words(relation))
    raise EnterpriseNotOfThePole(relation=", ".join(told), siren=siren, roles="")


def _is_made_of(pole: Pole, siren: str, day: date) -> bool:
    """Whether an enterprise carries a pole, or is a member of it, on a day."""
    known = [pole.carrier_identifier_on(day)]
    known += [member.identifier for _, member in pole.members_on(day)]
    return ("siren", siren) in [number.organisation for number in known if number]


def _whole_day(work: Work) -> date:
    if work.occurred_on.precision != "day":
        raise DayWanted
    return work.day


class IdentifyEnterprise(
    EnterpriseCommand,
    Statement,
    name="single_undertaking.identify",
    says="Enregistrer une entreprise par son SIREN et son nom ; avec « corrects », corriger son "
    "nom.",
):
    """Let an enterprise be known before anything is told of its aid."""

    name: Line = Field(description="Son nom.")

    @override
    def act(self, work: Work, part: SingleUndertaking) -> None:
        if not part.pending:
            raise AlreadyIdentified(siren=self.siren, name=part.name)


class DeclareAid(
    EnterpriseCommand,
    Statement,
    name="single_undertaking.declare_aid",
    says="Déclarer une aide « de minimis » reçue par une entreprise, au jour où elle est accordée.",
):
    """Tell aid that an enterprise was granted, whatever it comes to: the date is that of grant."""

    regime: DeMinimis = Field(
        DeMinimis.GENERAL,
        description="Le régime : de_minimis (général), ou sgei_de_minimis (services d'intérêt "
        "économique général).",
    )
    amount: Euros = Field(description="Montant, ou équivalent-subvention brut, en euros.")
    authority: Line = Field(description="Qui l'a accordée.")
    reference: Line | None = Field(None, description="Référence de la décision.")

    @override
    def act(self, work: Work, part: SingleUndertaking) -> UUID:
        return part.declare_aid(
            regime=self.regime,
            cents=self.amount,
            authority=self.authority,
            reference=self.reference,
            granted_on=_whole_day(work),
        )


class LowerAid(
    EnterpriseCommand,
    Statement,
    name="single_undertaking.lower_aid",
    says="Réduire ou retirer une aide « de minimis », à partir d'un jour.",
):
    """Let aid come to less from a day on; a mistake is lowered on the very day of the grant."""

    aid: UUID = Field(description="L'aide (identifiant).")
    to: EurosOrNone = Field(
        description="Ce à quoi elle se réduit, en euros ; 0 si elle est retirée."
    )
    motive: Prose = Field(description="Pourquoi.")

    @override
    def act(self, work: Work, part: SingleUndertaking) -> UUID:
        part.lower_aid(self.aid, cents=self.to, motive=self.motive, day=_whole_day(work))
        return self.aid


class AttestAids(
    EnterpriseCommand,
    Statement,
    name="single_undertaking.attest",
    says="Enregistrer l'attestation d'une entreprise : toutes ses aides « de minimis » sont "
    "déclarées.",
):
    """Record that an enterprise attests, on a day, that all aid is told of those it answers for."""

    others: tuple[Siren, ...] = Field(
        (),
        description="Le SIREN de chaque entreprise liée dont l'attestation répond aussi.",
        max_length=50,
        json_schema_extra={"each": "other"},
    )
    document: UUID | None = Field(None, description="L'attestation, si elle est au registre.")
    until: date | None = Field(
        None, description="Dernier jour auquel on s'y fie ; six mois après sa date sinon."
    )

    @override
    def act(self, work: Work, part: SingleUndertaking) -> None:
        if self.document:
            work.get(Document, self.document)
        part.attest(
            others=dict.fromkeys(self.others),
            document=self.document,
            until=self.until,
            day=_whole_day(work),
        )


class LinkUndertakings(
    EnterpriseCommand,
    Statement,
    name="single_undertaking.link",
    says="Enregistrer que deux entreprises n'en font qu'une, à partir d'un jour.",
):
    """Record that one enterprise controls the other, or both are controlled alike (art. 2, § 2)."""

    other: Siren = Field(description="Le SIREN de l'autre entreprise.")
    other_name: Line | None = Field(None, description="Son nom, si elle n'est pas encore connue.")
    why: Line = Field(description="Le lien : majorité des voix, statuts, fusion…")

    @override
    def act(self, work: Work, part: SingleUndertaking) -> None:
        day = _whole_day(work)
        part.join(self.other, why=self.why, day=day)
        other = _identified(work, self.other, self.other_name)
        other.join(self.siren, why=self.why, day=day)
        work.save(other)


class PartUndertakings(
    EnterpriseCommand,
    Statement,
    name="single_undertaking.part",
    says="Enregistrer que deux entreprises ne sont plus liées, à partir d'un jour.",
):
    """Record that a link ended; each keeps the aid that was granted to it."""

    other: Siren = Field(description="Le SIREN de l'autre entreprise.")
    why: Line = Field(description="Ce qui a mis fin au lien.")

    @override
    def act(self, work: Work, part: SingleUndertaking) -> None:
        day = _whole_day(work)
        part.part(self.other, why=self.why, day=day)
        other = work.find(SingleUndertaking, undertaking_of(self.other))
        if other is None:
            raise NotAnUndertaking(siren=self.other)
        _reach(work, other, self.other)
        other.part(self.siren, why=self.why, day=day)
        work.save(other)
