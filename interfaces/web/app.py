"""The pages of the product, for people, and the files they need."""

from collections.abc import MutableMapping
from typing import Any

from fastapi import FastAPI
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from typing_extensions import override

from interfaces.web import (
    about,
    act,
    administration,
    audit,
    board,
    bulk,
    burn_down,
    call,
    call_calendar,
    campaign,
    changed,
    charter,
    claim,
    cohort,
    commitment,
    committee,
    contribution,
    cross_table,
    document,
    dossier,
    evaluation,
    following,
    funder,
    home,
    importing,
    inbox,
    job,
    journey,
    journey_draft,
    ledger,
    listing,
    member_count,
    month_report,
    my_account,
    openid,
    passkey,
    people,
    place,
    pole,
    pole_evidence,
    pole_map,
    pole_replay,
    pole_timeline,
    positioning,
    privacy_request,
    processing,
    radar,
    raw_event,
    register_changes,
    represented,
    sign_in,
    verification,
    ways_in,
)
from interfaces.web.compression import Compression
from interfaces.web.page import STATIC, error_page
from interfaces.wiring import Product

__all__ = ["error_page", "mount"]


class Assets(StaticFiles):
    """Vendored files and our own; their address changes when they do."""

    @override
    async def get_response(self, path: str, scope: MutableMapping[str, Any]) -> Response:
        response = await super().get_response(path, scope)
        response.headers["X-Content-Type-Options"] = "nosniff"
        if b"v=" in scope["query_string"]:
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def mount(app: FastAPI, product: Product) -> None:
    """Add the pages and their static files to an application."""
    app.add_middleware(Compression)
    app.state.product = product
    app.include_router(home.router(product))
    app.include_router(about.router(product))
    app.include_router(sign_in.router(product))
    app.include_router(openid.router(product))
    app.include_router(passkey.router(product))
    app.include_router(my_account.router(product))
    app.include_router(ways_in.router(product))
    app.include_router(people.router(product))
    app.include_router(act.router(product))
    app.include_router(represented.router(product))
    app.include_router(pole.router(product))
    app.include_router(pole_map.router(product))
    app.include_router(pole_timeline.router(product))
    app.include_router(pole_replay.router(product))
    app.include_router(pole_evidence.router(product))
    app.include_router(radar.router(product))
    app.include_router(raw_event.router(product))
    app.include_router(member_count.router(product))
    app.include_router(bulk.router(product))
    app.include_router(burn_down.router(product))
    app.include_router(changed.router(product))
    app.include_router(charter.router(product))
    app.include_router(claim.router(product))
    app.include_router(journey_draft.router(product))
    app.include_router(journey.router(product))
    app.include_router(board.router(product))
    app.include_router(cohort.router(product))
    app.include_router(administration.router(product))
    app.include_router(importing.router(product))
    app.include_router(inbox.router(product))
    app.include_router(positioning.router(product))
    app.include_router(evaluation.router(product))
    app.include_router(call_calendar.router(product))  # before the calls, by their codes
    app.include_router(call.router(product))
    app.include_router(committee.router(product))
    app.include_router(contribution.router(product))
    app.include_router(ledger.router(product))
    app.include_router(funder.router(product))
    app.include_router(cross_table.router(product))
    app.include_router(month_report.router(product))
    app.include_router(register_changes.router(product))
    app.include_router(listing.router(product))
    app.include_router(campaign.router(product))  # after the lists about campaigns
    app.include_router(place.router(product))
    app.include_router(following.router(product))
    app.include_router(processing.router(product))
    app.include_router(privacy_request.router(product))
    app.include_router(verification.router(product))
    app.include_router(audit.router(product))
    app.include_router(job.router(product))
    app.include_router(document.router(product))
    app.include_router(dossier.router(product))
    app.include_router(commitment.router(product))
    app.mount("/static", Assets(directory=STATIC), name="static")
