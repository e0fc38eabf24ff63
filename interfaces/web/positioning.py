"""The page on which a round is answered, indicator by indicator; « non observé » is an answer."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from application.command import By
from application.document_list import DOCUMENTS
from application.positioning import FillRound, PositionLine, Profile
from application.sentences import malformed
from domain.errors import Damaged, JalonError, Unavailable
from interfaces.web.page import READ, Asked, pages, show
from interfaces.web.recorded import JustRecorded, carry
from interfaces.web.visitor import signed_in
from interfaces.wiring import Product

FORM = "evaluation.positions"
"""Under which name what somebody has begun to answer is kept."""

UNOBSERVED = "non-observe"
FIELDS = ("niveau", "mot", "piece")
"""What is said of an indicator: its level, or that it was not observed; a word; a piece."""

PIECES = 100
"""Documents among which the one that supports an answer is chosen."""


@dataclass(frozen=True, slots=True)
class PositionAnswer:
    """What is said of one indicator, as it stands in the form."""

    item: PositionLine
    level: str
    words: str
    piece: str
    fault: str = ""


class RoundAnswers:
    """A round as somebody answers it."""

    def __init__(self, product: Product, by: By, name: str) -> None:
        self.product, self.by = product, by
        self.moment = product.moment()
        FillRound.admit(by.role)
        self.profile: Profile = product.profile(name, self.moment, by)
        self.round = self.profile.round
        self.typed: Mapping[str, str] = {}
        self.kept_at: datetime | None = None
        self.refusal = ""
        self.faults: dict[str, str] = {}

    def take_up(self) -> None:
        """Go on from what was kept."""
        kept = self.product.desk.drafts.find(self.by.actor, FORM, str(self.round.id))
        if kept:
            self.typed, self.kept_at = json.loads(kept.content), kept.saved_at

    def keep(self) -> None:
        content = json.dumps(dict(self.typed))
        about = str(self.round.id)
        self.kept_at = self.product.desk.drafts.keep(self.by.actor, FORM, about, content)

    def drop(self) -> None:
        self.product.desk.drafts.drop(self.by.actor, FORM, str(self.round.id))

    def answer(self, item: PositionLine) -> PositionAnswer:
        """What stands in the form of an indicator: what was typed, else what is on record."""
        level, words, piece = self.on_record(item)
        level, words, piece = (
            self.typed.get(f"{name}.{item.code}", known)
            for name, known in zip(FIELDS, (level, words, piece), strict=True)
        )
        return PositionAnswer(item, level, words, piece, self.faults.get(item.code, ""))

    @staticmethod
    def on_record(item: PositionLine) -> tuple[str, str, str]:
        level = "" if item.level is None else str(item.level)
        words = item.unobserved or item.comment or ""
        piece = str(item.evidence[0]) if item.evidence else ""
        return (UNOBSERVED if item.unobserved else level), words, piece

    def given(self) -> list[dict[str, Any]]:
        """The answers that are other than those on record; what is wrong is kept as a fault."""
        found = []
        for item in self.profile.items:
            answer = self.answer(item)
            if (answer.level, answer.words, answer.piece) == self.on_record(item):
                continue
            if not answer.level:
                self.faults[item.code] = "Choisissez un niveau, ou « non observé »."
            elif answer.level == UNOBSERVED and not answer.words.strip():
                self.faults[item.code] = "Dites en un mot pourquoi rien n'a été observé."
            else:
                found.append(_given(answer))
        return found


def _given(answer: PositionAnswer) -> dict[str, Any]:
    words = answer.words.strip().replace("\r\n", "\n") or None
    evidence = [answer.piece] if answer.piece else []
    said: dict[str, Any] = {"item": answer.item.code, "evidence": evidence}
    if answer.level == UNOBSERVED:
        return {**said, "unobserved": words}
    return {**said, "level": answer.level, "comment": words}


def router(product: Product) -> APIRouter:
    """`/evaluations/…/positions`."""
    routes = pages()

    @routes.api_route("/evaluations/{name}/positions", methods=READ)
    def positions(request: Request, name: str) -> Response:
        """Show every indicator with its words, its source, and what is said of it so far."""
        answers = RoundAnswers(product, signed_in(request).session.by, name)
        answers.take_up()
        return _show(request, answers)

    @routes.post("/evaluations/{name}/positions")
    async def answer(request: Request, name: str) -> Response:
        """Keep the answers as a draft, or record those that are new."""
        sent = await request.form()
        typed = {
            key: text
            for key, text in sent.multi_items()
            if isinstance(text, str) and key.partition(".")[0] in FIELDS
        }
        return await run_in_threadpool(
            _answered, product, request, name, typed, str(sent.get("_do", ""))
        )

    return routes


def _answered(
    product: Product, request: Request, name: str, typed: Mapping[str, str], asked: str
) -> Response:
    answers = RoundAnswers(product, signed_in(request).session.by, name)
    answers.typed = typed
    if asked == "drop":
        answers.drop()
        return RedirectResponse(f"/evaluations/{quote(name)}/positions", 303)
    try:
        answers.keep()
        given = answers.given() if asked == "record" else []
        if asked != "record" or answers.faults:
            return _show(request, answers)
        command = FillRound.model_validate({"evaluation": answers.round.id, "positions": given})
        product.do(command, answers.by)
    except (Unavailable, Damaged):
        raise
    except ValidationError as error:
        answers.refusal = str(malformed([dict(fault) for fault in error.errors()]))
        return _show(request, answers)
    except JalonError as refusal:
        answers.refusal = str(refusal)
        return _show(request, answers)
    answers.drop()
    response = RedirectResponse(f"/evaluations/{answers.round.code}#profil", 303)
    said = f"{len(given)} positions données" if len(given) > 1 else "Une position donnée"
    carry(request, response, JustRecorded((said,)))
    return response


def _show(request: Request, answers: RoundAnswers) -> Response:
    lines = answers.product.listed(DOCUMENTS, answers.moment, pole=str(answers.round.pole_code))
    return show(
        request,
        "evaluation/positions.html",
        Asked(fields={}),
        422 if answers.refusal or answers.faults else 200,
        here=f"/evaluations/{answers.round.code}/positions",
        answers=answers,
        profile=answers.profile,
        line=answers.round,
        pieces=[(str(one.id), one.title) for one in lines[:PIECES]],
        UNOBSERVED=UNOBSERVED,
    )
