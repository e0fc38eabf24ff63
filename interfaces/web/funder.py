"""The page of a funder: what they promised and what came of it, what needs their attention."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from application.ledger import FIGURES, Amounts, LedgerLine
from domain.money import euros
from domain.roles import Role
from interfaces.web.filters import Text
from interfaces.web.ledger import LEDGER
from interfaces.web.listing import page_of
from interfaces.web.page import READ, ask, pages, show
from interfaces.web.visitor import signed_in
from interfaces.wiring import Product

FUNDER = "/financeur"
FUNDING = (Role.FUNDER, Role.PAYER)
EACH = 30
"""Commitments of a page."""
SHOWN = ("promised_cents", "approved_cents", "paid_cents", "justified_cents", "due_cents")
"""The figures that stand in the table; all of them stand above it."""


@dataclass(frozen=True, slots=True)
class FundingAlert:
    """Something that a funder should see to: of which commitment, and why."""

    line: LedgerLine
    says: str


def router(product: Product) -> APIRouter:
    """`/financeur`."""
    routes = pages()

    @routes.api_route(FUNDER, methods=READ)
    def mine(request: Request, organisme: Text = "", page: Text = "1") -> Response:
        """Show the commitments of whom the visitor acts for."""
        moment, asked = ask(product, request)
        acting = product.acting(signed_in(request).session.by)
        named = [one.relation.partition(":") for one in acting.held if one.role in FUNDING]
        theirs = sorted({name for kind, _, name in named if kind == "organisation"})
        everywhere = any(not name for _, _, name in named)
        chosen = organisme if organisme in theirs or everywhere else (theirs or [""])[0]
        is_theirs = bool(chosen) or everywhere
        found = product.ledger(moment, funder=chosen or None) if is_theirs else None
        lines = found.lines if found else ()
        number, count = page_of(page, len(lines), EACH)
        return show(
            request,
            "ledger/funder.html",
            asked,
            here=FUNDER,
            found=found,
            lines=lines[(number - 1) * EACH : number * EACH],
            alerts=[alert for line in lines for alert in alerts_of(line)],
            number=number,
            count=count,
            theirs=theirs,
            name=lines[0].funder if lines and chosen else "",
            kept={"organisme": organisme} if organisme else {},
            ledger_url=asked.url(LEDGER, {"funder": chosen} if chosen else {}),
            titles={name: Amounts.model_fields[name].title for name in FIGURES},
            figures=[name for name in FIGURES if name.endswith("_cents")],
            columns=SHOWN,
            euros=euros,
        )

    return routes


def alerts_of(line: LedgerLine) -> Iterator[FundingAlert]:
    """What a commitment asks of its funder, the most pressing first."""
    if line.late_cents:
        yield FundingAlert(line, f"{euros(line.late_cents)} à verser, le jour prévu étant passé")
    if line.overdue_cents:
        said = f"{euros(line.overdue_cents)} à reverser par le bénéficiaire, en retard"
        yield FundingAlert(line, said)
    if line.conditions_late:
        late = "condition en retard" if line.conditions_late == 1 else "conditions en retard"
        yield FundingAlert(line, f"{line.conditions_late} {late}")
    if line.siret_in_doubt_since:
        yield FundingAlert(line, "SIRET corrigé, à confirmer : rien n'est payé d'ici là")
    if line.award_withdrawn_on:
        yield FundingAlert(line, "soutien retiré : plus rien n'est payé")
