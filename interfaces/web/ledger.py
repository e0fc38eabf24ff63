"""The pages of the ledger, and of payments beside approved tranches."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Request, Response

from application.extract import Cell, Money
from application.ledger import FIGURES, Amounts, Ledger, LedgerGroup, LedgerLine
from application.reconciliation import Matched, Missing, OnRecord, Reconciliation, Unexplained
from domain.money import euros
from interfaces.web.extract import form_wanted, taken
from interfaces.web.filters import Text
from interfaces.web.page import READ, ask, pages, show
from interfaces.wiring import Product

LEDGER = "/grand-livre"
RECONCILIATION = "/paiements/rapprochement"

SHOWN: Mapping[str, tuple[str, ...]] = {
    "promised_cents": ("given_up_cents",),
    "approved_cents": ("justified_cents",),
    "paid_cents": (),
    "due_cents": ("held_cents", "late_cents"),
    "ordered_cents": ("recovered_cents", "waived_cents", "to_recover_cents"),
}
"""The figures of a table that is read whole on a screen, each with those told under it."""


def router(product: Product) -> APIRouter:
    """The pages `/grand-livre` and `/paiements/rapprochement`."""
    routes = pages()

    @routes.api_route(LEDGER, methods=READ)
    def ledger(request: Request, funder: Text = "", pole: Text = "", call: Text = "") -> Response:
        """Show what was promised, holds, was paid, is due, is late; of all, or of some."""
        moment, asked = ask(product, request)
        chosen = {"funder": funder, "pole": pole, "call": call}
        found = product.ledger(moment, **{name: words or None for name, words in chosen.items()})
        if form := form_wanted(request):
            said = zip(("Financeur", "Pôle", "Appel"), chosen.values(), strict=True)
            return taken(
                request,
                product,
                moment,
                form,
                title="Grand livre",
                lines=(COLUMNS, [_cells(line) for line in found.lines]),
                path=LEDGER,
                kept=chosen,
                chosen={name: words for name, words in said if words},
            )
        return show(
            request,
            "ledger/ledger.html",
            asked,
            here=LEDGER,
            found=found,
            tables=_tables(found),
            shown=SHOWN,
            titles={name: Amounts.model_fields[name].title for name in FIGURES},
            euros=euros,
            kept=chosen,
        )

    @routes.api_route(RECONCILIATION, methods=READ)
    def reconciliation(request: Request) -> Response:
        """Show which payments match a tranche, which are missing, which nothing explains."""
        moment, asked = ask(product, request)
        sections = _sections(product.reconciliation(moment))
        if form := form_wanted(request):
            return taken(
                request,
                product,
                moment,
                form,
                title="Rapprochement des paiements",
                lines=_in_one(sections),
                path=RECONCILIATION,
                kept={},
                chosen={},
            )
        return show(
            request,
            "ledger/reconciliation.html",
            asked,
            here=RECONCILIATION,
            sections=sections,
            kept={},
        )

    return routes


_SUMS = tuple(name for name in FIGURES if name.endswith("_cents"))
_TOLD = ("code", "object", "pole_name", "funder", "beneficiary", "call_code", "stage_title")
_DAYS = ("granted_on", "award_withdrawn_on", "withdrawn_on", "siret_in_doubt_since")
_COUNTS = ("conditions", "conditions_held", "conditions_late")

COLUMNS = tuple(
    LedgerLine.model_fields[name].title or name for name in (*_TOLD, *_DAYS, *_COUNTS, *_SUMS)
)
"""What a file of the ledger is made of: a commitment a line, with every figure of it."""


def _cells(line: LedgerLine) -> tuple[Cell, ...]:
    told = (getattr(line, name) for name in (*_TOLD, *_DAYS, *_COUNTS))
    return (*told, *(Money(getattr(line, name)) for name in _SUMS))


def _tables(found: Ledger) -> list[tuple[str, str, tuple[LedgerGroup, ...]]]:
    """The sums, with what their lines are called, and where a line without a name belongs."""
    return [
        ("Financeur", "", found.by_funder),
        ("Pôle", "", found.by_pole),
        ("Appel", "hors appel", found.by_call),
    ]


@dataclass(frozen=True, slots=True)
class Section:
    """One outcome of a reconciliation: a table, or a sentence where it has no line."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[str | date, ...]]
    empty: str


WAITS = ("Tranche", "Financeur", "Bénéficiaire", "Montant", "Approuvée le")


def _sections(found: Reconciliation) -> list[Section]:
    return [
        Section(
            "Paiements rapprochés",
            ("Référence", "Date du paiement", "Montant", "Tranche", "Bénéficiaire", "État"),
            [_matched(one) for one in found.matched],
            "Aucun paiement ne correspond à une tranche.",
        ),
        Section(
            f"Paiements manquants, plus de {found.after_days} jours après leur approbation",
            WAITS,
            [_missing(one) for one in found.missing],
            "Aucun paiement ne manque.",
        ),
        Section(
            "Approuvés depuis moins longtemps, suspendus, ou dont le soutien est retiré",
            WAITS,
            [_missing(one) for one in found.waiting],
            "Aucune tranche approuvée n'attend son paiement depuis peu, ni n'est arrêtée.",
        ),
        Section(
            "Paiements inexpliqués",
            ("Référence", "Date du paiement", "Montant", "Bénéficiaire", "Pourquoi"),
            [_unexplained(one) for one in found.unexplained],
            "Chaque paiement a son explication.",
        ),
        Section(
            "Payés au registre, et dans aucun fichier",
            ("Référence", "Date du paiement", "Montant", "Tranche", "Bénéficiaire"),
            [
                (one.reference, one.paid_on, euros(one.amount_cents), *_whose(one))
                for one in found.unseen
            ],
            "Chaque paiement du registre est dans un fichier importé.",
        ),
    ]


def _in_one(sections: list[Section]) -> tuple[tuple[str, ...], list[tuple[Cell, ...]]]:
    """Every section in one table: its title first, then each column that some of them have."""
    columns = tuple(dict.fromkeys(name for section in sections for name in section.columns))
    lines: list[tuple[Cell, ...]] = []
    for section in sections:
        for row in section.rows:
            told = dict(zip(section.columns, row, strict=True))
            lines.append((section.title, *(told.get(name) for name in columns)))
    return ("Partie", *columns), lines


def _whose(one: Matched | OnRecord) -> tuple[str, str]:
    """A tranche, with the code of its commitment, and who it is for."""
    return f"{one.title}, {one.code}", one.beneficiary


def _matched(one: Matched) -> tuple[str | date, ...]:
    paid = one.payment
    state = "enregistré" if one.is_recorded else "à enregistrer"
    return paid.reference, paid.paid_on, euros(one.amount_cents), *_whose(one), state


def _missing(one: Missing) -> tuple[str | date, ...]:
    tranche, amount = f"{one.title}, {one.code}", euros(one.amount_cents)
    return tranche, one.funder, one.beneficiary, amount, one.approved_on


def _unexplained(one: Unexplained) -> tuple[str | date, ...]:
    paid = one.payment
    return paid.reference, paid.paid_on, paid.amount, paid.payee, one.reason
