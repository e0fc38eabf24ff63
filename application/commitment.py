"""Financial commitments: decide, suspend, withdraw, move along the journey; and list them."""

from abc import abstractmethod
from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from pydantic import Field
from typing_extensions import override

from application.command import Work
from application.establishment import must_be_open
from application.handlers import HANDLERS
from application.listing import Listed, Listing, listing
from application.momentary import Momentary
from application.organisation import organisation
from application.single_undertaking import aid_counted, grant_aid, lower_aid
from application.wording import FACTS, WORDS, inside, tells
from application.world import Moment, World
from domain.award import DossierOutcome
from domain.case import Case, Read
from domain.commitment import (
    COUNTED,
    STOPPED,
    UNSIGNED,
    Commitment,
    CommitmentId,
    Regime,
    SupportKind,
)
from domain.dates import PartialDate
from domain.dossier import Dossier, DossierId
from domain.errors import Refused
from domain.identifiers import Siret
from domain.journey import JourneyRef
from domain.kernel import Event, Line, Prose
from domain.money import Euros, euros
from domain.organisation import Organisation, Rna
from domain.pole import Pole, PoleId
from domain.project import CarriedElsewhere, Project, ProjectId
from domain.rulebook import RULEBOOK, Rulebook
from domain.words import Id
from domain.workflow import Step

WORDS[SupportKind] = {SupportKind.MONEY: "en argent", SupportKind.IN_KIND: "en nature"}
WORDS[Regime] = {
    Regime.NONE: "pas une aide d'État",
    Regime.DE_MINIMIS: "aide de minimis",
    Regime.SGEI_DE_MINIMIS: "aide de minimis aux SIEG",
    Regime.OTHER: "autre régime d'aide",
}

STATES: Mapping[str, str] = {
    "decided": "décidé",
    "convention_drafted": "convention rédigée",
    "in_force": "en cours d'exécution",
    "suspended": "suspendu",
    "report_due": "comptes attendus",
    "settled": "soldé",
    "terminated": "résilié",
    "recovery": "reversement en cours",
    "closed": "clos",
    "abandoned": "abandonné",
}
"""What lists call the stages of the journey that ships; another is called by its identifier."""

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
    "money.agreed": "montant convenu (centimes)",
    "money.approved": "montant approuvé (centimes)",
    "money.paid": "montant payé (centimes)",
    "money.justified": "montant justifié (centimes)",
    "money.ordered": "reversement demandé (centimes)",
    "money.to_recover": "reste à reverser (centimes)",
    "tranches.open": "tranches ni payées ni annulées",
    "reports.financial_accepted": "comptes rendus financiers acceptés",
    "reports.activity_accepted": "rapports d'activité acceptés",
    "reports.accounts_accepted": "comptes approuvés acceptés",
    "reports.owed_since": "fin du premier exercice sans compte rendu financier",
    "data.owed_since": "signature dont les données essentielles restent à publier",
    "third_party.foreseen": "évaluation par un tiers prévue ou reçue",
    "commitments.open": "engagements financiers en cours",
}


# --- refusals -----------------------------------------------------------------------------------


class NotAnnounced(Refused):
    """Nothing is promised on a result before its announcement, nor on one that is no award."""

    code = "commitment.not_announced"
    fr = (
        "Aucune décision annoncée ne retient le dossier {dossier} le {day} : "
        "un engagement financier ne se prend qu'après l'annonce."
    )
    en = "No announced decision selects the dossier {dossier} on {day}: a commitment comes after."


class DossierOfAnotherPole(Refused):
    """A commitment that follows a dossier is to the pole that applied."""

    code = "commitment.of_another_pole"
    fr = "Le dossier {dossier} n'est pas celui de ce pôle, ou pas celui de ce projet."
    en = "The dossier {dossier} is not of this pole, or not of this project."


class ExceedsAward(Refused):
    """Commitments after a dossier come to no more than what was decided."""

    code = "commitment.exceeds_award"
    fr = "{asked} dépassent ce qui reste de la somme décidée pour le dossier {dossier} : {left}."
    en = "{asked} is more than what is left of the sum decided for the dossier {dossier}: {left}."


class HeardFirst(Refused):
    """The pole is heard before a suspension takes effect (product rule)."""

    code = "commitment.heard_first"
    fr = "Le pôle doit avoir été entendu ({heard}) au plus tard le jour de la suspension ({day})."
    en = "The pole must have been heard ({heard}) by the day of the suspension ({day})."


# --- commands -----------------------------------------------------------------------------------


