"""Questions about personal data as a whole: what falls due, and the register of processing."""

from fastapi import APIRouter, Depends
from fastapi.security import HTTPBearer

from application.processing import ProcessingRegister
from application.retention import DueReport
from domain.roles import Role
from interfaces.api.pole import InForce, Known
from interfaces.api.reading import Acting, Token
from interfaces.wiring import Product


def router(product: Product) -> APIRouter:
    """`/api/privacy/register` for anybody, and `/api/privacy/due` for those who watch."""
    routes = APIRouter(prefix="/api/privacy", tags=["données personnelles"])

    @routes.get("/register", summary="Le registre des traitements (RGPD, art. 30)")
    def register() -> ProcessingRegister:
        """Written from what the events of this version say is personal."""
        return product.processing()

    @routes.get(
        "/due",
        summary="Ce dont la durée de conservation est passée",
        dependencies=[Depends(HTTPBearer(auto_error=False))],
    )
    def due(
        authorization: Token = None,
        jalon_role: Acting = Role.DPO,
        known: Known = None,
        in_force: InForce = None,
    ) -> DueReport:
        """By a day, field by field and thing by thing; nothing of it is opened, nor erased."""
        by = product.signed_in(authorization, jalon_role)
        return product.privacy_due(product.moment(known, in_force), by)

    return routes
