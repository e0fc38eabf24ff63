"""The members of a pole: who joined, who left, what each is on a day, and what shows it."""

from bisect import bisect_right, insort
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Annotated
from uuid import UUID

from typing_extensions import override

from domain.dates import PartialDate
from domain.errors import Refused
from domain.identifiers import (
    Identifier,
    Scheme,
    Siren,
    same_organisation,
)
from domain.kernel import Event, event
from domain.legal_form import EssEvidence, LegalForm
from domain.living import Living
from domain.membership import (
    ART9_PARTNERS,
    PUBLIC,
    MemberFacts,
    MemberId,
    MemberKind,
    Membership,
    NotAMember,
    NotClaimed,
    NothingChanges,
    PersonStays,
    PersonUnnamed,
    SoleTraderUnnamed,
    admit_citizen,
    admit_kind,
    admit_sole_trader,
    admit_source,
    already_member,
    named_by,
    one_identifier,
)
from domain.personal import Basis, Marking
from domain.recording import EndsBeforeItBegins, new_identity, recording
from domain.retention import Retention
from domain.values import Line, Sealed
from domain.words import Text, later

CITIZEN = Marking(
    purpose="membership",
    holds=Text(
        fr="le nom d'une personne membre d'un pôle",
        en="the name of a person who belongs to a pole",
    ),
    persons=Text(
        fr="citoyens et entrepreneurs individuels membres de pôles",
        en="citizens and sole traders who belong to poles",
    ),
    basis=Basis.LEGITIMATE_INTERESTS,
    retention=Retention.FIVE_YEARS,
    is_name=True,
)


