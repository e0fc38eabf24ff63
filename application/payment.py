"""Take in files of payments, and list what was paid; each payment counts once."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from pydantic import Field
from typing_extensions import override

from application.command import Work
from application.listing import Listed, Listing, listing
from application.momentary import Momentary
from application.payment_file import PaymentGiven, PaymentsRead, judged
from application.wording import tells
from application.world import World
from domain.commitment import Commitment
from domain.errors import Forbidden, Refused
from domain.kernel import Event, Recorded
from domain.money import euros
from domain.payment import (
    MOST_ROWS,
    PAYMENTS,
    Digest,
    Paid,
    PaymentId,
    Payments,
    SaidOtherwise,
)
from domain.recording import new_identity
from domain.roles import Role
from domain.spelling import same
from domain.values import Frozen, Line

PAYERS = (Role.PAYER, Role.REGISTRAR)
"""Who tells what was paid: whoever pays, and whoever enters it for them (product rule)."""


class NotAPayer(Forbidden):
    """Payments are told by those who make them."""

    code = "payment.payer"
    fr = "Les paiements se disent en les faisant, ou en tenant le registre : {roles}."
    en = "Payments are told by those who make them, or who keep the register: {roles}."


class PayeeNotKnown(Refused):
    """A name may be that of a person: it is kept where a commitment has it already."""

    code = "payment.payee"
    fr = (
        "Le paiement « {reference} » nomme un bénéficiaire qui n'est celui d'aucun engagement "
        "financier enregistré : donnez le SIRET de l'organisation payée."
    )
    en = (
        "The payment “{reference}” names a payee that no recorded commitment has as its "
        "beneficiary: give the SIRET of the organisation that was paid."
    )


class ImportPayments(
    Momentary,
    name="payment.import",
    says="Enregistrer les paiements d'un fichier, chacun une fois ; le fichier entier, ou rien.",
    by=PAYERS,
    refused=NotAPayer,
):
    """Record what of a file is not on record yet: all of it, or nothing where a row is wrong."""

    digest: Digest = Field(description="Empreinte SHA-256 du fichier, en hexadécimal.")
    payer: Line | None = Field(
        None, description="L'organisation dont le compte est débité ; aucune, si le fichier mêle."
    )
    rows: tuple[PaymentGiven, ...] = Field(
        description="Les paiements.", min_length=1, max_length=MOST_ROWS
    )

    @override
    def execute(self, work: Work) -> UUID:
        payments = work.find(Payments, PAYMENTS) or Payments(PAYMENTS)
        names = beneficiaries(work.told(*NAMING))
        payments.import_file(
            [paid(row, names) for row in self.rows],
            digest=self.digest,
            payer=self.payer,
            persons=work.persons,
            today=work.today,
        )
        work.save(payments)
        return payments.id


NAMING = (Commitment.Decided, Commitment.BeneficiaryReplaced)
"""What names the beneficiary of a commitment."""


def beneficiaries(told: Iterable[Recorded]) -> frozenset[str]:
    """The names that commitments give their beneficiaries, spelt alike."""
    return frozenset(
        same(recorded.event.beneficiary.name)
        for recorded in told
        if isinstance(recorded.event, NAMING)
    )


def paid(given: PaymentGiven, names: frozenset[str]) -> Paid:
    """A payment with an identity of its own, as it may be shown to anybody.

    A name that no commitment has is not kept: with a SIRET it is left out, alone it is refused.
    """
    payee = given.payee if same(given.payee or "") in names else None
    if not (payee or given.siret):
        raise PayeeNotKnown(reference=given.reference)
    return Paid(
        id=PaymentId(new_identity()),
        reference=given.reference,
        paid_on=given.paid_on,
        amount_cents=given.amount,
        payee=payee,
        siret=given.siret,
    )


# --- what a file would bring --------------------------------------------------------------------


class PaymentReport(Frozen):
    """What became of a file, or would become of it. Nothing is recorded where a row is wrong."""

    rows: int
    recorded: int
    recorded_cents: int
    unchanged: int
    """Those that are on record already."""
    faults: tuple[tuple[int, str], ...]
    ignored: tuple[str, ...]
    applied: bool


def judge(world: World, read: PaymentsRead, payer: str | None, today: date) -> PaymentsRead:
    """What is wrong with the rows of a file, what the register says against them included."""
    known, names = payments_at(world), beneficiaries(world.told(*NAMING))

    def against(given: PaymentGiven) -> str | None:
        try:
            known.is_new(paid(given, names), payer)
        except (SaidOtherwise, PayeeNotKnown) as refusal:
            said = str(refusal).rstrip(".")
            return said[:1].lower() + said[1:]
        return None

    return judged(read, against, today)


def report(world: World, read: PaymentsRead, payer: str | None) -> PaymentReport:
    """What a file brings that is not on record yet."""
    known, names = payments_at(world), beneficiaries(world.told(*NAMING))
    fresh: dict[str, Paid] = {}
    faulty = {line for line, _ in read.faults}
    sound = [paid(given, names) for line, given in read.rows if line not in faulty]
    for row in sound:
        if known.is_new(row, payer):
            fresh.setdefault(row.key, row)
    return PaymentReport(
        rows=len({line for line, _ in read.rows} | faulty),
        recorded=len(fresh),
        recorded_cents=sum(row.amount_cents for row in fresh.values()),
        unchanged=len(sound) - len(fresh),
        faults=read.faults,
        ignored=read.ignored,
        applied=False,
    )


def payments_at(world: World, known: int | None = None) -> Payments:
    """Every payment on record, as known at a position of the journal."""
    return world.load(Payments, PAYMENTS, known) or Payments(PAYMENTS)


# --- the list -----------------------------------------------------------------------------------


class PaymentListed(Listed):
    """A payment as lists show it."""

    reference: str = Field(title="Référence")
    amount_cents: int = Field(title="Montant, en centimes")
    payee: str | None = Field(None, title="Bénéficiaire")
    siret: str | None = Field(None, title="SIRET")
    payer: str | None = Field(None, title="Payé par")

    @property
    def amount(self) -> str:
        """The amount in euros."""
        return euros(self.amount_cents)


PAYMENT_LIST = listing(
    Listing(
        name="payment",
        line=PaymentListed,
        title="Paiements",
        says="Les paiements tels que ceux qui les font les disent, fichier par fichier ; "
        "une même référence compte une fois.",
        path="/paiements",
        columns=("reference", "amount", "payee", "siret", "payer", "occurred_on"),
        headings={"amount": "Montant", "occurred_on": "Date du paiement"},
        filters=("reference", "siret", "payer"),
        beside={
            "/paiements/rapprochement": "Rapprocher des tranches approuvées",
            "/grand-livre": "Le grand livre",
        },
        about_poles=False,
        empty="Aucun paiement n'est enregistré.",
        begun_by="payment.import",
    )
)


@tells
def _tell(event: Event) -> tuple[str, str] | None:
    match event:
        case Payments.Imported(rows=rows, payer=payer):
            total = euros(sum(row.amount_cents for row in rows))
            by = f", par {payer}" if payer else ""
            number = f"{len(rows)} paiement{'s' * (len(rows) > 1)}"
            return "Fichier de paiements", f"{number}, {total}{by}"
        case _:
            return None
