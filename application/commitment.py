"""Financial commitments: decide one, and take the steps of its journey."""

from abc import abstractmethod
from typing import ClassVar
from uuid import UUID

from pydantic import Field
from typing_extensions import override

from application.command import Work
from application.commitment_aid import count_aid
from application.commitment_award import commitments_to, must_be_awarded
from application.correction import Statement
from application.dossier_words import GROUNDS
from application.establishment import must_be_open
from application.momentary import Momentary
from application.moving import Migrating, Moving
from application.offices import MIGRATORS
from application.organisation import organisation
from application.seen_in_words import SAID, cents_in_words
from application.wording import FACTS, WORDS, inside, tells
from domain.commitment import Commitment, CommitmentId, Regime, SupportKind
from domain.dossier import Dossier, DossierId
from domain.errors import Refused
from domain.identifiers import Siret
from domain.journey import JourneyRef
from domain.kernel import Event
from domain.money import Euros, euros
from domain.organisation import Organisation, Rna
from domain.pole import Pole, PoleId
from domain.project import CarriedElsewhere, Project, ProjectId
from domain.roles import Role
from domain.values import Line, Prose
from domain.words import Id

WORDS[SupportKind] = {SupportKind.MONEY: "en argent", SupportKind.IN_KIND: "en nature"}
WORDS[Regime] = {
    Regime.NONE: "pas une aide d'État",
    Regime.DE_MINIMIS: "aide de minimis",
    Regime.SGEI_DE_MINIMIS: "aide de minimis aux SIEG",
    Regime.OTHER: "autre régime d'aide",
}


FACTS |= {
    "in_kind": "apport en nature",
    "of_dossier": "suit un appel de l'État",
    "convention.drafted": "convention rédigée",
    "convention.signed": "convention signée",
    "convention.needed": "convention obligatoire",
    "convention.terms_told": "évaluation et suivi prévus, avec qui les paie",
    "convention.cer_expected": "contrat d'engagement républicain attendu",
    "convention.cer": "contrat d'engagement républicain souscrit",
    "convention.eve_of_end": "veille de la fin de la convention",
    "money.agreed": "montant convenu",
    "money.approved": "montant approuvé",
    "money.paid": "montant payé",
    "money.justified": "montant justifié",
    "money.ordered": "reversement demandé",
    "money.to_recover": "reste à reverser",
    "tranches.open": "tranches ni payées ni annulées",
    "reports.financial_accepted": "comptes rendus financiers acceptés",
    "reports.activity_accepted": "rapports d'activité acceptés",
    "reports.accounts_accepted": "comptes approuvés acceptés",
    "reports.owed_since": "fin du premier exercice sans compte rendu financier",
    "data.owed_since": "signature dont les données essentielles restent à publier",
    "third_party.foreseen": "évaluation par un tiers prévue ou reçue",
    "commitments.open": "engagements financiers en cours",
}

SAID |= {name: cents_in_words for name in FACTS if name.startswith("money.")}


class DossierOfAnotherPole(Refused):
    """A commitment that follows a dossier is to the pole that applied."""

    code = "commitment.of_another_pole"
    fr = "Le dossier {dossier} n'est pas celui de ce pôle, ou pas celui de ce projet."
    en = "The dossier {dossier} is not of this pole, or not of this project."


class SiretByTwo(Refused):
    """The number to which money goes is corrected by one person, and confirmed by another."""

    code = "commitment.siret_by_two"
    fr = (
        "Le SIRET du bénéficiaire ne se corrige pas ainsi : corrigez-le par « jalon commitment "
        "correct-siret », puis qu'une autre personne le confirme."
    )
    en = "The beneficiary's SIRET is corrected by its own command, and another person confirms it."


