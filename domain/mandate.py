"""Mandates: who acts for whom, in which role, about what, from one day to another."""

from collections.abc import Collection
from datetime import date
from typing import Annotated, Protocol, runtime_checkable
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, StringConstraints

from domain.dates import PartialDate
from domain.errors import Forbidden, NotFound, Refused
from domain.kernel import Aggregate, Event, event
from domain.provenance import AccountId, MandateId
from domain.roles import ROLES, Role
from domain.span import covers
from domain.spelling import same, shown
from domain.values import ONE_LINE
from domain.words import Text


def _named(given: str, kinds: Collection[str], by_identity: Collection[str]) -> str:
    kind, _, name = given.partition(":")
    name = shown(name.strip())
    if kind not in kinds or not name:
        msg = f"« {given[:60]} » s'écrit {', '.join(f'{k}:…' for k in kinds)}"
        raise ValueError(msg)
    if kind in by_identity:
        try:
            name = str(UUID(name))
        except ValueError:
            msg = f"« {name[:40]} » n'est pas un identifiant"
            raise ValueError(msg) from None
    return f"{kind}:{name}"


def _party(given: str) -> str:
    return _named(given, ("account", "pole", "organisation"), ("account", "pole"))


def _relation(given: str) -> str:
    if given == EVERYWHERE:
        return given
    try:
        return _named(given, ("pole", "region", "call", "organisation"), ("pole", "call"))
    except ValueError as error:
        msg = f"{error}, ou {EVERYWHERE}" if "s'écrit" in str(error) else str(error)
        raise ValueError(msg) from None


EVERYWHERE = "everywhere"

_Text = StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=ONE_LINE)

Party = Annotated[str, _Text, BeforeValidator(shown), AfterValidator(_party)]
"""Somebody who can be acted for: `account:…` or `pole:…` with an identity, `organisation:…` with a
name. Names of organisations are public; a person is an account."""

Relation = Annotated[str, _Text, BeforeValidator(shown), AfterValidator(_relation)]
"""What an act is about: `pole:…` or `call:…` with an identity, `region:…` or `organisation:…`
with a name, or `everywhere`."""


def account(id_: UUID) -> str:
    """A person, as a party."""
    return f"account:{id_}"


def account_of(party: str) -> UUID | None:
    """The account that a party is; none where it is no person."""
    kind, _, name = party.partition(":")
    return UUID(name) if kind == "account" else None


def reaches(held: Collection[str], about: Collection[str]) -> bool:
    """Whether what is held about some things reaches something that stands in some relations."""
    return EVERYWHERE in held or not {same(r) for r in held}.isdisjoint(same(r) for r in about)


@runtime_checkable
class Related(Protocol):
    """Something that an act may be about."""

    def relations_on(self, day: date) -> frozenset[str]:
        """What it stands in relation to on a day, itself included."""


# --- refusals -----------------------------------------------------------------------------------


class GivenToOneself(Refused):
    """Nobody gives themself a mandate, nor represents themself."""

    code = "mandate.oneself"
    fr = "Personne ne se donne mandat à soi-même."
    en = "Nobody gives themself a mandate."


class NotYoursToGive(Forbidden):
    """One gives what one holds; what others give is put on record by who keeps the register."""

    code = "mandate.giver"
    fr = (
        "Un mandat se donne par qui tient ce rôle, à propos de ce dont il s'agit et en agissant "
        "dans ce rôle ; celui que donne un pôle ou une organisation s'enregistre par : {roles}."
    )
    en = (
        "A mandate is given by whoever holds the role about this, and acts in it; one that a pole "
        "or an organisation gives is put on record by: {roles}."
    )


class MandateSourceWanted(Refused):
    """What others gave is put on record on the document that shows it."""

    code = "mandate.source"
    fr = "Ce mandat est donné par un autre que vous : dites quel document l'atteste."
    en = "This mandate is given by somebody else than you: say which document attests it."


class NeverByMandate(Refused):
    """Some roles are granted to an account, and to nobody in its place."""

    code = "mandate.never"
    fr = "Ce rôle ne se donne pas par mandat : {role}."
    en = "This role is not given by mandate: {role}."