class DecideCommitment(
    Momentary,
    name="commitment.decide",
    says="Enregistrer la décision d'un financeur d'aider un pôle : un engagement financier.",
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
        made = Commitment.decide(
            code=f"{pole.code}-engagement-{self._number(work, pole)}",
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


def commitments_to(pole: Pole) -> list[UUID]:
    """The commitments to a pole, in the order in which they were recorded."""
    return [id_ for id_, concept in pole.attached.items() if concept == "commitment"]


def must_be_awarded(work: Work, dossier: Dossier, amount: int, *, but: UUID | None = None) -> None:
    """Refuse what no announced decision covers: commitments after it come to no more.

    Args:
        but: a commitment that is not counted, since it is the one that changes.
    """
    decision = dossier.decision_on(work.day)
    if decision is None or decision.outcome is not DossierOutcome.SELECTED:
        raise NotAnnounced(dossier=dossier.code, day=work.day)
    left = (decision.amount_cents or 0) - promised_to(work.get, dossier, but=but)
    if amount > left:
        raise ExceedsAward(asked=euros(amount), dossier=dossier.code, left=euros(left))


def promised_to(
    read: Read, dossier: Dossier, *, but: UUID | None = None, day: date = date.max
) -> int:
    """What the commitments that follow a dossier still stand for, one left out if need be."""
    known = commitments_to(read(Pole, dossier.pole))
    others = (read(Commitment, id_) for id_ in known if id_ != but)
    return sum(standing_promise(one, day) for one in others if one.dossier == dossier.id)


def standing_promise(commitment: Commitment, day: date = date.max) -> int:
    """What a commitment still stands for: once it is over, what was paid and nothing more."""
    over = commitment.state_on(day) in STOPPED
    return commitment.paid_on(day) if over else commitment.agreed_on(day)


def count_aid(work: Work, case: Commitment, beneficiary: Organisation, cents: int) -> None:
    """Count what is granted against the ceiling of the enterprise, on its day, where one holds."""
    if case.regime in COUNTED:
        grant_aid(
            work,
            commitment=case.id,
            beneficiary=beneficiary,
            authority=case.funder.name,
            regime=case.regime.value,
            amount_cents=cents,
            granted_on=work.day,
        )


def counted(work: Work, case: Commitment, beneficiary: Organisation) -> int:
    """What counts against the ceiling of an enterprise, on the day, of a commitment."""
    return aid_counted(work, commitment=case.id, beneficiary=beneficiary, day=work.day)


def count_less(
    work: Work, case: Commitment, beneficiary: Organisation, cents: int, motive: str
) -> None:
    """Let what was granted count for less."""
    if case.regime in COUNTED:
        lower_aid(
            work,
            commitment=case.id,
            beneficiary=beneficiary,
            to_cents=cents,
            day=work.day,
            motive=motive,
        )


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
    CommitmentCommand,
    name="commitment.move",
    says="Franchir une étape du parcours d'un engagement financier : solder, clore, résilier.",
):
    """Take a step of the journey of a commitment."""

    transition: Id = Field(
        description="Le passage à franchir, par son code : settle, close, terminate, abandon… Un "
        "code inconnu est refusé en nommant ceux du parcours."
    )
    input: dict[str, Any] = Field(default={}, description="Ce que le passage demande.")

    @override
    def act(self, work: Work, case: Commitment) -> None:
        work.take(case, self.transition, **self.input)


class SuspendCommitment(
    CommitmentCommand,
    name="commitment.suspend",
    says="Suspendre un engagement financier, le pôle entendu : plus rien n'est approuvé ni payé.",
):
    """Suspend it: nothing is claimed, approved or paid until that is lifted (décret, art. 5)."""

    reasons: Prose = Field(
        description="En quoi l'exécution s'écarte des objectifs ou des engagements."
    )
    heard_on: date = Field(description="Jour où le pôle a été entendu (AAAA-MM-JJ).")

    @override
    def act(self, work: Work, case: Commitment) -> None:
        heard = self.heard_on.isoformat()
        work.take(case, "suspend", reasons=self.reasons, heard_on=heard)


class LiftSuspension(
    CommitmentCommand,
    name="commitment.lift_suspension",
    says="Lever la suspension d'un engagement financier.",
):
    """Let it go on."""

    reasons: Prose = Field(description="Pourquoi.")

    @override
    def act(self, work: Work, case: Commitment) -> None:
        work.take(case, "lift_suspension", reasons=self.reasons)


class WithdrawFunderFromCommitment(
    CommitmentCommand,
    name="commitment.funder_withdraws",
    says="Enregistrer le retrait du financeur : ce qui n'est pas payé ne le sera pas.",
):
    """Record that the funder gives up what it has not paid; what it paid stays paid."""

    reasons: Prose = Field(description="Pourquoi, sans nommer de personne.")

    @override
    def act(self, work: Work, case: Commitment) -> None:
        case.withdraw_funder(reasons=self.reasons, day=work.day)
        unsigned = case.main.standing_on(work.day).value in UNSIGNED
        work.take(case, "abandon" if unsigned else "terminate", reasons=self.reasons)


class MigrateCommitment(
    CommitmentCommand,
    name="commitment.migrate",
    says="Faire suivre à un engagement financier une autre version de son parcours.",
):
    """Bring a commitment to another version of its journey, on the record."""

    to: JourneyRef = Field(description="La version à suivre.")

    @override
    def act(self, work: Work, case: Commitment) -> None:
        case.migrate(work.compiled(self.to).journey, occurred_on=work.occurred_on)


# --- what happens around a step -----------------------------------------------------------------


@HANDLERS.register("hear_the_pole")
def hear_the_pole(work: Work, case: Case, step: Step) -> None:
    """Refuse a suspension before the pole was heard."""
    heard = date.fromisoformat(str(step.input.get("heard_on"))[:10])
    if heard > work.day:
        raise HeardFirst(heard=heard, day=work.day)


@HANDLERS.register("cancel_open_tranches")
def cancel_open_tranches(work: Work, case: Case, step: Step) -> None:
    """Cancel what is not paid, since it never will be; and let no more than that count as aid."""
    if isinstance(case, Commitment):
        reasons = str(step.input.get("reasons") or "l'engagement financier s'arrête")
        case.cancel_open(reasons=reasons, day=work.day)
        given = case.paid_on(work.day)
        if step.to != "abandoned":  # what was given in kind, nothing says that it was given back
            given += case.value_cents
        count_less(work, case, case.beneficiary_on(work.day), given, reasons)


# --- the list -----------------------------------------------------------------------------------


class CommitmentListed(Listed):
    """A commitment as lists show it; the amounts are in cents, and in euros as they are read."""

    code: str = Field(title="Code")
    object: str = Field(title="Objet")
    funder: str = Field(title="Financeur")
    funder_siret: str | None = Field(None, title="SIRET du financeur")
    beneficiary: str = Field(title="Bénéficiaire")
    beneficiary_siret: str | None = Field(None, title="SIRET du bénéficiaire")
    project: UUID | None = None
    dossier: UUID | None = None
    support_kind: SupportKind = Field(title="Forme")
    regime: Regime = Field(title="Régime d'aide")
    granted_on: date = Field(title="Accordé le")
    signed_on: date | None = Field(None, title="Signé le")
    ends_on: date | None = Field(None, title="Jusqu'au")
    reference: str | None = Field(None, title="Convention")
    stage: str = Field(title="Étape")
    stage_title: str = Field(title="Étape")
    stage_on: PartialDate = Field(title="À cette étape depuis")
    stage_since: date
    journey: str = Field(title="Règles")
    journey_since: date
    agreed_cents: int
    value_cents: int
    approved_cents: int
    paid_cents: int
    justified_cents: int
    ordered_cents: int
    recovered_cents: int
    waived_cents: int
    agreed: str | None = Field(None, title="Convenu")
    value: str | None = Field(None, title="Valeur en nature")
    approved: str | None = Field(None, title="Approuvé")
    paid: str | None = Field(None, title="Payé")
    justified: str | None = Field(None, title="Justifié")
    ordered: str | None = Field(None, title="À reverser")
    recovered: str | None = Field(None, title="Reversé")


def in_euros(_: World, line: Any) -> Any:
    """Say the amounts of a line as people read them; nothing where there is none."""
    said = {
        name.removesuffix("_cents"): euros(cents) if (cents := getattr(line, name)) else None
        for name in type(line).model_fields
        if name.endswith("_cents")
    }
    return line.model_copy(update={n: s for n, s in said.items() if n in type(line).model_fields})


def stages_in_words(world: World, moment: Moment) -> Mapping[str, str]:
    """The stages of the journeys of commitments published then, in their words."""
    rulebook = world.load(Rulebook, RULEBOOK, moment.known)
    journeys = [journey for journey, _ in rulebook.journeys.values()] if rulebook else []
    return {
        state.id: STATES.get(state.id) or state.title.fr
        for journey in journeys
        if journey.id == "commitment"
        for state in journey.states
    }


COMMITMENTS = listing(
    Listing(
        name="commitment",
        line=CommitmentListed,
        title="Engagements financiers",
        says="Ce que chaque financeur a promis, à qui, et ce qui en est approuvé, payé, justifié "
        "ou à reverser. Ce qui est apporté en nature n'est jamais ajouté à l'argent.",
        path="/engagements-financiers",
        columns=(
            *("pole_name", "code", "funder", "beneficiary", "stage_title"),
            *("agreed", "value", "approved", "paid", "justified", "ordered", "recovered"),
        ),
        detail=("code", "/engagements-financiers/"),
        beside={"/grand-livre": "Le grand livre"},
        filters=("stage", "support_kind", "regime", "funder"),
        words={"stage": stages_in_words},
        complete=in_euros,
        order=("granted_on", "code"),
        empty="Aucun engagement financier n'est enregistré.",
        thing="Engagement financier",
        called="object",
        begun_by="commitment.decide",
    )
)


@tells
def tell(event: Event) -> tuple[str, str] | None:
    """Commitments in words."""
    match event:
        case Commitment.Decided(
            code=code, funder=funder, agreed_cents=agreed, value_cents=value, object=what
        ):
            worth = euros(agreed) if agreed else "en nature"
            if value:
                worth += f", pour {euros(value)}"
            return "Engagement financier décidé", f"{code} : {funder.name}, {worth}, {what}"
        case Commitment.FunderWithdrew(reasons=reasons):
            return "Retrait du financeur", inside(reasons)
        case _:
            return None
