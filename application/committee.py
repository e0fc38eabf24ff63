"""Committees: compose them, fill their seats, make them public, adopt their rules, list them."""

from abc import abstractmethod
from typing import Literal
from uuid import UUID

from pydantic import Field
from typing_extensions import override

from application.call import KEEPERS, NotAKeeper
from application.command import Command, Work
from application.correction import Statement
from application.dossier_list import calls_in_words
from application.listing import Listed, Listing, listing
from domain.call import Call, CallId
from domain.committee import Committee, CommitteeId, CommitteeSeat
from domain.dates import PartialDate
from domain.errors import Forbidden
from domain.mandate import Mandate, OutsideItsReach
from domain.procedure import BY_DEFAULT, Procedure
from domain.provenance import AccountId, MandateId
from domain.roles import Role
from domain.values import Line, Prose
from domain.words import Name, later

RULE_MAKERS = (*KEEPERS, Role.COMMITTEE_MEMBER)
"""Who records the rules that a committee gave itself (décret n° 2015-431, article 2)."""

SEATS = (
    'Les sièges, chacun {"id": …, "title": …, "chair": true pour la présidence, '
    '"votes": false sans voix}.'
)


class NotARuleMaker(Forbidden):
    """A committee sets its own rules."""

    code = "committee.rule_maker"


class ConstituteCommittee(
    Statement,
    name="committee.constitute",
    says="Composer le comité d'un appel, siège par siège.",
    by=KEEPERS,
    refused=NotAKeeper,
):
    """Compose the committee of a call."""

    call: CallId = Field(description="L'appel, par son code ou son identifiant.")
    seats: tuple[CommitteeSeat, ...] = Field(
        description=SEATS, max_length=100, json_schema_extra={"each": "seat"}
    )

    @override
    def execute(self, work: Work) -> UUID:
        call = work.get(Call, self.call)
        made = Committee.constitute(call=call.id, code=call.code, seats=self.seats)
        call.attach_committee(made.id)
        work.save(made, call)
        return made.id


class CommitteeCommand(Command):
    """Something done with the committee of a call."""

    committee: CommitteeId = Field(
        description="Le comité, par le code de son appel ou son identifiant."
    )

    @override
    def execute(self, work: Work) -> UUID:
        committee = work.get(Committee, self.committee)
        self.act(work, committee)
        work.save(committee)
        return committee.id

    @abstractmethod
    def act(self, work: Work, committee: Committee) -> None:
        """Do it with the committee."""


class FillSeat(
    CommitteeCommand,
    Statement,
    name="committee.fill_seat",
    says="Nommer quelqu'un à un siège du comité, par son compte, sous un mandat ou non.",
    by=KEEPERS,
    refused=NotAKeeper,
):
    """Name somebody to a seat, in the place of who held it.

    A mandate under which they sit is theirs, for the role of a member, and covers the call.
    """

    seat: Name = Field(description="Le siège, par son nom court.")
    account: AccountId = Field(description="Le compte de qui siège.")
    under: MandateId | None = Field(None, description="Le mandat sous lequel cette personne siège.")

    @override
    def act(self, work: Work, committee: Committee) -> None:
        if self.under:
            mandate = work.get(Mandate, self.under)
            mandate.serve(actor=self.account, role=Role.COMMITTEE_MEMBER)
            mandate.hold_on(work.day)
            if not mandate.covers(committee.relations_on(work.day)):
                raise OutsideItsReach(relation=mandate.relation, roles="")
        committee.fill_seat(self.seat, account=self.account, mandate=self.under, day=work.day)


class VacateSeat(
    CommitteeCommand,
    Statement,
    name="committee.vacate_seat",
    says="Laisser vacant un siège du comité.",
    by=KEEPERS,
    refused=NotAKeeper,
):
    """Let a seat be vacant."""

    seat: Name = Field(description="Le siège, par son nom court.")

    @override
    def act(self, work: Work, committee: Committee) -> None:
        committee.vacate_seat(self.seat, day=work.day)


class ChangeCommittee(
    CommitteeCommand,
    Statement,
    name="committee.change",
    says="Modifier la composition d'un comité ; sa liste se rend publique de nouveau.",
    by=KEEPERS,
    refused=NotAKeeper,
):
    """Modify its composition: the list given is the whole of it."""

    seats: tuple[CommitteeSeat, ...] = Field(
        description=SEATS, max_length=100, json_schema_extra={"each": "seat"}
    )
    reasons: Prose | None = Field(None, description="Pourquoi.")

    @override
    def act(self, work: Work, committee: Committee) -> None:
        committee.change(self.seats, day=work.day, reasons=self.reasons)