class NotYoursToRevoke(Forbidden):
    """A mandate is taken back by those whose it is."""

    code = "mandate.revoker"
    fr = "Un mandat se révoque par qui l'a donné ou le tient, ou par : {roles}."
    en = "A mandate is revoked by whoever gave or holds it, or by: {roles}."


class PassedOn(Refused):
    """A mandate of a mandate must have been foreseen, and stays within it."""

    code = "mandate.passed_on"
    fr = "Ce mandat ne permet pas d'en donner un autre ainsi : {reason}."
    en = "This mandate does not allow another to be given so: {reason}."


class Irrevocable(Refused):
    """It was given for good, until its term."""

    code = "mandate.irrevocable"
    fr = "Ce mandat a été donné comme irrévocable ; il prend fin à son terme."
    en = "This mandate was given as irrevocable; it ends with its term."


class MandateAlreadyEnded(Refused):
    """What has ended is not revoked."""

    code = "mandate.ended"
    fr = "Ce mandat a déjà pris fin le {end}."
    en = "This mandate already ended on {end}."


class NotYetBegun(Refused):
    """A revocation comes after a beginning."""

    code = "mandate.not_begun"
    fr = "Un mandat ne se révoque pas ({day}) avant d'avoir commencé ({start})."
    en = "A mandate is not revoked ({day}) before it began ({start})."


class NoSuchMandate(NotFound):
    """The mandate that is invoked does not exist."""

    code = "mandate.unknown"
    fr = "Le mandat {mandate} ne figure pas au registre."
    en = "The mandate {mandate} is not in the register."


class NotTheHolder(Forbidden):
    """A mandate serves who holds it."""

    code = "mandate.holder"
    fr = "Ce mandat a été donné à une autre personne que vous."
    en = "This mandate was given to somebody else than you."


class OtherRole(Forbidden):
    """A mandate is for one role."""

    code = "mandate.role"
    fr = "Ce mandat est donné pour agir comme : {given}. Vous agissez comme : {acted}."
    en = "This mandate is given to act as: {given}. You act as: {acted}."


class OutsideItsReach(Forbidden):
    """A mandate reaches as far as it says."""

    code = "mandate.relation"
    fr = "Ce mandat vaut pour « {relation} » : il ne couvre pas ce dont il s'agit."
    en = "This mandate holds for “{relation}”: it does not cover what this is about."


class MandateNotYetInForce(Forbidden):
    """Nobody acts under a mandate before it begins."""

    code = "mandate.before"
    fr = "Ce mandat ne vaut qu'à partir du {start} : rien ne se fait sous lui le {day}."
    en = "This mandate holds from {start} only: nothing is done under it on {day}."


class NoLongerInForce(Forbidden):
    """Nobody acts under a mandate that has ended."""

    code = "mandate.after"
    fr = "Ce mandat a pris fin le {end} : rien ne se fait sous lui le {day}."
    en = "This mandate ended on {end}: nothing is done under it on {day}."


# --- the aggregate ------------------------------------------------------------------------------


