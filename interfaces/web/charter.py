"""The pages of charters: texts, differences, receipts of signatures, undertakings."""

from itertools import groupby
from uuid import UUID

from fastapi import APIRouter, Request, Response

from application.charter_difference import Fate, PartChange
from application.charter_sheet import capacities_in_words, ending_in_words, signer_in_words
from application.charter_signature import SIGNATURE_LIST
from interfaces.web.page import READ, ask, pages, show
from interfaces.wiring import Product

CHARTERS = "/chartes"

CHANGES = {
    PartChange.ADDED: "ajouté",
    PartChange.REMOVED: "supprimé",
    PartChange.CHANGED: "modifié",
}


def router(product: Product) -> APIRouter:
    """What lies under the lists of charters, signatures and undertakings."""
    routes = pages()

    @routes.api_route(f"{CHARTERS}/{{charter}}", methods=READ)
    def text(request: Request, charter: str) -> Response:
        """Show a text, with anchors to its articles and undertakings."""
        moment, asked = ask(product, request)
        sheet = product.charter(charter, moment)
        # Items of one list stand in one list.
        articles = [
            (article, [list(group) for _, group in groupby(article.paragraphs, lambda p: p.item)])
            for article in sheet.text.articles
        ]
        here = f"{CHARTERS}/{sheet.id}"
        same = {"charter_kind": sheet.charter_kind, "charter": sheet.version}
        return show(
            request,
            "charter/text.html",
            asked,
            here=here,
            sheet=sheet,
            articles=articles,
            signatures=product.listed(SIGNATURE_LIST, moment, pole=sheet.pole_code, **same),
        )

    @routes.api_route(f"{CHARTERS}/{{charter}}/differences", methods=READ)
    def differences(request: Request, charter: str) -> Response:
        """Show what a text changes of the version before it, or of another that is asked for."""
        moment, asked = ask(product, request)
        sheet = product.charter(charter, moment)
        before = request.query_params.get("avant") or (str(sheet.before.id) if sheet.before else "")
        found = product.charter_comparison(before, charter, moment) if before else None
        return show(
            request,
            "charter/differences.html",
            asked,
            here=f"{CHARTERS}/{sheet.id}/differences",
            kept={"avant": before},
            sheet=sheet,
            found=found,
            CHANGES=CHANGES,
            Fate=Fate,
        )

    @routes.api_route("/signatures/{signature}", methods=READ)
    def receipt(request: Request, signature: UUID) -> Response:
        """Show the receipt of a signature."""
        moment, asked = ask(product, request)
        found = product.receipt(signature, moment)
        return show(
            request,
            "charter/receipt.html",
            asked,
            here=f"/signatures/{signature}",
            receipt=found,
            signer=signer_in_words(found),
            capacities=capacities_in_words(found),
            ending=ending_in_words(found),
        )

    @routes.api_route("/engagements-pris/{undertaking}", methods=READ)
    def undertaking(request: Request, undertaking: UUID) -> Response:
        """Show an undertaking, and what was reported and found of it."""
        moment, asked = ask(product, request)
        return show(
            request,
            "charter/undertaking.html",
            asked,
            here=f"/engagements-pris/{undertaking}",
            found=product.undertaking(undertaking, moment),
        )

    return routes
