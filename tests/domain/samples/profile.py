"""A pole with an entry of every kind, an objective that is measured, an entry that has ended."""

from collections.abc import Iterator

from domain.dates import PartialDate
from domain.entry import (
    Action,
    Body,
    CooperationLevel,
    Entry,
    Families,
    Family,
    Function,
    FunctionKind,
    Need,
    Origin,
    PoleObjective,
    Policy,
    PolicyLevel,
    Premises,
    Resource,
    Sector,
)
from domain.kernel import Aggregate
from domain.membership import MemberId, MemberKind
from domain.pole import Pole
from domain.succession import Succeeding
from tests import make

SOURCE = "rapport d'activité 2023"


def values(member: MemberId) -> list[Entry]:
    """A value of every kind, with every member given."""
    return [
        Action(
            level=CooperationLevel.TECHNICAL,
            title="Locaux partagés",
            words="un atelier et des bureaux",
            members=(member,),
            partners=("Commune d'essai",),
            sectors=("réemploi",),
        ),
        Body(
            name="Comité des projets",
            mission="choisit les projets",
            composition="trois collèges égaux",
            seats=9,
        ),
        Need(
            title="Des emplois proches",
            words="peu d'emplois à moins d'une demi-heure",
            territory_part="le sud du territoire",
            diagnosis="diagnostic partagé de 2021",
        ),
        Function(
            function=FunctionKind.ANIMATION,
            words="une animation à mi-temps",
            members=(member,),
            partners=("Réseau d'essai",),
        ),
        Resource(
            year=2022, origin=Origin.PUBLIC_GRANTS, amount_cents=1_250_050, in_kind="un local prêté"
        ),
        Policy(name="Contrat local", level=PolicyLevel.LOCAL, link="cité dans son axe 2"),
        Premises(
            name="La Halle",
            address="1 place du Marché",
            use="atelier et boutique",
            members=(member,),
            partners=("Commune d'essai",),
        ),
        Families(families=(Family.RURAL_PLACE, Family.PRODUCTION_CHAIN), words="filière bois"),
        Sector(words="réemploi", naf="38.32Z"),
        PoleObjective(
            title="Créer des emplois",
            indicator="emplois créés",
            unit="emplois",
            baseline="10",
            target="22.5",
            due=make.day("2025-12-31"),
        ),
    ]


def samples(on: PartialDate) -> Iterator[Aggregate]:
    """Everything that is recorded of the profile of a pole, and of its succession."""
    pole = make.pole("2022-01-01")
    former = make.pole("2022-01-01")
    pole.collect_events()
    day = on.first_day or make.TODAY
    member = pole.add_member(
        member_kind=MemberKind.ESS_ENTERPRISE, name="Coopérative d'essai", person=None
    )
    for value in values(member):
        entry = pole.describe(value, day=day, source=SOURCE)
    pole.measure(entry, value="12.5", unit=None, day=day, source=SOURCE)
    pole.end_entry(entry, motive="l'objectif est repris autrement", day=day)
    pole.succeed(former.id, how=Succeeding.MERGER, day=day, predecessors=lambda _: ())
    yield pole


def described(on: PartialDate) -> Iterator[Pole.EntryDescribed]:
    """The event of each kind of entry."""
    for aggregate in samples(on):
        for event in aggregate.pending:
            if isinstance(event, Pole.EntryDescribed):
                yield event