class MakePublic(
    CommitteeCommand,
    Statement,
    name="committee.make_public",
    says="Dire par quel arrêté la liste des membres est rendue publique.",
    by=KEEPERS,
    refused=NotAKeeper,
):
    """Say by which arrêté the list of its members was made public (décret 2015-431, article 2)."""

    reference: Line = Field(description="L'arrêté, tel qu'on le cite.")
    address: Line | None = Field(None, description="L'adresse où il se lit.")

    @override
    def act(self, work: Work, committee: Committee) -> None:
        committee.make_public(reference=self.reference, address=self.address, day=work.day)


class AdoptProcedure(
    CommitteeCommand,
    Statement,
    name="committee.adopt_procedure",
    says="Enregistrer le règlement intérieur d'un comité ; le droit commun vaut pour le reste.",
    by=RULE_MAKERS,
    refused=NotARuleMaker,
):
    """Record the rules that a committee gave itself; what is not given is as by default."""

    quorum: int = Field(
        BY_DEFAULT.quorum, ge=1, le=100, description="Part des sièges qui votent, en pourcentage."
    )
    tie: Literal["chair", "rejected"] = Field(
        BY_DEFAULT.tie, description="En cas de partage : chair (la présidence décide) ou rejected."
    )
    proxies_each: int = Field(
        BY_DEFAULT.proxies_each, ge=0, le=20, description="Mandats qu'un siège peut recevoir."
    )
    remote: bool = Field(BY_DEFAULT.remote, description="On peut siéger à distance.")
    written: bool = Field(BY_DEFAULT.written, description="On peut voter par écrit.")
    notice_days: int = Field(
        BY_DEFAULT.notice_days, ge=0, le=365, description="Jours entre convocation et séance."
    )
    second_notice: bool = Field(
        BY_DEFAULT.second_notice,
        description="Une seconde convocation, du même ordre du jour, ne demande pas de quorum.",
    )
    tallies: bool = later(
        BY_DEFAULT.tallies,
        description="Le décompte des voix se publie, une fois les résultats annoncés.",
    )
    text: Line = Field(description="Le règlement, tel qu'on le cite.")

    @override
    def act(self, work: Work, committee: Committee) -> None:
        committee.adopt_procedure(
            Procedure(
                quorum=self.quorum,
                tie=self.tie,
                proxies_each=self.proxies_each,
                remote=self.remote,
                written=self.written,
                notice_days=self.notice_days,
                second_notice=self.second_notice,
                tallies=self.tallies,
                source=self.text,
            ),
            day=work.day,
        )


def procedure_in_words(procedure: Procedure) -> tuple[str, ...]:
    """Rules of procedure, sentence by sentence."""
    proxies = procedure.proxies_each
    return (
        f"Quorum : {procedure.quorum} % des sièges qui votent, présents ou représentés.",
        "En cas de partage des voix, la présidence décide."
        if procedure.tie == "chair"
        else "En cas de partage des voix, la proposition n'est pas adoptée.",
        f"Un siège représente au plus {proxies} autre{'s' * (proxies > 1)}."
        if proxies
        else "Un siège n'en représente aucun autre.",
        "On peut siéger à distance." if procedure.remote else "On ne siège pas à distance.",
        "On peut voter par écrit." if procedure.written else "On ne vote pas par écrit.",
        f"L'ordre du jour est envoyé {procedure.notice_days} jours au moins avant la séance.",
        "Une seconde convocation, du même ordre du jour, ne demande pas de quorum."
        if procedure.second_notice
        else "Une seconde convocation demande le même quorum.",
        "Le décompte des voix se publie, une fois les résultats annoncés."
        if procedure.tallies
        else "Le décompte des voix ne se publie pas.",
    )


# --- the list -----------------------------------------------------------------------------------


class CommitteeListed(Listed):
    """A committee as lists show it: offices, never persons."""

    code: str = Field(title="Appel")
    call: UUID
    seats: tuple[str, ...] = Field((), title="Sièges")
    voting: int = Field(title="Sièges qui votent")
    public_on: PartialDate | None = Field(None, title="Liste publique depuis")
    reference: str | None = Field(None, title="Arrêté")
    procedure: str = Field(title="Règlement")

    @property
    def call_code(self) -> str:
        """By what commands call it: it is that of one call."""
        return self.code


COMMITTEES = listing(
    Listing(
        name="committee",
        line=CommitteeListed,
        title="Comités",
        says="Le comité de chaque appel : qui y siège, par offices, depuis quand sa liste est "
        "publique, et selon quel règlement il décide.",
        path="/comites",
        columns=("code", "seats", "voting", "public_on", "reference", "procedure", "call_code"),
        headings={"call_code": "Code de l'appel"},
        words={"code": calls_in_words},
        detail=("code", "/comites/"),
        empty="Aucun comité n'est composé.",
        begun_by="committee.constitute",
        about_poles=False,
    )
)
