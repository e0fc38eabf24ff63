"""Questions about charters, signatures and undertakings, one by one."""

from uuid import UUID

from fastapi import APIRouter

from application.charter_sheet import CharterComparison, CharterSheet, Receipt
from application.undertaking_sheet import UndertakingSheet
from interfaces.api.pole import InForce, Known
from interfaces.wiring import Product


def router(product: Product) -> APIRouter:
    """What lies under the lists of charters, signatures and undertakings."""
    routes = APIRouter(prefix="/api", tags=["chartes"])

    @routes.get("/charters/{charter}", summary="Le texte d'une charte, et combien s'y tiennent")
    def charter(charter: str, known: Known = None, in_force: InForce = None) -> CharterSheet:
        return product.charter(charter, product.moment(known, in_force))

    @routes.get("/charters/{old}/diff/{new}", summary="Ce qui distingue deux chartes")
    def diff(
        old: str, new: str, known: Known = None, in_force: InForce = None
    ) -> CharterComparison:
        return product.charter_comparison(old, new, product.moment(known, in_force))

    @routes.get("/charter-signatures/{signature}/receipt", summary="Le reçu d'une signature")
    def receipt(signature: UUID, known: Known = None, in_force: InForce = None) -> Receipt:
        return product.receipt(signature, product.moment(known, in_force))

    @routes.get("/undertakings/{undertaking}", summary="Un engagement, et ce qui en fut rapporté")
    def undertaking(
        undertaking: UUID, known: Known = None, in_force: InForce = None
    ) -> UndertakingSheet:
        return product.undertaking(undertaking, product.moment(known, in_force))

    return routes
