"""The kinds of jobs, declared once: who asks for each, with what, and what is done.

One more kind is one more line of `KINDS`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field

from application.audit_answer import WHOLE_LOG
from application.backtest_in_words import backtest_sheet, in_words
from application.command import By
from application.job import JobResult, Progress, UnknownJobKind
from application.offices import PUBLISHERS
from application.wording import capital, thousands
from domain.dates import paris_day
from domain.errors import Damaged, Invalid
from domain.roles import Role
from domain.values import Frozen
from interfaces.definitions import parse_journey
from interfaces.wiring import Product


@dataclass(frozen=True, slots=True)
class AtWork:
    """What a job is done with.

    Args:
        given: the file that came with the request.
        folder: where its own files go.
        tell: says how far it has come.
    """

    by: By
    inputs: Any
    given: bytes | None
    folder: Path
    tell: Progress


def anybody(product: Product, by: By, inputs: Any) -> None:
    """Whoever holds one of the roles may ask."""


@dataclass(frozen=True, slots=True)
class JobKind:
    """A kind of long work.

    Args:
        title: what it is called, in words.
        by: in which roles it is asked for.
        inputs: what it is asked with.
        about: the same in a few words.
        run: does it.
        admit: refuses at once what would be refused later.
        wants_file: whether a file comes with the request.
        personal: whether what goes in, or comes out, may be about a person: it is then deleted
            when any person is forgotten.
    """

    name: str
    title: str
    by: frozenset[Role]
    inputs: type[Frozen]
    about: Callable[[Any], str]
    run: Callable[[Product, AtWork], JobResult]
    admit: Callable[[Product, By, Any], None] = anybody
    wants_file: bool = False
    personal: bool = False


# --- bundles of proof ---------------------------------------------------------------------------


class BundleAsked(Frozen):
    """Of which bundle: the log or one pole, at the last size signed by a moment."""

    pole: str = Field("", max_length=200, title="Un pôle seulement (son code ou son nom)")
    until: str = Field("", max_length=40, title="Jusqu'à (une date, ou @1500 : une taille)")


def _of_bundle(asked: BundleAsked) -> str:
    scope = f"le pôle « {asked.pole} »" if asked.pole else "tout le journal"
    return f"{scope}, jusqu'à {asked.until}" if asked.until else scope


def _admit_bundle(product: Product, by: By, asked: BundleAsked) -> None:
    if asked.pole:
        product.find(asked.pole)
    else:
        WHOLE_LOG.admit(product.registry, by, None, paris_day(product.clock()))
    if asked.until:
        product.moment(known=asked.until)


def _bundle(product: Product, work: AtWork) -> JobResult:
    asked: BundleAsked = work.inputs
    work.tell(0, 0, "préparation")
    name = "dossier.zip"
    made = product.export_bundle(
        work.folder / name,
        work.by,
        pole=asked.pole or None,
        until=asked.until or None,
        tell=lambda done, total: work.tell(done, total, "écriture des pièces"),
    )
    note = product.log.note(made.checkpoint.size)
    seen = "oui" if note and product.log.is_enough(note) else "pas encore"
    return JobResult(
        says=(
            ("Portée", _of_bundle(asked)),
            ("Événements montrés", thousands(made.events)),
            ("Taille du journal", thousands(made.checkpoint.size)),
            ("Racine", made.checkpoint.root.hex()),
            ("Témoins que demande la politique", seen),
        ),
        file=name,
        media="application/zip",
    )


# --- verification -------------------------------------------------------------------------------


class VerificationAsked(Frozen):
    """Of which verification: there is one."""


def _verification(product: Product, work: AtWork) -> JobResult:
    try:
        verified = product.verify(
            tell=lambda done, total: work.tell(done, total, "feuilles recalculées")
        )
    except Damaged as damaged:
        return JobResult(says=(("Ce qui ne tient pas", str(damaged)),), holds=False)
    work.tell(verified.size, verified.size, "relecture des valeurs scellées")
    sealed = product.check_sealed()
    faults = [str(fault) for fault in sealed.faults] + ([sealed.keys] if sealed.keys else [])
    return JobResult(
        says=(
            ("Événements vérifiés", thousands(verified.size)),
            ("Racine", verified.root.hex()),
            ("Valeurs personnelles relues", thousands(sealed.there)),
            ("Valeurs personnelles effacées", thousands(sealed.erased)),
            *(("Ce qui ne tient pas", fault) for fault in faults[:FAULTS]),
        ),
        holds=not faults,
    )


# --- a draft of rules put to history ------------------------------------------------------------


class BacktestAsked(Frozen):
    """Of which draft, and from which day on; the draft itself is the file that comes along."""

    draft: str
    since: str = ""


def _backtest(product: Product, work: AtWork) -> JobResult:
    asked: BacktestAsked = work.inputs
    if work.given is None:
        raise DraftNotGiven
    journey = parse_journey(asked.draft, work.given)
    found = product.backtest_draft(
        journey,
        since=asked.since or None,
        progress=lambda done, total: work.tell(done, total, "cas rejoués"),
    )
    followed = {ref: product.published(ref) for ref in {case.journey for case in found.items}}
    lines = in_words(found, journey, followed)
    (work.folder / REPORT).write_text("".join(f"{line}\n" for line in lines), "utf-8")
    sheet = backtest_sheet(found, journey, followed, most=0)
    return JobResult(
        says=(
            ("Brouillon", found.draft),
            ("Journal lu jusqu'à l'événement", thousands(found.size)),
            ("Cas rejoués", thousands(found.cases)),
            ("Passages", thousands(found.counts.steps)),
            *((capital(said), thousands(number)) for number, said in sheet.counts),
            ("Cas pour lesquels rien n'aurait changé", thousands(sheet.untouched)),
        ),
        file=REPORT,
        media="text/plain; charset=utf-8",
    )


REPORT = "rapport.txt"


class DraftNotGiven(Invalid):
    """A draft is in no register: asked for again, it is to be given again."""

    code = "job.draft_not_given"
    fr = "Le brouillon à rejouer n'est pas venu avec la demande : rouvrez-le, et redemandez."
    en = "The draft did not come with the request: open it again, and ask again."


FAULTS = 20
"""Faults that are told one by one."""

OF_POLES = (Role.POLE_REPRESENTATIVE, Role.FUNDER, Role.COORDINATOR, Role.REGIONAL_COORDINATOR)

KINDS: Mapping[str, JobKind] = {
    kind.name: kind
    for kind in (
        JobKind(
            "dossier-de-preuve",
            "Dossier de preuve",
            frozenset({Role.AUDITOR, Role.REGISTRAR, *OF_POLES}),
            BundleAsked,
            _of_bundle,
            _bundle,
            _admit_bundle,
        ),
        JobKind(
            "verification",
            "Vérification du journal",
            frozenset({Role.AUDITOR, Role.REGISTRAR, Role.ADMINISTRATOR}),
            VerificationAsked,
            lambda _: "tout le journal, et les valeurs scellées",
            _verification,
        ),
        JobKind(
            "essai-de-regles",
            "Essai d'un brouillon de règles",
            frozenset(PUBLISHERS),
            BacktestAsked,
            lambda asked: (
                f"le brouillon « {asked.draft} »"
                + (f", depuis le {asked.since}" if asked.since else "")
            ),
            _backtest,
            wants_file=True,
        ),
    )
}
"""Every kind of job, by its name."""


def kind_of(name: str) -> JobKind:
    """A kind of job; refused where there is none."""
    found = KINDS.get(name)
    if found is None:
        raise UnknownJobKind(kind=name[:40])
    return found
