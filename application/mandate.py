"""Give and revoke mandates, and list them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple
from uuid import UUID

from pydantic import Field
from typing_extensions import override

from application.awaited import NOTICE, Awaited, Pending, notice_of
from application.command import Command, Work
from application.listing import Listing, listing
from application.offices import IN_OFFICE
from application.wording import ROLES, of_date, relation_in_words
from application.world import Moment, World
from domain.account import Account
from domain.call import Call
from domain.dates import days_after
from domain.mandate import (
    Mandate,
    MandateSourceWanted,
    NeverByMandate,
    NotYoursToGive,
    NotYoursToRevoke,
    Party,
    Relation,
    account,
    account_of,
)
from domain.pole import Pole
from domain.provenance import AccountId, MandateId, Meta
from domain.roles import Role, roles_called
from domain.spelling import same
from domain.values import Frozen

KEEPERS = (Role.REGISTRAR, Role.ADMINISTRATOR)
"""Who puts on record a mandate that a pole or an organisation gives, and revokes any."""


class GiveMandate(
    Command,
    name="mandate.give",
    says="Donner mandat à quelqu'un d'agir pour un autre, de la date du fait à son terme.",
    by=IN_OFFICE,
):
    """Let somebody act for another, from the date of the fact until its end."""

    holder: AccountId = Field(
        description="Le compte de qui agira, par son identifiant ; « jalon whoami » dit le vôtre, "
        "et personne ne se donne mandat à soi-même."
    )
    principal: Party = Field(
        description="Pour qui : « organisation:nom », « pole:code » ou « account:identifiant »."
    )
    for_role: Role = Field(description="Le rôle dans lequel il agira.")
    relation: Relation = Field(
        description="À propos de quoi : « pole:code », « region:Bretagne », « call:identifiant » "
        "ou « everywhere »."
    )
    revocable: bool = Field(True, description="S'il peut être révoqué avant son terme.")
    may_pass_on: bool = Field(False, description="S'il permet d'en donner un autre à son tour.")

    @override
    def execute(self, work: Work) -> UUID:
        self._must_be_theirs(work)
        mandate = Mandate.give(
            giver=work.actor,
            holder=self.holder,
            principal=self.principal,
            role=self.for_role,
            relation=self.relation,
            start=work.day,
            end=self.valid_to,
            revocable=self.revocable,
            may_pass_on=self.may_pass_on,
            under=work.mandates[0] if work.mandates else None,
        )
        work.save(mandate)
        return mandate.id

    def _must_be_theirs(self, work: Work) -> None:
        """Refuse what is not theirs to give, nor on record from who gave it.

        A deputy is given what one holds oneself; how far a mandate is passed on, it says itself.
        Who runs the machine puts any on record.
        """
        if work.mandates or work.authority.account is None:
            return
        if self.for_role in (Role.ADMINISTRATOR, Role.SYSTEM):
            raise NeverByMandate(role=ROLES[self.for_role])
        principal = account_of(self.principal)
        if principal == work.actor and self.for_role is work.role:
            return
        if work.role not in KEEPERS or (principal and work.find(Account, principal)):
            raise NotYoursToGive(roles=roles_called(KEEPERS))
        if not work.is_sourced:
            raise MandateSourceWanted


class RevokeMandate(
    Command,
    name="mandate.revoke",
    says="Révoquer un mandat à partir d'un jour ; ce qui fut fait avant reste fait.",
    by=(Role.PUBLIC, *IN_OFFICE),
):
    """Take a mandate back from a day on; what was done under it before stays done."""

    mandate_id: MandateId = Field(description="Identifiant du mandat à révoquer.")

    @override
    def execute(self, work: Work) -> UUID:
        mandate = work.get(Mandate, self.mandate_id)
        giver = work.history(mandate.id)[0].event.meta.actor
        theirs = {giver, mandate.holder, account_of(mandate.principal)}
        is_theirs = work.role in KEEPERS or work.actor in theirs
        if work.authority.account and not is_theirs:
            raise NotYoursToRevoke(roles=roles_called(KEEPERS))
        mandate.revoke(occurred_on=work.occurred_on, today=work.today)
        work.save(mandate)
        return mandate.id


def principal_in_words(world: World, mandate: MandateId) -> str | None:
    """For whom somebody acts under a mandate, in words."""
    given = world.load(Mandate, mandate)
    return party_named(world, given.principal) if given else None


def party_named(world: World, party: str, moment: Moment | None = None) -> str:
    """The same as `party_in_words`, with the name that a pole bore, or bears today."""
    kind, _, name = party.partition(":")
    if kind == "account":
        return f"le compte {account_in_words(UUID(name))}"
    known = moment.known if moment else None
    call = world.load(Call, UUID(name), known) if kind == "call" else None
    if call is not None:
        return f"l'appel « {call.title} »"
    pole = world.load(Pole, UUID(name), known) if kind == "pole" else None
    if pole is None:
        return relation_in_words(party)
    return f"le pôle « {pole.name_on(moment.in_force) if moment else pole.names[-1].value} »"


def account_in_words(account: UUID) -> str:
    """The beginning of the identity of an account, enough to tell a few apart."""
    return str(account)[:8]


class MandateLine(Frozen):
    """A mandate as lists show it."""

    id: UUID
    holder: UUID = Field(title="Qui agit")
    holder_words: str = Field(title="Qui agit")
    principal: str = Field(title="Pour qui")
    principal_words: str = Field(title="Pour qui")
    role: Role = Field(title="Comme")
    relation: str = Field(title="À propos de")
    relation_words: str = Field(title="À propos de")
    given_by: UUID = Field(title="Donné par")
    giver_role: Role
    giver_words: str = Field(title="Donné par")
    start: date = Field(title="À partir du")
    until: date | None = Field(title="Jusqu'au")
    """The day from which it no longer holds: its term, or that of its revocation."""
    revoked: bool
    revocable: bool
    may_pass_on: bool = Field(title="Peut être transmis")
    under: UUID | None
    in_force: bool
    """On the day asked about; that of a mandate under which it was given counts too."""


class KnownMandates(NamedTuple):
    """Every mandate known at a moment, how each was given, and which were revoked."""

    all: dict[UUID, Mandate]
    given: dict[UUID, Meta]
    revoked: set[UUID]


def _known(world: World, moment: Moment) -> KnownMandates:
    found: dict[UUID, Mandate] = {}
    given: dict[UUID, Meta] = {}
    revoked = set()
    for recorded in world.told(Mandate.Given, Mandate.Revoked, until=moment.known):
        if isinstance(recorded.event, Mandate.Revoked):
            revoked.add(recorded.stream)
        elif mandate := world.load(Mandate, recorded.stream, moment.known):
            found[mandate.id], given[mandate.id] = mandate, recorded.event.meta
    return KnownMandates(found, given, revoked)


def mandates(world: World, moment: Moment) -> list[MandateLine]:
    """The mandates known then, those that began first coming first."""
    found, given, revoked = _known(world, moment)

    def holds(mandate: Mandate | None) -> bool:
        return mandate is not None and (
            mandate.in_force_on(moment.in_force)
            and (mandate.under is None or holds(found.get(mandate.under)))
        )

    return [
        MandateLine(
            id=mandate.id,
            holder=mandate.holder,
            holder_words=f"compte {account_in_words(mandate.holder)}",
            principal=mandate.principal,
            principal_words=party_named(world, mandate.principal, moment),
            role=mandate.role,
            relation=mandate.relation,
            relation_words=party_named(world, mandate.relation, moment),
            given_by=given[mandate.id].actor,
            giver_role=given[mandate.id].role,
            giver_words=_giver(given[mandate.id], passed_on=mandate.under is not None),
            start=mandate.start,
            until=mandate.end,
            revoked=mandate.id in revoked,
            revocable=mandate.revocable,
            may_pass_on=mandate.may_pass_on,
            under=mandate.under,
            in_force=holds(mandate),
        )
        for mandate in sorted(found.values(), key=lambda mandate: mandate.start)
    ]


def _giver(given: Meta, *, passed_on: bool) -> str:
    """Who gave a mandate: in which role, by which account, and whether it was passed on."""
    words = f"{ROLES[given.role]} (compte {account_in_words(given.actor)})"
    return f"{words}, sous un autre mandat" if passed_on else words


def mandates_in_force(world: World, moment: Moment) -> list[MandateLine]:
    """Those that serve on the day asked about."""
    return [line for line in mandates(world, moment) if line.in_force]


# --- what comes to its end ----------------------------------------------------------------------


class EndingMandate(Frozen):
    """A mandate that comes to its term, which none that is known takes on."""

    id: UUID
    start: date
    until: date
    role: Role
    holder: AccountId
    principal: str
    relation: str
    pole: UUID | None
    """What it is about, where that is one pole."""


def _ending(world: World, moment: Moment) -> Iterator[EndingMandate]:
    """What was revoked, and what was given under another mandate, is not taken on."""
    known, _, revoked = _known(world, moment)
    alike = defaultdict[tuple[str, ...], list[Mandate]](list)
    for one in known.values():
        alike[_reach(one)].append(one)
    last = days_after(moment.in_force, NOTICE)
    for one in known.values():
        if one.end is None or one.end > last or one.under or one.id in revoked:
            continue
        if any(other.in_force_on(one.end) for other in alike[_reach(one)]):
            continue
        if one.in_force_on(moment.in_force):
            yield EndingMandate(
                id=one.id,
                start=one.start,
                until=one.end,
                role=one.role,
                holder=one.holder,
                principal=one.principal,
                relation=one.relation,
                pole=_one_pole(one.relation),
            )


def _reach(one: Mandate) -> tuple[str, ...]:
    """As what, for whom and about what somebody acts: whoever does as much takes it on."""
    return one.role, same(one.principal), same(one.relation)


def _one_pole(relation: str) -> UUID | None:
    kind, _, name = relation.partition(":")
    try:
        return UUID(name) if kind == "pole" else None
    except ValueError:  # no pole has such a name
        return None


def _awaits_next(world: World, line: EndingMandate, moment: Moment) -> Pending | None:
    since = notice_of(line.until, moment, line.start)
    if since is None:
        return None
    kind, _, name = line.relation.partition(":")
    whom, what = (party_named(world, party, moment) for party in (line.principal, line.relation))
    until = of_date(line.until.isoformat())
    return Pending(
        since=since,
        says=f"{ROLES[line.role]}, pour {whom}, à propos de : {what}. "
        f"Il ne vaut plus à partir {until}",
        out=(account(line.holder),),
        region=name if kind == "region" else None,
    )


def _given_anew(line: EndingMandate) -> Mapping[str, str]:
    return {
        "holder": str(line.holder),
        "principal": line.principal,
        "for_role": line.role.value,
        "relation": line.relation,
    }


listing(
    Listing(
        name="mandate",
        line=MandateLine,
        title="Mandats",
        says="Qui peut agir pour qui, dans quel rôle et à propos de quoi. Un acte sous un mandat "
        "qui avait pris fin ce jour-là est refusé.",
        path="/mandats",
        columns=(
            *("principal_words", "role", "relation_words", "holder_words", "giver_words"),
            *("start", "until", "may_pass_on"),
        ),
        ask=mandates_in_force,
        about_poles=False,
        own=frozenset({"verb", "route"}),
        empty="Aucun mandat n'est enregistré comme en vigueur.",
        begun_by="mandate.give",
        thing="Mandat",
        awaits=(
            Awaited(
                id="next",
                title="Donner le mandat qui prendra la suite",
                by=(Role.REGISTRAR, Role.ADMINISTRATOR),
                command="mandate.give",
                pending=_awaits_next,
                given=_given_anew,
                ask=_ending,
                page=lambda line: "/mandats",
            ),
        ),
    )
)