class Members(Living):
    """A pole as the organisations, and the persons, who belong to it."""

    class MemberJoined(Event):
        """An organisation joined, or a citizen, whose name is sealed."""

        TOPIC = "pole.member_joined.v1"
        STATED_BY = ("pole.add_member",)
        GIVES = "member"
        member: MemberId
        member_kind: MemberKind
        name: Line | None = None
        person: Annotated[Sealed | None, CITIZEN] = None
        siren: Siren | None = None
        identifier: Identifier | None = later(None)
        legal_form: LegalForm | None = later(None)
        ess_evidence: EssEvidence | None = later(None)

    class MemberLeft(Event):
        """A member left."""

        TOPIC = "pole.member_left.v1"
        STATED_BY = ("pole.end_membership",)
        member: MemberId

    class MemberChanged(Event):
        """What a member is, or how it is named by a register, is said otherwise from a day on."""

        TOPIC = "pole.member_changed.v1"
        STATED_BY = ("pole.change_member",)
        member: MemberId
        member_kind: MemberKind | None = None
        identifier: Identifier | None = None
        legal_form: LegalForm | None = None
        ess_evidence: EssEvidence | None = None

    class EssConfirmed(Event):
        """Evidence shows that a member is an enterprise of the social economy."""

        TOPIC = "pole.ess_confirmed.v1"
        STATED_BY = ("pole.confirm_ess",)
        member: MemberId
        ess_evidence: EssEvidence

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.members: dict[MemberId, Membership] = {}
        self._came: dict[MemberKind, list[date]] = {}
        """The days on which members of a kind came, in order; and left, in `_left`."""
        self._left: dict[MemberKind, list[date]] = {}

    # Decisions.

    def add_member(
        self,
        *,
        member_kind: MemberKind,
        name: str | None,
        person: Sealed | None,
        siren: str | None = None,
        identifier: Identifier | None = None,
        legal_form: LegalForm | None = None,
        ess_evidence: EssEvidence | None = None,
    ) -> MemberId:
        """Take in an organisation under its name, or a person under a sealed one.

        Refused where the organisation is a member on one of these days already, and where its
        legal form is not that of what it is said to be.
        """
        self._living()
        if member_kind is MemberKind.CITIZEN:
            admit_citizen(name, person, siren, identifier, legal_form, ess_evidence)
        elif legal_form and legal_form.is_person:
            admit_sole_trader(person, name, siren, identifier)
            admit_source(ess_evidence)
            admit_kind("", member_kind, legal_form, ess_evidence)
        else:
            if person or not name:
                raise PersonUnnamed(reason="Une organisation se donne par son nom, dans « name ».")
            known = one_identifier(name, identifier, siren)
            self._admit_period(name, known, recording().since, recording().valid_to)
            admit_source(ess_evidence)
            admit_kind(name, member_kind, legal_form, ess_evidence)
        member = MemberId(new_identity())
        self._member_joined(
            member=member,
            member_kind=member_kind,
            name=name,
            person=person,
            siren=siren,
            identifier=identifier,
            legal_form=legal_form,
            ess_evidence=ess_evidence,
        )
        return member

    def end_membership(self, member: MemberId, *, occurred_on: PartialDate) -> None:
        self._living()
        membership = self.members.get(member)
        day = occurred_on.first_day
        if membership is None or not (membership.covers(day) if day else membership.until is None):
            raise NotAMember
        self._member_left(member=member, occurred_on=occurred_on)

    def change_member(
        self,
        member: MemberId,
        *,
        member_kind: MemberKind | None = None,
        identifier: Identifier | None = None,
        legal_form: LegalForm | None = None,
        ess_evidence: EssEvidence | None = None,
    ) -> None:
        """Say otherwise what a member is from a day on.

        What showed that it is of the social economy shows nothing of another form, nor of an
        enterprise that is no longer said to be.
        """
        self._living()
        day, was = recording().since, self._member(member)
        if not (member_kind or identifier or legal_form):
            raise NothingChanges
        kind, form = member_kind or was.kind_on(day), legal_form or was.form_on(day)
        if MemberKind.CITIZEN in (kind, was.kind):
            raise PersonStays
        if was.is_person_on(day) != bool(form and form.is_person):
            raise PersonStays
        if identifier and was.is_person_on(day):
            raise SoleTraderUnnamed
        if identifier:
            self._admit_period(was.name, identifier, was.since, was.until, but=member)
        admit_source(ess_evidence)
        is_lost = legal_form or kind is MemberKind.OTHER_ENTERPRISE
        shown = ess_evidence or (None if is_lost else was.evidence_on(day))
        admit_kind(was.name, kind, form, shown)
        self._member_changed(
            member=member,
            member_kind=member_kind,
            identifier=identifier,
            legal_form=legal_form,
            ess_evidence=ess_evidence,
        )

    def confirm_ess(self, member: MemberId, *, ess_evidence: EssEvidence) -> None:
        """Put on record what shows that a member is of the social economy, from its day on."""
        self._living()
        day, was = recording().since, self._member(member)
        if was.kind_on(day) is not MemberKind.ESS_ENTERPRISE:
            raise NotClaimed(name=was.name or "cette personne")
        admit_source(ess_evidence)
        admit_kind(was.name, MemberKind.ESS_ENTERPRISE, was.form_on(day), ess_evidence)
        self._ess_confirmed(member=member, ess_evidence=ess_evidence)

    def _member(self, member: MemberId) -> Membership:
        """A member on the day of what is being recorded."""
        membership = self.members.get(member)
        if membership is None or not membership.covers(recording().since):
            raise NotAMember
        return membership

    def _admit_period(
        self,
        name: str,
        identifier: Identifier | None,
        since: date,
        until: date | None,
        but: MemberId | None = None,
    ) -> None:
        """Refuse a period of which the organisation is a member on some day already."""
        for id_, other in self.members.items():
            if id_ == but or not other.name:
                continue
            same = same_organisation(name, identifier, other.name, other.identifier)
            if same and other.overlaps(since, until):
                raise already_member(name, other)

    # What is known on a day.

    def members_on(self, day: date) -> list[tuple[MemberId, Membership]]:
        return [(id_, m) for id_, m in self.members.items() if m.covers(day)]

    @property
    def member_days(self) -> list[date]:
        """The days on which it had more or fewer members of some kind, in order."""
        every = (*self._came.values(), *self._left.values())
        return sorted({day for days in every for day in days})

    def members_by_kind(self, day: date) -> dict[MemberKind, int]:
        """How many members of each kind it has on a day: those who came, less those who left."""
        return {
            kind: bisect_right(came, day) - bisect_right(self._left.get(kind, ()), day)
            for kind, came in self._came.items()
        }

    def member_facts_on(self, day: date) -> MemberFacts:
        """How many members of each sort it has on a day; unknown where none was ever recorded."""

        by_kind = self.members_by_kind(day)

        def count(among: Iterable[MemberKind]) -> int | None:
            return sum(by_kind.get(kind, 0) for kind in among) if self.members else None

        return MemberFacts(
            total=count(by_kind),
            ess_enterprises=count({MemberKind.ESS_ENTERPRISE}),
            other_enterprises=count({MemberKind.OTHER_ENTERPRISE, MemberKind.ENTERPRISE_GROUP}),
            public_bodies=count(PUBLIC),
            art9_partners=count(ART9_PARTNERS),
        )

    @override
    def incoherences(self) -> Iterator[Refused]:
        """Members who leave before they join, beside what a case may come to."""
        yield from super().incoherences()
        for member in self.members.values():
            if member.until and member.until <= member.since:
                yield EndsBeforeItBegins(start=member.since, end=member.until)

    # What is remembered.

    def _keep(self, member: MemberId, told: Membership) -> None:
        """Remember a stay in the place of what was known of it, and count its days anew."""
        if was := self.members.get(member):
            for kind, start, end in was.spans():
                self._came[kind].remove(start)
                if end:
                    self._left[kind].remove(end)
        self.members[member] = told
        for kind, start, end in told.spans():
            insort(self._came.setdefault(kind, []), start)
            if end:
                insort(self._left.setdefault(kind, []), end)
        self._heard()

    @event(MemberJoined)
    def _member_joined(
        self,
        *,
        member: MemberId,
        member_kind: MemberKind,
        name: str | None,
        person: Sealed | None,
        siren: str | None,
        identifier: Identifier | None = None,
        legal_form: LegalForm | None = None,
        ess_evidence: EssEvidence | None = None,
    ) -> None:
        joined = Membership(
            self.since,
            self.until,
            member_kind,
            name or "",
            self.occurred_on,
            identifier=identifier or named_by(siren, Scheme.SIREN),
            forms=(self.dated(legal_form),) if legal_form else (),
            evidence=(self.dated(ess_evidence),) if ess_evidence else (),
        )
        self._keep(member, joined)

    @event(MemberLeft)
    def _member_left(self, *, member: MemberId, occurred_on: PartialDate) -> None:
        self._keep(member, replace(self.members[member], until=self.since))

    @event(MemberChanged)
    def _member_changed(
        self,
        *,
        member: MemberId,
        member_kind: MemberKind | None,
        identifier: Identifier | None,
        legal_form: LegalForm | None,
        ess_evidence: EssEvidence | None,
    ) -> None:
        was = self.members[member]
        is_lost = legal_form or member_kind is MemberKind.OTHER_ENTERPRISE
        shown = (self.dated(ess_evidence),) if is_lost or ess_evidence else ()
        changed = replace(
            was,
            identifier=identifier or was.identifier,
            kinds=(*was.kinds, self.dated(member_kind)) if member_kind else was.kinds,
            forms=(*was.forms, self.dated(legal_form)) if legal_form else was.forms,
            evidence=(*was.evidence, *shown),
        )
        self._keep(member, changed)

    @event(EssConfirmed)
    def _ess_confirmed(self, *, member: MemberId, ess_evidence: EssEvidence) -> None:
        was = self.members[member]
        self._keep(member, replace(was, evidence=(*was.evidence, self.dated(ess_evidence))))
