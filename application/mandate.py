"""Give and revoke mandates, and list them."""

from datetime import date
from uuid import UUID

from pydantic import Field
from typing_extensions import override

from application.command import Command, Work
from application.listing import Listing, listing
from application.world import Moment, World
from domain.kernel import AccountId, Frozen, MandateId, Role
from domain.mandate import Mandate, Party, Relation


class GiveMandate(
    Command,
    name="mandate.give",
    says="Donner mandat à quelqu'un d'agir pour un autre, de la date du fait à son terme.",
):
    """Let somebody act for another, from the date of the fact until its end."""

    holder: AccountId = Field(description="Le compte de qui agira.")
    principal: Party = Field(
        description="Pour qui : « organisation:nom », « pole:identifiant » ou "
        "« account:identifiant »."
    )
    for_role: Role = Field(description="Le rôle dans lequel il agira.")
    relation: Relation = Field(
        description="À propos de quoi : « pole:identifiant », « region:nom », « call:identifiant » "
        "ou « everywhere »."
    )
    revocable: bool = Field(True, description="S'il peut être révoqué avant son terme.")
    may_pass_on: bool = Field(False, description="S'il permet d'en donner un autre à son tour.")

    @override
    def execute(self, work: Work) -> UUID:
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


class RevokeMandate(
    Command,
    name="mandate.revoke",
    says="Révoquer un mandat à partir d'un jour ; ce qui fut fait avant reste fait.",
):
    """Take a mandate back from a day on; what was done under it before stays done."""

    mandate_id: MandateId = Field(description="Identifiant du mandat à révoquer.")

    @override
    def execute(self, work: Work) -> UUID:
        mandate = work.get(Mandate, self.mandate_id)
        mandate.revoke(occurred_on=work.occurred_on, today=work.today)
        work.save(mandate)
        return mandate.id


class MandateLine(Frozen):
    """A mandate as lists show it."""

    id: UUID
    holder: UUID = Field(title="Qui agit")
    principal: str = Field(title="Pour qui")
    role: Role = Field(title="Comme")
    relation: str = Field(title="À propos de")
    start: date = Field(title="À partir du")
    until: date | None = Field(title="Jusqu'au")
    """The day from which it no longer holds: its term, or that of its revocation."""
    revoked: bool
    revocable: bool
    may_pass_on: bool = Field(title="Peut être transmis")
    under: UUID | None
    in_force: bool
    """On the day asked about; that of a mandate under which it was given counts too."""


def mandates(world: World, moment: Moment) -> list[MandateLine]:
    """The mandates known then, those that began first coming first."""
    found: dict[UUID, Mandate] = {}
    revoked = set()
    for recorded in world.told(Mandate.Given, Mandate.Revoked, until=moment.known):
        if isinstance(recorded.event, Mandate.Revoked):
            revoked.add(recorded.stream)
        elif mandate := world.load(Mandate, recorded.stream, moment.known):
            found[mandate.id] = mandate

    def holds(mandate: Mandate | None) -> bool:
        return mandate is not None and (
            mandate.in_force_on(moment.in_force)
            and (mandate.under is None or holds(found.get(mandate.under)))
        )

    return [
        MandateLine(
            id=mandate.id,
            holder=mandate.holder,
            principal=mandate.principal,
            role=mandate.role,
            relation=mandate.relation,
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


def mandates_in_force(world: World, moment: Moment) -> list[MandateLine]:
    """Those that serve on the day asked about."""
    return [line for line in mandates(world, moment) if line.in_force]


listing(
    Listing(
        name="mandate",
        line=MandateLine,
        title="Mandats",
        says="Qui peut agir pour qui, dans quel rôle et à propos de quoi. Un acte sous un mandat "
        "qui avait pris fin ce jour-là est refusé.",
        path="/mandats",
        columns=("principal", "role", "relation", "holder", "start", "until", "may_pass_on"),
        ask=mandates_in_force,
        about_poles=False,
        own=frozenset({"verb", "route"}),
        empty="Aucun mandat n'est en vigueur.",
    )
)
