"""The page that leads to what keeps the register going: rules, files, accounts."""

from fastapi import APIRouter, Request, Response

from application.account_sheet import READERS
from application.offices import MIGRATORS, PUBLISHERS
from interfaces.acts import may_give
from interfaces.web.importing import IMPORTED, IMPORTS
from interfaces.web.job import JOBS
from interfaces.web.journey_draft import ADMINISTRATION as JOURNEYS
from interfaces.web.page import READ, Asked, pages, show
from interfaces.web.people import PEOPLE
from interfaces.web.visitor import signed_in
from interfaces.wiring import Product

ADMINISTRATION = "/administration"


def router(_: Product) -> APIRouter:
    """`/administration`."""
    routes = pages()

    @routes.api_route(ADMINISTRATION, methods=READ)
    def administration(request: Request) -> Response:
        """Lead to what the visitor sees to, in the role in which they act."""
        role = signed_in(request).session.by.role
        ways = [("Les parcours et leurs règles, version par version", JOURNEYS)]
        if role in {*PUBLISHERS, *MIGRATORS}:
            ways += [
                ("Publier le texte d'une charte", "/actes/charter.publish"),
                ("Publier un référentiel, une grille", "/actes/grid.publish"),
            ]
        if any(may_give(one.command, role) for one in IMPORTED.values()):
            ways.append(("Charger des fichiers : pôles, appels, faits, paiements", IMPORTS))
        if role in READERS:
            ways.append(("Les comptes, leurs rôles et leurs mandats", PEOPLE))
        ways.append(("Les travaux longs, demandés et faits", JOBS))
        return show(
            request,
            "administration.html",
            Asked(fields={}),
            here=ADMINISTRATION,
            ways=ways,
        )

    return routes
