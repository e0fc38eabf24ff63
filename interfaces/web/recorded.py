"""What was just recorded, said once on the page that comes after."""

import base64
import json
from dataclasses import dataclass

from fastapi import Request, Response

from interfaces.web.visitor import cookie, drop_cookie, product_of, set_cookie

RECORDED = "jalon-recorded"
TOLD = 8
"""As many of the events that an act recorded as are told one by one."""
LONGEST = 2400
"""Bytes of what a browser carries from one page to the next; it takes 4096 in all."""


@dataclass(frozen=True, slots=True)
class JustRecorded:
    """What an act recorded, in sentences, and what is to be looked at again in it."""

    said: tuple[str, ...]
    doubts: tuple[str, ...] = ()
    again: bool = False
    """Whether it was recorded before, under the same key: nothing more was."""


def carry(request: Request, response: Response, told: JustRecorded) -> None:
    """Let the next page of this browser say what was recorded."""
    said = list(told.said[:TOLD])
    while True:
        more = len(told.said) - len(said)
        rest = [f"… et {more} de plus."] if more else []
        text = json.dumps([[*said, *rest], told.doubts, told.again])
        if len(text) <= LONGEST or not said:
            break
        said.pop()
    value = base64.urlsafe_b64encode(text.encode()).decode()
    set_cookie(response, product_of(request), RECORDED, value)


def carried(request: Request) -> JustRecorded | None:
    """What the page before recorded; nothing, where that is no sentence of ours."""
    value = request.cookies.get(cookie(product_of(request), RECORDED))
    if not value:
        return None
    try:
        said, doubts, again = json.loads(base64.urlsafe_b64decode(value))
        return JustRecorded(tuple(map(str, said)), tuple(map(str, doubts)), bool(again))
    except (ValueError, TypeError):  # a browser may send anything
        return None


def said_once(request: Request, response: Response) -> None:
    """Once it was said, it is not said again."""
    if cookie(product_of(request), RECORDED) in request.cookies:
        drop_cookie(response, product_of(request), RECORDED)
