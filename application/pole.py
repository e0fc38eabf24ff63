"""What is done with a pole."""

from abc import abstractmethod
from typing import Any
from uuid import UUID

from pydantic import Field
from typing_extensions import override

from application.command import Command, Work
from application.correction import Statement
from application.moving import Migrating
from application.offices import MIGRATORS, PART_TAKERS, RECORDERS, TELLERS
from application.territory import locate
from domain.dates import PartialDate
from domain.document import Document
from domain.errors import Refused
from domain.identifiers import Identifier, Siret
from domain.journey import JourneyRef
from domain.pole import ContactToCome, Pole, PoleId, Territory
from domain.register import REGISTER, Register
from domain.territory import Places
from domain.values import Line, Prose
from domain.words import Id, Name, later


def enter_register(
    work: Work, *, name: str, journey: str, occurred_on: PartialDate, remark: str | None
) -> Pole:
    """A new pole at the first stage of a journey, under a code of its own."""
    register = work.find(Register, REGISTER) or Register(REGISTER)
    work.rulebook().admit(journey, work.day)
    before = work.redoes(Pole.Registered)
    code = before.code if before else register.free_code(name)  # a correction leaves it as it is
    compiled = work.compiled(journey)
    pole = Pole.register(
        code=code,
        name=name,
        journey=journey,
        stage=compiled.journey.initial,
        occurred_on=occurred_on,
        remark=remark,
        variables=work.admit(Pole.new(), compiled),
    )
    register.enter(PoleId(pole.id), code=code, name=name)
    work.save(register, pole)
    return pole


class RegisterPole(
    Statement, name="pole.register", says="Inscrire un pôle au registre.", by=RECORDERS
):
    """Enter a pole in the register, under the journey in force on its day."""

    name: Line = Field(description="Nom du pôle.")
    remark: Prose | None = Field(None, description="Remarque.")
    journey: JourneyRef | None = Field(None, description="Version du parcours, si elle est connue.")

    @override
    def execute(self, work: Work) -> UUID:
        journey = self.journey or work.rulebook().in_force("pole", work.day)
        pole = enter_register(
            work,
            name=self.name,
            journey=journey,
            occurred_on=work.occurred_on,
            remark=self.remark,
        )
        return pole.id


class PoleCommand(Command):
    """Something done with one pole."""

    pole: PoleId = Field(description="Le pôle.")

    @override
    def execute(self, work: Work) -> UUID:
        pole = work.get(Pole, self.pole)
        work.allow(pole, self.NAME)
        answer = self.act(work, pole)
        work.save(pole)
        return answer or pole.id

    @abstractmethod
    def act(self, work: Work, pole: Pole) -> UUID | None:
        """Do it with the pole; give what it made, if that is not the pole."""


class RenamePole(
    PoleCommand,
    Statement,
    name="pole.rename",
    says="Donner un autre nom à un pôle, à partir d'un jour.",
    by=TELLERS,
):
    """Give a pole another name, from a day on."""

    name: Line = Field(description="Nouveau nom.")

    @override
    def act(self, work: Work, pole: Pole) -> None:
        pole.rename(self.name)


class LocatePole(
    PoleCommand, Statement, name="pole.locate", says="Décrire le territoire d'un pôle.", by=TELLERS
):
    """Describe the whole territory of a pole: in words, by codes, beyond the border.

    It takes the place of what was said before. A code is checked in the data of its year.
    """

    territory: Territory | None = Field(
        None, description="Le territoire en mots : words, department, region."
    )
    places: Places = later(
        (),
        description="Les lieux par leur code : commune:35236, epci:243500741@2024, department:2A, "
        "region:53, living_area:35236:Redon, named_area:Pays de Redon ; autant que voulu.",
        json_schema_extra={"each": "place"},
    )
    cross_border: Prose | None = later(
        None, description="Ce qui se trouve au-delà de la frontière, en mots."
    )

    @override
    def act(self, work: Work, pole: Pole) -> None:
        if self.territory is None and not self.places and not self.cross_border:
            raise NothingLocated
        territory = self.territory or Territory()
        if self.places or territory.places or self.cross_border:
            territory = locate(
                work.places, territory, self.places, self.cross_border, year=work.day.year
            )
        pole.locate(territory)


class NothingLocated(Refused):
    """A territory is told by its words, its codes, or what lies beyond the border."""

    code = "pole.nothing_located"
    fr = "Dites où agit le pôle : en mots, par des codes, ou les deux."
    en = "Say where the pole acts: in words, by codes, or both."


