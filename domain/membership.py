"""The members of a pole: organisations, and persons whose names are sealed, by kind and by days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import NewType
from uuid import UUID

from domain.dates import PartialDate, day_in_words
from domain.errors import Refused
from domain.identifiers import (
    Identifier,
    Scheme,
    same_name,
)
from domain.legal_form import (
    EssEvidence,
    EssStatus,
    EvidenceUnsourced,
    LegalForm,
    NotAPublicBody,
    admit_ess,
    admit_other,
    ess_status,
)
from domain.recording import recording
from domain.span import Dated, Span, in_force
from domain.values import Frozen, Sealed
from domain.words import Text

MemberId = NewType("MemberId", UUID)


class MemberKind(StrEnum):
    """What article 9 I and the decree of 2015 (article 3, 2°) tell apart."""

    ESS_ENTERPRISE = "ess_enterprise"
    OTHER_ENTERPRISE = "other_enterprise"
    ENTERPRISE_GROUP = "enterprise_group"
    LOCAL_AUTHORITY = "local_authority"
    RESEARCH = "research"
    HIGHER_EDUCATION = "higher_education"
    TRAINING = "training"
    CITIZEN = "citizen"
    OTHER = "other"


PUBLIC = frozenset({MemberKind.LOCAL_AUTHORITY})
ART9_PARTNERS = frozenset(
    {
        MemberKind.LOCAL_AUTHORITY,
        MemberKind.RESEARCH,
        MemberKind.HIGHER_EDUCATION,
        MemberKind.TRAINING,
        MemberKind.CITIZEN,
        MemberKind.OTHER,
    }
)


class MemberFacts(Frozen):
    """Members on a day; unknown as long as no member was ever recorded."""

    total: int | None
    ess_enterprises: int | None
    other_enterprises: int | None
    public_bodies: int | None
    art9_partners: int | None


# --- refusals ----------------------------------------------------------------------------------


class AlreadyMember(Refused):
    """The memberships of one organisation never overlap."""

    code = "pole.already_member"
    fr = (
        "« {name} » est déjà membre du pôle{under} ({when}) : "
        "les périodes d'une même organisation ne se recouvrent pas."
    )
    en = (
        "“{name}” is already a member of the pole{under} ({when}): "
        "the periods of one organisation never overlap."
    )


class NotAMember(Refused):
    """Only a member leaves."""

    code = "pole.not_a_member"
    fr = "Ce membre ne fait pas partie du pôle à cette date."
    en = "This member does not belong to the pole on that day."


class PersonUnnamed(Refused):
    """A citizen's name is personal, an organisation's is not."""

    code = "pole.member_name"
    fr = "{reason}"
    en = "{reason}"


class SoleTraderUnnamed(Refused):
    """The name and the number of a sole trader are those of a person."""

    code = "pole.sole_trader_name"
    fr = (
        "Un entrepreneur individuel est une personne : son nom se donne dans « person », où il est "
        "scellé, et son numéro ne s'enregistre pas."
    )
    en = (
        "A sole trader is a person: their name is given in “person”, where it is sealed, "
        "and their number is not recorded."
    )


class PersonStays(Refused):
    """A person does not become an organisation, nor the contrary."""

    code = "member.person_stays"
    fr = (
        "Une personne ne devient pas une organisation, ni l'inverse : "
        "enregistrez un départ, puis une arrivée."
    )
    en = (
        "A person does not become an organisation, nor the contrary: "
        "record a departure, then an arrival."
    )


class NothingChanges(Refused):
    """A change says what changes."""

    code = "member.nothing_changes"
    fr = (
        "Dites ce qui change de ce membre : sa nature (member_kind), sa forme juridique "
        "(legal_form), son identifiant (identifier)."
    )
    en = "Say what changes of this member: member_kind, legal_form or identifier."


class NotClaimed(Refused):
    """Evidence is of a quality that is claimed."""

    code = "member.ess_not_claimed"
    fr = (
        "« {name} » n'est pas enregistré comme entreprise de l'ESS : un justificatif ne se donne "
        "que pour qui l'est (changez d'abord sa nature)."
    )
    en = (
        "“{name}” is not recorded as an enterprise of the social economy: evidence is given only "
        "for those that are (change what it is first)."
    )


class OtherIdentifier(Refused):
    """Two numbers given of one organisation name the same one."""

    code = "member.other_identifier"
    fr = "Les deux numéros donnés pour « {name} » désignent deux organisations différentes."
    en = "The two numbers given for “{name}” name two different organisations."


# --- what remembers it -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Membership(Span):
    """One stay of a member: `kind` is what it was when it came."""

    kind: MemberKind
    name: str
    occurred_on: PartialDate
    identifier: Identifier | None = None
    kinds: tuple[Dated[MemberKind], ...] = ()
    forms: tuple[Dated[LegalForm], ...] = ()
    evidence: tuple[Dated[EssEvidence | None], ...] = ()
    """`None` from the day on which its form changed, or its quality was lost."""

    @property
    def siren(self) -> str | None:
        """The number of the legal unit, where a register of the State names it."""
        known = self.identifier.organisation if self.identifier else None
        return known[1] if known and known[0] == Scheme.SIREN else None

    def kind_on(self, day: date) -> MemberKind:
        return in_force(self.kinds, day) or self.kind

    def form_on(self, day: date) -> LegalForm | None:
        return in_force(self.forms, day)

    def is_person_on(self, day: date) -> bool:
        """Whether it is a natural person: a citizen, or a sole trader."""
        form = self.form_on(day)
        return self.kind_on(day) is MemberKind.CITIZEN or bool(form and form.is_person)

    def evidence_on(self, day: date) -> EssEvidence | None:
        return in_force(self.evidence, day)

    def ess_on(self, day: date) -> EssStatus:
        """On what its quality of enterprise of the social economy rests."""
        form = self.form_on(day)
        return ess_status(
            form.status if form else None,
            claimed=self.kind_on(day) is MemberKind.ESS_ENTERPRISE,
            evidenced=self.evidence_on(day) is not None,
        )

    def spans(self) -> Iterator[tuple[MemberKind, date, date | None]]:
        """What it was, from one day to another; nothing, where it left before it came."""
        if self.until is not None and self.until <= self.since:
            return
        turns = {day for kind in self.kinds for day in (kind.since, kind.until) if day}
        days = [self.since, *sorted(day for day in turns if day > self.since and self.covers(day))]
        for start, end in pairwise([*days, None]):
            if start:
                yield self.kind_on(start), start, end or self.until


def named_by(number: str | None, scheme: Scheme) -> Identifier | None:
    """A number that was validated when it was recorded, as an identifier."""
    return Identifier.model_construct(scheme=scheme, number=number) if number else None


def one_identifier(
    name: str, identifier: Identifier | None, number: str | None
) -> Identifier | None:
    """How an organisation is named, whether by an identifier, by a SIREN or SIRET, or by both.

    Refused where the two are of two organisations.
    """
    plain = named_by(number, Scheme.SIRET if number and len(number) > 9 else Scheme.SIREN)
    if identifier and plain and identifier.organisation != plain.organisation:
        raise OtherIdentifier(name=name)
    return identifier or plain


def admit_citizen(name: str | None, person: Sealed | None, *of_organisations: object) -> None:
    if name or not person:
        raise PersonUnnamed(reason="Le nom d'un citoyen se donne dans « person » : il est scellé.")
    if any(of_organisations):
        raise PersonUnnamed(
            reason="Une personne n'a ici ni identifiant, ni forme juridique, ni qualité ESS."
        )


def admit_sole_trader(person: Sealed | None, *in_clear: object) -> None:
    """Refuse a sole trader who is named, or numbered, otherwise than under seal (product rule)."""
    if person is None or any(in_clear):
        raise SoleTraderUnnamed


def admit_source(evidence: EssEvidence | None) -> None:
    """Refuse words that do not say where they come from."""
    if evidence and evidence.words and not recording().provenance.source:
        raise EvidenceUnsourced


def admit_kind(
    name: str, kind: MemberKind, form: LegalForm | None, evidence: EssEvidence | None
) -> None:
    """Refuse a kind that the legal form, or the evidence, contradicts or does not support."""
    if kind is MemberKind.LOCAL_AUTHORITY and form and not form.is_public:
        raise NotAPublicBody(name=name, label=form.label, form=form.code)
    if kind is MemberKind.OTHER_ENTERPRISE:
        if evidence:
            raise NotClaimed(name=name)
        if form:
            admit_other(name, form)
    if kind is MemberKind.ESS_ENTERPRISE and form:
        admit_ess(
            name, form, evidenced=bool(evidence), explained=bool(recording().provenance.reason)
        )


def already_member(name: str, other: Membership) -> AlreadyMember:
    """The refusal that says of which other period, under which name."""
    return AlreadyMember(name=name, under=_under(name, other), when=_when(other))


def _under(name: str, other: Membership) -> Text:
    if same_name(name, other.name):
        return Text()
    return Text(fr=f", sous le nom « {other.name} »", en=f", under the name “{other.name}”")


def _when(stay: Membership) -> Text:
    start = stay.occurred_on

    def said(language: str, since: str, no_end: str, end: str) -> str:
        begins = start.in_words(language) if start.is_known else day_in_words(stay.since, language)
        if not stay.until:
            return f"{since} {begins}, {no_end}"
        return f"{since} {begins}, {end} {day_in_words(stay.until, language)}"

    return Text(
        fr=said("fr", "début :", "sans fin connue", "fin :"),
        en=said("en", "from", "with no known end", "until"),
    )