class Mandate(Aggregate):
    """That somebody may act for another, in one role, about something, for a time.

    It holds from its day (`occurred_on`) until the day from which it no longer does (`valid_to`),
    or until it is revoked.
    """

    class Given(Event):
        """Somebody was given a mandate. Its first and last days are in the event's context."""

        TOPIC = "mandate.given.v1"
        UNDONE_BY = ("mandate.revoke",)
        holder: AccountId
        principal: Party
        role: Role
        relation: Relation
        revocable: bool = True
        may_pass_on: bool = False
        under: MandateId | None = None
        """The mandate under which this one was given."""

    class Revoked(Event):
        """It was taken back, from a day on."""

        TOPIC = "mandate.revoked.v1"
        UNDONE_BY = ("mandate.give",)

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.holder = AccountId(UUID(int=0))
        self.principal = ""
        self.role = Role.PUBLIC
        self.relation = ""
        self.start = date.min
        self.end: date | None = None
        self.revocable = True
        self.may_pass_on = False
        self.under: MandateId | None = None

    @classmethod
    def give(
        cls,
        *,
        giver: AccountId,
        holder: AccountId,
        principal: str,
        role: Role,
        relation: str,
        start: date,
        end: date | None,
        revocable: bool = True,
        may_pass_on: bool = False,
        under: "Mandate | None" = None,
    ) -> "Mandate":
        """Let somebody act for another.

        Args:
            giver: who acts; nobody gives themself a mandate.
            under: the mandate under which it is given. It must allow it, and the new one stays
                within it and is not passed on further (code civil, article 1994, lets an agent be
                replaced where that was foreseen; the rest is a product rule).
        """
        if holder == giver or same(principal) == account(holder):
            raise GivenToOneself
        if under is not None:
            _check_passed_on(
                under, holder, principal, role, relation, start, end, passes_on=may_pass_on
            )
        mandate = cls.new()
        mandate._given(
            holder=holder,
            principal=principal,
            role=role,
            relation=relation,
            revocable=revocable,
            may_pass_on=may_pass_on,
            under=MandateId(under.id) if under else None,
        )
        return mandate

    def revoke(self, *, occurred_on: PartialDate, today: date) -> None:
        """Take it back from a day on; what was done under it before stays done."""
        day = occurred_on.first_day or today
        if not self.revocable:
            raise Irrevocable
        if day < self.start:
            raise NotYetBegun(day=day, start=self.start)
        if self.end and day >= self.end:
            raise MandateAlreadyEnded(end=self.end)
        self._revoked(occurred_on=occurred_on)

    def in_force_on(self, day: date) -> bool:
        return covers(self.start, self.end, day)

    def serve(self, *, actor: AccountId, role: Role) -> None:
        """Refuse whoever does not hold it, or acts in another role."""
        if actor != self.holder:
            raise NotTheHolder(roles="")
        if role != self.role:
            raise OtherRole(given=ROLES[self.role], acted=ROLES[role])

    def hold_on(self, day: date) -> None:
        """Refuse what is done on a day on which it is not in force, naming the day it ended."""
        if day < self.start:
            raise MandateNotYetInForce(start=self.start, day=day)
        if self.end and day >= self.end:
            raise NoLongerInForce(end=self.end, day=day)

    def covers(self, relations: Collection[str]) -> bool:
        """Whether it reaches something that stands in these relations."""
        return reaches([self.relation], relations)

    def relations_on(self, day: date) -> frozenset[str]:  # it never changes
        """A mandate is about what the mandate itself is about."""
        return frozenset({self.relation})

    @event(Given)
    def _given(
        self,
        *,
        holder: AccountId,
        principal: str,
        role: Role,
        relation: str,
        revocable: bool,
        may_pass_on: bool,
        under: MandateId | None,
    ) -> None:
        self.holder = holder
        self.principal = principal
        self.role = role
        self.relation = relation
        self.start = self.since
        self.end = self.until
        self.revocable = revocable
        self.may_pass_on = may_pass_on
        self.under = under

    @event(Revoked)
    def _revoked(self, *, occurred_on: PartialDate) -> None:
        self.end = self.since


def _check_passed_on(
    under: Mandate,
    holder: AccountId,
    principal: str,
    role: Role,
    relation: str,
    start: date,
    end: date | None,
    *,
    passes_on: bool,
) -> None:
    wrong = {
        ("il ne le prévoit pas", "it does not foresee it"): not under.may_pass_on,
        ("il est donné pour un autre mandant", "it is given for somebody else"): same(principal)
        != same(under.principal),
        ("il est donné pour un autre rôle", "it is given for another role"): role != under.role,
        ("il porte sur autre chose", "it is about something else"): not under.covers([relation]),
        ("il finirait plus tard", "it would end later"): bool(
            under.end and (end is None or end > under.end)
        ),
        ("il commencerait plus tôt", "it would begin earlier"): start < under.start,
        ("il serait transmis à son tour", "it would be passed on in turn"): passes_on,
        ("il reviendrait à qui le donne", "it would come back to its giver"): holder
        == under.holder,
    }
    for (fr, en), found in wrong.items():
        if found:
            raise PassedOn(reason=Text(fr=fr, en=en))
