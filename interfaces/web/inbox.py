"""The pages of what waits: for whom, since when, for what; and of what stays where it is."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from application.awaited import NOTICE
from application.inbox import Holder, InboxLine, StandingLine, check_kind, kinds
from application.narrowing import NOWHERE
from application.stall import LONG, LONGEST
from application.wording import ROLES, STAGES
from domain.roles import Role
from domain.spelling import plain
from domain.territory import parts
from interfaces.web.extract import form_wanted, taken
from interfaces.web.filters import CountedOnce, Text, facets, regions
from interfaces.web.page import READ, Asked, ask, pages, show
from interfaces.web.visitor import SignInWanted, visitor
from interfaces.web.waiting_extract import STALLED, WAITING, said_of, stall_of, waits_of
from interfaces.wiring import Product

INBOX = "/a-faire"
STALLS = "/en-attente"
ON_A_PAGE = 50
"""Cases. More would be slow to read, and to send to a telephone."""

NOBODY = {Role.PUBLIC, Role.SYSTEM}
"""Roles in which nobody reads a list of what is to be done."""

Number = Annotated[int, Query(ge=1, le=100_000)]

L = TypeVar("L", bound=StandingLine)


ALL, MINE, REGION, NOBODY_FOLLOWS, OTHERS = "tout", "moi", "region", "personne", "autres"
VIEWS: Mapping[str, str] = {
    MINE: "Pour moi",
    REGION: "Ma région",
    NOBODY_FOLLOWS: "À personne",
    OTHERS: "En attente d'autres",
    ALL: "Tout",
}
"""What of all that waits is shown, by its name in the address."""
OF_SOMEBODY = frozenset({MINE, REGION, OTHERS})
"""Those that are somebody's: of whoever is signed in."""


@dataclass(frozen=True, slots=True)
class PageOfList(Generic[L]):
    """The part of a list that one page shows."""

    lines: Sequence[L]
    page: int
    pages: int


