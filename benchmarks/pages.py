"""Server time of the pages people work in, against an empty page of the same server.

Asked in turn over one connection, by a coordinator who is signed in, of a server in a process of
its own: 300 poles in 200,000 events, then 10,000 poles in 1,000,000. `--pages /a,/b` asks others.
"""

import argparse
import json
import socket
import statistics
import subprocess
import sys
import time
from contextlib import closing
from urllib.parse import quote
from uuid import uuid4

import httpx2
import uvicorn
from fastapi import Request, Response

from application.account import GrantRole, OpenAccount
from application.call_list import CALLS
from benchmarks.large import settings
from domain.mandate import EVERYWHERE
from domain.provenance import AccountId
from domain.roles import Role
from interfaces.server import create_app
from interfaces.web.page import ask, pages, show
from interfaces.wiring import Caller, Product

SIZES = ((200_000, 300), (1_000_000, 10_000))
ROUNDS = 15
MOST = 5.0
EMPTY = "/vide"


def serve(events: int, poles: int, port: int) -> None:
    """The server that is measured, with an empty page beside its own."""
    with closing(Product(settings(events, poles))) as product:
        app = create_app(product)
        routes = pages()

        @routes.get(EMPTY)
        def empty(request: Request) -> Response:
            return show(request, "layout.html", ask(product, request)[1], here=EMPTY)

        app.include_router(routes)
        uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")


def coordinator(product: Product) -> str:
    """The secret of a session of somebody who coordinates everywhere."""
    by = product.operator(Role.ADMINISTRATOR)
    said = {"name": "Qui mesure", "address": f"{uuid4().hex}@exemple.fr"}
    account = AccountId(product.do(OpenAccount.model_validate(said), by).answer)
    product.do(GrantRole(account=account, for_role=Role.COORDINATOR, relation=EVERYWHERE), by)
    return product.desk.enter(account, "password", Caller())


def addresses(product: Product) -> dict[str, str]:
    """The ten main pages, those about one thing being about the one with the longest history."""
    longest = product.journal.query(
        "SELECT stream FROM event WHERE topic LIKE 'pole.%' "
        "GROUP BY stream ORDER BY count(*) DESC, stream LIMIT 1"
    )[0][0]
    call = product.listed(CALLS, product.moment())[0].id
    region = quote(product.register.regions(product.moment())[0])
    return {
        "register": "/poles",
        "register of a region": f"/poles?region={region}",
        "pole": f"/poles/{longest}",
        "history of a pole": f"/poles/{longest}/histoire",
        "portfolio": "/portefeuille",
        "what is to be done": "/a-faire?vue=moi",
        "what stands": "/en-attente",
        "call": f"/appels/{call}",
        "commitments": "/engagements-financiers",
        "cross-table": "/rapports/tableau-croise",
    }


def measure(events: int, poles: int, asked: dict[str, str], rounds: int) -> None:
    """Print the milliseconds of each page, and how many times those of the empty one."""
    with closing(Product(settings(events, poles))) as product:
        secret, known = coordinator(product), asked or addresses(product)
        found = product.register.lines(product.moment())
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    child = [sys.executable, "-m", "benchmarks.pages", "--serve", f"{events},{poles},{port}"]
    with subprocess.Popen(child) as server:
        try:
            base = f"http://127.0.0.1:{port}"
            with httpx2.Client(base_url=base, timeout=120) as http:
                _wait(http)
                http.cookies.set("jalon-session", secret)
                taken = _asked(http, {"empty": EMPTY, **known}, rounds)
        finally:
            server.terminate()
    ratios = {
        name: round(statistics.median(a / b for a, b in zip(times, taken["empty"], strict=True)), 2)
        for name, times in taken.items()
        if name != "empty"
    }
    told = {
        "measure": f"server time of pages, {len(found)} poles, {events} events, median of {rounds}",
        "milliseconds": {n: round(statistics.median(t) * 1000, 1) for n, t in taken.items()},
        "times_the_empty_page": ratios,
        "must_be_at_most": MOST,
        "worst": max(ratios.values()),
    }
    print(json.dumps(told, ensure_ascii=False), flush=True)


def _wait(http: httpx2.Client) -> None:
    """Until the server answers."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            http.get("/healthz")
        except httpx2.ConnectError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError


def _asked(http: httpx2.Client, known: dict[str, str], rounds: int) -> dict[str, list[float]]:
    """Seconds of each page, in turn; the first round warms up, and its times are told apart."""
    taken: dict[str, list[float]] = {name: [] for name in known}
    for turn in range(rounds + 1):
        for name, path in known.items():
            start = time.perf_counter()
            answer = http.get(path)
            seconds = time.perf_counter() - start
            answer.raise_for_status()
            if turn:
                taken[name].append(seconds)
            else:
                print(json.dumps({"page": name, "first": round(seconds * 1000, 1)}), flush=True)
    return taken


def main() -> None:
    given = argparse.ArgumentParser()
    given.add_argument("--serve", help=argparse.SUPPRESS)
    given.add_argument("--pages", default="", help="addresses, with commas")
    given.add_argument("--rounds", type=int, default=ROUNDS)
    given.add_argument("--size", type=int, choices=range(len(SIZES)), help="one size only")
    said = given.parse_args()
    if said.serve:
        serve(*map(int, said.serve.split(",")))
        return
    asked = {path: path for path in said.pages.split(",") if path}
    for events, poles in SIZES if said.size is None else [SIZES[said.size]]:
        measure(events, poles, asked, said.rounds)


if __name__ == "__main__":
    main()