class DecideCommitment(
    Momentary,
    Statement,
    name="commitment.decide",
    says="Enregistrer la décision d'un financeur d'aider un pôle : un engagement financier.",
    by=(Role.FUNDER, Role.REGISTRAR),
):
    """Record what one funder promises one beneficiary. Nothing is signed thereby."""

    pole: PoleId = Field(description="Le pôle.")
    funder: Line = Field(description="Nom du financeur.")
    funder_siret: Siret | None = Field(None, description="SIRET du financeur.")
    funder_reason: Line | None = Field(None, description="Pourquoi il n'en a pas, s'il n'en a pas.")
    beneficiary: Line = Field(description="Nom de l'organisation qui reçoit.")
    beneficiary_siret: Siret | None = Field(None, description="Son SIRET.")
    beneficiary_rna: Rna | None = Field(None, description="Son numéro RNA, pour une association.")
    beneficiary_reason: Line | None = Field(
        None, description="Pourquoi elle n'a ni SIRET ni RNA, si elle n'en a pas."
    )
    object: Line = Field(description="Ce que l'aide finance.")
    support_kind: SupportKind = Field(SupportKind.MONEY, description="En argent, ou en nature.")
    amount: Euros | None = Field(None, description="Montant convenu, en euros.")
    value: Euros | None = Field(None, description="Valeur d'un apport en nature, en euros.")
    words: Prose | None = Field(None, description="Ce qui est apporté en nature.")
    project: ProjectId | None = Field(None, description="Le projet aidé.")
    dossier: DossierId | None = Field(
        None, description="Le dossier retenu dont l'engagement découle."
    )
    regime: Regime = Field(Regime.NONE, description="Régime d'aide d'État.")
    regime_words: Line | None = Field(None, description="Un autre régime : lequel.")
    journey: JourneyRef | None = Field(None, description="Version du parcours, si elle est connue.")

    @override
    def execute(self, work: Work) -> UUID:
        pole = work.get(Pole, self.pole)
        work.allow(pole, self.NAME)
        pole.must_live()
        funder, beneficiary = self._parties()
        for party in (funder, beneficiary):
            must_be_open(work, party.siret, work.day)
        dossier = work.get(Dossier, self.dossier) if self.dossier else None
        project = self.project or (ProjectId(dossier.project) if dossier else None)
        if project and work.get(Project, project).carrying_on(work.day) != pole.id:
            raise CarriedElsewhere
        if dossier:
            if dossier.pole != pole.id or project != dossier.project:
                raise DossierOfAnotherPole(dossier=dossier.code)
            must_be_awarded(work, dossier, self.amount or 0)
        journey = self.journey or work.rulebook().in_force("commitment", work.day)
        compiled = work.compiled(journey)
        work.rulebook().admit(compiled.journey.ref, work.day)
        before = work.redoes(Commitment.Decided)
        if before and before.beneficiary.siret != beneficiary.siret:
            raise SiretByTwo
        made = Commitment.decide(
            code=before.code if before else f"{pole.code}-engagement-{self._number(work, pole)}",
            pole=pole.id,
            project=project,
            dossier=self.dossier,
            funder=funder,
            beneficiary=beneficiary,
            object=self.object,
            support_kind=self.support_kind,
            agreed=self.amount,
            value=self.value,
            words=self.words,
            regime=self.regime,
            regime_words=self.regime_words,
            granted_on=work.day,
            journey=journey,
            stage=compiled.journey.initial,
            occurred_on=work.occurred_on,
            variables=work.admit(Commitment.new(), compiled),
        )
        count_aid(work, made, beneficiary, made.agreed_on(work.day) or made.value_cents)
        pole.attach("commitment", made.id, is_news=False)
        work.save(made, pole)
        return made.id

    def _parties(self) -> tuple[Organisation, Organisation]:
        funder = organisation(self.funder, siret=self.funder_siret, reason=self.funder_reason)
        beneficiary = organisation(
            self.beneficiary,
            siret=self.beneficiary_siret,
            rna=self.beneficiary_rna,
            reason=self.beneficiary_reason,
        )
        return funder, beneficiary

    def _number(self, work: Work, pole: Pole) -> int:
        """The next among those of the pole; no two have the same."""
        known = (work.get(Commitment, id_).number for id_ in commitments_to(pole))
        return max(known, default=0) + 1


class CommitmentCommand(Momentary):
    """Something done about one commitment, by whom its state lets do it."""

    IS_NEWS: ClassVar[bool] = False
    """Whether it shows that the pole is alive: it gave or did something itself."""

    commitment: CommitmentId = Field(description="L'engagement financier.")

    @override
    def execute(self, work: Work) -> UUID:
        case = work.get(Commitment, self.commitment)
        work.allow(case, self.NAME)
        self.act(work, case)
        work.save(case)
        if self.IS_NEWS:
            pole = work.get(Pole, case.pole)
            pole.attach("commitment", case.id, is_news=True)
            work.save(pole)
        return case.id

    @abstractmethod
    def act(self, work: Work, case: Commitment) -> None:
        """Do it with the commitment."""


class MoveCommitment(
    Moving,
    CommitmentCommand,
    name="commitment.move",
    says="Franchir une étape du parcours d'un engagement financier : solder, clore, résilier.",
    by=(Role.POLE_REPRESENTATIVE, Role.FUNDER, Role.REGISTRAR),
):
    """Take a step of the journey of a commitment."""

    transition: Id = Field(
        description="Le passage à franchir, par son code : settle, close, terminate, abandon… Un "
        "code inconnu est refusé en nommant ceux du parcours."
    )


class MigrateCommitment(
    Migrating,
    CommitmentCommand,
    name="commitment.migrate",
    says="Faire suivre à un engagement financier une autre version de son parcours.",
    by=MIGRATORS,
):
    """Bring a commitment to another version of its journey, on the record."""


@tells
def tell(event: Event) -> tuple[str, str] | None:
    """Commitments in words."""
    match event:
        case Commitment.Decided(funder=funder, agreed_cents=agreed, value_cents=value, object=what):
            worth = euros(agreed) if agreed else "en nature"
            if value:
                worth += f", pour {euros(value)}"
            return "Engagement financier décidé", f"{what} : {funder.name}, {worth}"
        case Commitment.FunderWithdrew(reasons=reasons):
            return "Retrait du financeur", inside(reasons)
        case Commitment.AwardWithdrawn(ground=ground, reasons=reasons):
            return "Soutien retiré", f"{GROUNDS[ground]}. {reasons}"
        case _:
            return None