def part(lines: Sequence[L], page: int) -> PageOfList[L]:
    """A page of a list; the last one, beyond it."""
    count = max(1, -(-len(lines) // ON_A_PAGE))
    page = min(page, count)
    return PageOfList(lines[(page - 1) * ON_A_PAGE : page * ON_A_PAGE], page, count)


def my_regions(acting: Holder) -> tuple[str, ...]:
    """The regions that somebody holds their role about."""
    relations = (held.relation.partition(":") for held in acting.held)
    return tuple(name for kind, _, name in relations if kind == "region")


def _regions_of(line: StandingLine) -> set[str]:
    return {plain(name) for name in parts(line.region)}


def _views(
    asked: Asked, kept: Mapping[str, str], mine: Sequence[str], *, is_signed_in: bool
) -> list[tuple[str, str, str]]:
    """The views there are for who asks: each with its words and its address."""
    shown = {
        name: title for name, title in VIEWS.items() if is_signed_in or name not in OF_SOMEBODY
    }
    if not mine:
        shown.pop(REGION, None)
    others = {**kept, "role": "", "person": "", "motif": ""}
    return [(name, title, asked.url(INBOX, others, vue=name)) for name, title in shown.items()]


def _of_region(lines: Sequence[L], region: str) -> Sequence[L]:
    wanted = None if region == NOWHERE else region
    if not region:
        return lines
    return [line for line in lines if wanted in (parts(line.region) or [None])]


def _motives(lines: Iterable[InboxLine]) -> list[tuple[str, str, int]]:
    """What the cases wait for, the most frequent first."""
    titles = {wait.key: wait for line in lines for wait in line.waits}
    counts = Counter(key for line in lines for key in {wait.key for wait in line.waits})
    words = {
        "deadline": "{} : échéance",
        "worklist": "{} (liste)",
        "step": "{} : possible",
        "clauses": "{} : conditions à lever",
        "act": "{}",
    }
    return [
        (key, words[titles[key].kind].format(titles[key].title), number)
        for key, number in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]


def _kinds(lines: Iterable[InboxLine]) -> list[tuple[str, str, int]]:
    """The kinds of things that wait, the most frequent first."""
    counts = Counter(line.concept for line in lines)
    return [(kind, kinds()[kind], number) for kind, number in counts.most_common()]


def read_at(asked: Asked, line: StandingLine) -> str:
    """The address at which a line is read, about the same moment."""
    address = urlsplit(line.page)
    url = asked.url(address.path, dict(parse_qsl(address.query)))
    return f"{url}#{address.fragment}" if address.fragment else url


def router(product: Product) -> APIRouter:
    """`/a-faire` and `/en-attente`."""
    routes = pages()
    motives_of, kinds_of, regions_of = (
        CountedOnce(_motives),
        CountedOnce(_kinds),
        CountedOnce(regions),
    )

    @routes.api_route(INBOX, methods=READ)
    def inbox(
        request: Request,
        role: Role | None = None,
        person: UUID | None = None,
        region: Text = "",
        kind: Text = "",
        motif: Text = "",
        vue: Text = "",
        page: Number = 1,
    ) -> Response:
        """Show what waits for who is signed in, for a role, or for anybody, longest first."""
        moment, asked = ask(product, request)
        check_kind(kind or None)
        by = visitor(request).by
        view = vue if vue in VIEWS else MINE if by and not role and not person else ALL
        if view in OF_SOMEBODY and by is None:
            raise SignInWanted(roles="")
        acting = product.acting(by) if by else None
        mine = my_regions(acting) if acting else ()
        if view == MINE:
            everything = product.inbox(moment, holder=acting)
        elif by and view == OTHERS:
            everything = product.inbox_of_others(by, moment)
        else:
            everything = product.inbox(moment, role=role, person=person)
        if view == REGION:
            wanted = {plain(name) for name in mine}
            everything = [line for line in everything if wanted & _regions_of(line)]
        elif view == NOBODY_FOLLOWS:
            followed = product.followed_poles(moment)
            everything = [line for line in everything if line.pole and line.pole not in followed]
        there = _of_region(everything, region)
        here = [line for line in there if line.concept == kind] if kind else there
        lines = [one for one in here if motif in {w.key for w in one.waits}] if motif else here
        kept = {"role": role or "", "region": region, "kind": kind, "motif": motif}
        kept["person"] = str(person or "")
        kept["vue"] = view if by or view != ALL else ""
        motives = motives_of(here)
        motif_title = next((title for key, title, _ in motives if key == motif), motif)
        if form := form_wanted(request):
            chosen = {
                "Qui est attendu": ROLES[role] if role else "",
                "Pour qui": f"le compte {person}" if person else "",
                "De quoi il s'agit": kinds().get(kind, ""),
                "Région": region,
                "Pour quoi": motif_title,
            }
            return taken(
                request,
                product,
                moment,
                form,
                title="Ce qui attend",
                lines=(WAITING, [row for line in lines for row in waits_of(line, motif)]),
                path=INBOX,
                kept=kept,
                chosen=said_of(chosen),
            )
        return show(
            request,
            "inbox/inbox.html",
            asked,
            here=INBOX,
            part=part(lines, page),
            number=len(lines),
            total=len(everything),
            role=role,
            person=person,
            view=view,
            views=_views(asked, kept, mine, is_signed_in=by is not None),
            my_regions=mine,
            held=product.held(person, moment, role=role) if person else [],
            roles={name: words for name, words in ROLES.items() if name not in NOBODY},
            region=region,
            kind=kind,
            motif=motif,
            read_at=read_at,
            notice=NOTICE,
            all_kinds=kinds(),
            motif_title=motif_title,
            kept=kept,
            kinds=facets("kind", kinds_of(there), kind, asked, INBOX, {**kept, "motif": ""}),
            motives=facets("motif", motives, motif, asked, INBOX, kept),
            regions=facets("region", regions_of(everything), region, asked, INBOX, kept),
        )

    @routes.api_route(STALLS, methods=READ)
    def stalls(
        request: Request,
        days: Annotated[int, Query(ge=0, le=LONGEST)] = LONG,
        stage: Text = "",
        region: Text = "",
        page: Number = 1,
    ) -> Response:
        """Show what has stood for long in its stage, longest first."""
        moment, asked = ask(product, request)
        everything = product.stalls(moment, days=days, stage=stage)
        lines = _of_region(everything, region)
        shown = part(lines, page)
        kept = {"days": str(days) if days != LONG else "", "stage": stage, "region": region}
        if form := form_wanted(request):
            chosen = {
                "Depuis plus de (jours)": str(days),
                "Étape": STAGES.get(stage, stage),
                "Région": region,
            }
            return taken(
                request,
                product,
                moment,
                form,
                title="Restés longtemps à la même étape",
                lines=(STALLED, [stall_of(line) for line in lines]),
                path=STALLS,
                kept=kept,
                chosen=said_of(chosen),
            )
        return show(
            request,
            "inbox/stalls.html",
            asked,
            here=STALLS,
            part=shown,
            followers=product.followers((line.pole for line in shown.lines), moment),
            number=len(lines),
            total=len(everything),
            days=days,
            longest=LONGEST,
            stage=stage,
            read_at=read_at,
            stages={name: title for name, title in STAGES.items() if name != "ended"},
            region=region,
            kept=kept,
            regions=facets("region", regions_of(everything), region, asked, STALLS, kept),
        )

    return routes
