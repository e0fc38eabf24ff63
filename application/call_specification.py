"""What a call asks for: its specification, and those whose opinions are asked."""

from uuid import uuid4

from pydantic import Field
from typing_extensions import override

from application.call import KEEPERS, CallCommand
from application.command import Work
from domain.call import Call
from domain.call_terms import AdviserCollege, AdviserSeat, CallCriterion, Part, Route, Specification
from domain.document import Document, DocumentId
from domain.provenance import AccountId
from domain.values import Frozen, Line, Personal
from domain.words import Name


class SpecifyCall(
    CallCommand,
    name="call.specify",
    says="Fixer le cahier des charges d'un appel : texte, pièces, critères, voies de dépôt.",
    by=KEEPERS,
):
    """Set what a call asks for; told anew, it takes the place of what was told before."""

    title: Line = Field(description="Titre du cahier des charges, ou de la notice.")
    document: DocumentId | None = Field(None, description="Le document déposé au registre.")
    address: Line | None = Field(None, description="L'adresse où il se lit.")
    parts: tuple[Part, ...] = Field(
        (),
        description='Les pièces, chacune {"id": …, "title": …, "required": …}.',
        max_length=100,
        json_schema_extra={"each": "part"},
    )
    criteria: tuple[CallCriterion, ...] = Field(
        (),
        description='Les critères, chacun {"id": …, "title": …, "words": …, "weight": …}.',
        max_length=100,
        json_schema_extra={"each": "criterion"},
    )
    routes: tuple[Route, ...] = Field(
        (),
        description="Les voies par lesquelles chaque dossier doit venir, toutes : server, "
        "postmark, receipt.",
        json_schema_extra={"each": "route"},
    )

    @override
    def act(self, work: Work, call: Call) -> None:
        if self.document:
            work.get(Document, self.document)
        call.specify(
            Specification(
                title=self.title,
                document=self.document,
                address=self.address,
                parts=self.parts,
                criteria=self.criteria,
                routes=self.routes,
            )
        )


class AdviserGiven(Frozen):
    """One of those whose opinion is asked, as it is given."""

    id: Name
    college: AdviserCollege
    designated_by: Line
    organisation: Line | None = None
    holder: Personal | None = None
    account: AccountId | None = None


class NameAdvisers(
    CallCommand,
    name="call.name_advisers",
    says="Nommer ceux dont l'avis est recueilli : personnalités qualifiées et collectivités.",
    by=KEEPERS,
):
    """Name those whose opinions are asked; the list given is the whole of them.

    Source: décret n° 2015-431, article 4 (six of each).
    """

    seats: tuple[AdviserGiven, ...] = Field(
        description='Les sièges, chacun {"id": …, "college": "qualified" ou "local_authorities", '
        '"designated_by": …, "organisation": …} ; le nom d\'une personne (holder) est scellé.',
        max_length=40,
        json_schema_extra={"each": "seat"},
    )

    @override
    def act(self, work: Work, call: Call) -> None:
        call.name_advisers([self._kept(work, seat) for seat in self.seats])

    def _kept(self, work: Work, seat: AdviserGiven) -> AdviserSeat:
        holder = None
        if seat.holder:
            holder = work.seal(
                seat.holder,
                event=Call.AdvisersNamed,
                field="holder",
                subject=uuid4(),
            )
        return AdviserSeat(
            id=seat.id,
            college=seat.college,
            designated_by=seat.designated_by,
            organisation=seat.organisation,
            holder=holder,
            account=seat.account,
        )
