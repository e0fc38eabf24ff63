"""The pages of a dossier and of an appeal; what is not announced is on neither."""

from fastapi import APIRouter, Request, Response

from application.commitment_list import COMMITMENTS
from application.dossier_words import lateness_in_words
from interfaces.web.case import parts
from interfaces.web.commitment import plan_of
from interfaces.web.page import READ, ask, pages, show
from interfaces.web.visitor import reserved
from interfaces.wiring import Product

DOSSIERS = "/dossiers"
APPEALS = "/recours"

MET = {True: "remplie", False: "non remplie", None: "à examiner"}


def router(product: Product) -> APIRouter:
    """What lies under the lists of dossiers and of appeals."""
    routes = pages()

    @routes.api_route(f"{DOSSIERS}/{{name}}", methods=READ)
    def dossier(request: Request, name: str) -> Response:
        """Show a dossier: what it asks for, where it stands, what is announced of it."""
        moment, asked = ask(product, request)
        found, why = product.dossier(name, moment), ""
        if found.review is None:
            whole, why = reserved(request, lambda by: product.reviewed_dossier(name, moment, by))
            found = whole or found
        of_pole = product.listed(COMMITMENTS, moment, pole=found.pole_code)
        return show(
            request,
            "dossier/sheet.html",
            asked,
            here=f"{DOSSIERS}/{found.code}",
            sheet=found,
            lateness=lateness_in_words(found.late, found.closes_at),
            commitments=[line for line in of_pole if line.dossier == found.id],
            plan=plan_of(product, found.project, moment),
            MET=MET,
            why_not=why,
            case=parts(product, "dossier", name, moment),
        )

    @routes.api_route(f"{APPEALS}/{{name}}", methods=READ)
    def appeal(request: Request, name: str) -> Response:
        """Show an appeal: against what, whether it came in time, where it stands."""
        moment, asked = ask(product, request)
        found = product.appeal(name, moment)
        return show(
            request,
            "appeal/sheet.html",
            asked,
            here=f"{APPEALS}/{found.code}",
            sheet=found,
            case=parts(product, "appeal", name, moment),
        )

    return routes
