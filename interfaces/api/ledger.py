"""The ledger, the reconciliation of payments, and the open data of conventions."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from application.ledger import Ledger
from application.reconciliation import AFTER_DAYS, Reconciliation
from application.scdl_export import Export
from interfaces.api.pole import InForce, Known
from interfaces.wiring import Product

OfFunder = Annotated[str | None, Query(description="Seulement ce financeur : nom, SIREN ou SIRET.")]
OfPole = Annotated[
    str | None, Query(description="Seulement ce pôle : code, nom, partie du nom ou identifiant.")
]
OfCall = Annotated[str | None, Query(description="Seulement cet appel : code ou identifiant.")]
After = Annotated[
    int, Query(ge=0, le=3650, description="Une tranche approuvée manque passé tant de jours.")
]


def router(product: Product) -> APIRouter:
    """`/api/ledger`, `/api/payments/reconciliation`, `/api/commitments/scdl`."""
    routes = APIRouter(prefix="/api", tags=["grand livre"])

    @routes.get("/ledger", summary="Le grand livre : promis, payé, justifié, dû, en retard")
    def ledger(
        funder: OfFunder = None,
        pole: OfPole = None,
        call: OfCall = None,
        known: Known = None,
        in_force: InForce = None,
    ) -> Ledger:
        """Amounts are whole cents; the sums by funder, pole and call are those of the lines."""
        moment = product.moment(known, in_force)
        return product.ledger(moment, funder=funder, pole=pole, call=call)

    @routes.get("/payments/reconciliation", summary="Les paiements face aux tranches approuvées")
    def reconciliation(
        after_days: After = AFTER_DAYS, known: Known = None, in_force: InForce = None
    ) -> Reconciliation:
        """Matched, missing after so many days, unexplained; nothing is recorded."""
        return product.reconciliation(product.moment(known, in_force), after_days)

    @routes.get("/commitments/scdl", summary="Les conventions en données ouvertes, et les refus")
    def open_data(
        funder: OfFunder = None,
        pole: OfPole = None,
        call: OfCall = None,
        known: Known = None,
        in_force: InForce = None,
    ) -> Export:
        """The rows of the file, what is refused and why, and what should be looked at."""
        moment = product.moment(known, in_force)
        return product.open_data(moment, funder=funder, pole=pole, call=call)

    @routes.get(
        "/commitments/scdl.csv",
        summary="Le fichier SCDL « subventions » 2.1.1",
        response_class=Response,
        responses={200: {"content": {"text/csv": {}}}},
    )
    def file(
        funder: OfFunder = None,
        pole: OfPole = None,
        call: OfCall = None,
        known: Known = None,
        in_force: InForce = None,
    ) -> Response:
        moment = product.moment(known, in_force)
        found = product.open_data(moment, funder=funder, pole=pole, call=call)
        headers = {"Content-Disposition": 'attachment; filename="subventions.csv"'}
        return Response(found.csv, media_type="text/csv; charset=utf-8", headers=headers)

    return routes
