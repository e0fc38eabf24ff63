"""Projects: one that is selected, taken over and ended, one that is not selected."""

from collections.abc import Iterator
from uuid import UUID

from domain.dates import PartialDate
from domain.entry import Action, Body, CooperationLevel, Need
from domain.kernel import Aggregate
from domain.membership import MemberKind
from domain.project import Check, CheckFinding, Project
from tests import make

OTHER = UUID("2f1d7c52-64a9-4f1e-8b0a-1d7d5c3f9e20")


def samples(on: PartialDate) -> Iterator[Aggregate]:
    """Everything that is recorded of a project."""
    day = on.first_day or make.TODAY
    pole = make.pole("2022-01-01")
    member = pole.add_member(
        member_kind=MemberKind.ESS_ENTERPRISE, name="Coopérative d'essai", person=None
    )
    need = pole.describe(Need(title="Des emplois proches"), day=day)
    body = pole.describe(Body(name="Comité des projets", mission="choisit les projets"), day=day)
    action = pole.describe(
        Action(level=CooperationLevel.TECHNICAL, title="Locaux partagés", members=(member,)),
        day=day,
    )
    for finding in (CheckFinding.DUPLICATES, CheckFinding.COMPLEMENTARY):
        project = Project.propose(
            pole, title="Ressourcerie", words="collecte et vente", answers=need, day=day
        )
        for check, found in (
            (Check.COMPETITION, CheckFinding.COMPLEMENTARY),
            (Check.DUPLICATION, finding),
        ):
            project.examine(
                pole,
                check,
                finding=found,
                against=(action,),
                examined_by="Comité des projets",
                reasons="comparé aux actions des membres",
                day=day,
            )
        if finding is CheckFinding.COMPLEMENTARY:
            project.decline(pole, body=body, motive="hors de la stratégie commune", day=day)
        else:
            project.select(pole, body=body, motive="le besoin dépasse l'offre", day=day)
            project.transfer(OTHER, motive="fusion des pôles", day=day)
            project.support(dossier=OTHER, call=OTHER, amount=20_000_00)
            project.withdraw_support(dossier=OTHER, call=OTHER)
            project.finish(results="deux emplois créés", day=day)
        yield project