class DescribeActivity(
    PoleCommand,
    Statement,
    name="pole.describe_activity",
    says="Dire ce que fait un pôle.",
    by=TELLERS,
):
    """Say what a pole does."""

    words: Prose = Field(description="L'activité, en quelques mots.")

    @override
    def act(self, work: Work, pole: Pole) -> None:
        pole.describe_activity(self.words)


class DesignateCarrier(
    PoleCommand,
    Statement,
    name="pole.designate_carrier",
    says="Enregistrer quelle structure porte le pôle.",
    by=TELLERS,
):
    """Record which legal person carries a pole."""

    name: Line = Field(description="Nom de la structure porteuse.")
    siret: Siret | None = Field(None, description="SIRET de l'établissement.")
    identifier: Identifier | None = later(
        None, description="Identifiant, s'il n'est pas un SIRET : « SIREN … », « RNA … »…"
    )

    @override
    def act(self, work: Work, pole: Pole) -> None:
        pole.designate_carrier(name=self.name, siret=self.siret, identifier=self.identifier)


class FileEvidence(
    PoleCommand,
    Statement,
    name="pole.file_evidence",
    says="Verser une pièce pour un pôle.",
    by=TELLERS,
):
    """Put a piece of evidence on file."""

    evidence: Name = Field(description="Nature de la pièce : strategy, charter_form…")
    title: Line = Field(description="Intitulé de la pièce.")
    document: UUID | None = later(
        None, description="Identifiant du document, s'il est de ceux du pôle."
    )

    @override
    def act(self, work: Work, pole: Pole) -> None:
        if self.document:
            work.get(Document, self.document).attest(pole.id)
        pole.file_evidence(evidence=self.evidence, title=self.title, document=self.document)


class NoteContact(
    PoleCommand,
    Statement,
    name="pole.note_contact",
    says="Noter une prise de contact avec un pôle.",
    by=RECORDERS,
):
    """Record an attempt to reach a pole, and whether it answered.

    A pole that was reached is heard of; of one that was not, thirty days begin (product rule).
    """

    channel: Line = Field(description="Par quel moyen.")
    outcome: Line = Field(description="Avec quel résultat, en quelques mots.")
    reached: bool = later(
        False,
        description="À dire si le pôle a été joint : c'est alors une nouvelle de lui ; "
        "sinon, c'est une tentative restée sans réponse.",
    )

    @override
    def act(self, work: Work, pole: Pole) -> None:
        if work.day > work.today:
            raise ContactToCome(day=work.day)
        pole.attempt_contact(channel=self.channel, outcome=self.outcome, reached=self.reached)


class MovePole(
    PoleCommand, name="pole.move", says="Franchir une étape du parcours d'un pôle.", by=PART_TAKERS
):
    """Take a step of a journey of the pole."""

    transition: Id = Field(description="Le passage à franchir.")
    input: dict[str, Any] = Field(default={}, description="Ce que le passage demande.")
    on: Name | None = Field(None, description="Le parcours, si ce n'est pas le principal.")

    @override
    def act(self, work: Work, pole: Pole) -> None:
        work.take(pole, self.transition, self.on, **self.input)


class FollowJourney(
    PoleCommand,
    name="pole.follow_journey",
    says="Faire suivre à un pôle un autre parcours, à côté du principal.",
    by=RECORDERS,
):
    """Begin a further journey on a pole, beside its main one."""

    journey: Name = Field(description="Le parcours à commencer, dans sa version en vigueur.")

    @override
    def act(self, work: Work, pole: Pole) -> None:
        work.begin_journey(pole, self.journey)


class RecordPastStep(
    PoleCommand,
    Statement,
    name="pole.record_past_step",
    says="Enregistrer une étape passée, avec sa source, jugée selon les règles d'alors.",
    by=RECORDERS,
):
    """Record a sourced historical step, judged by the rules of its day."""

    transition: Id = Field(description="Le passage franchi.")
    source: Prose = Field(description="Document ou adresse qui l'atteste.")
    journey: JourneyRef | None = Field(None, description="Version du parcours, si elle est connue.")
    input: dict[str, Any] = Field(default={}, description="Ce qui est connu du passage.")

    @override
    def act(self, work: Work, pole: Pole) -> None:
        work.take_past(pole, self.transition, self.journey, **self.input)


class MigratePole(
    Migrating,
    PoleCommand,
    name="pole.migrate",
    says="Faire suivre à un pôle une autre version du parcours.",
    by=MIGRATORS,
):
    """Bring a pole to another version of the journey, on the record."""
