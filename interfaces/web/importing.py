"""The pages by which files are loaded: what would be recorded first, then recorded."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from application.call_file import ImportCall
from application.claim import RecordClaim
from application.command import By, Command
from application.history import LARGEST_FILE, ImportPole, ImportReport
from application.payment import ImportPayments, PaymentReport
from domain.errors import Invalid, JalonError, NotFound
from domain.money import euros
from interfaces.acts import may_give
from interfaces.web.page import READ, Asked, pages, show
from interfaces.web.sent_files import KeptFiles, SentFile, SentFiles, files_of
from interfaces.web.visitor import signed_in
from interfaces.wiring import Product

IMPORTS = "/administration/imports"
FAULTS_SHOWN = 200
"""Lines at fault that a page tells; the others are counted."""


class NoFileChosen(Invalid):
    """Nothing came with the form, and nothing was kept."""

    code = "import.no_file_chosen"
    fr = "Choisissez d'abord un fichier."
    en = "Choose a file first."


class FileTooLarge(Invalid):
    """A file to load is read whole."""

    code = "import.too_large"
    fr = f"Ce fichier fait plus de {LARGEST_FILE // 1_000_000} Mo : partagez-le en plusieurs."
    en = f"This file is larger than {LARGEST_FILE // 1_000_000} MB: split it."


class UnknownImport(NotFound):
    """An address names nothing that is loaded from a file."""

    code = "import.unknown"
    fr = "Rien ne se charge sous le nom « {name} »."
    en = "Nothing is loaded under the name “{name}”."


@dataclass(frozen=True, slots=True)
class LoadedFile:
    """What became of a file, or would become of it, as a page says it."""

    rows: int
    recorded: str
    unchanged: int
    faults: tuple[tuple[int, str], ...]
    applied: bool
    ignored: tuple[str, ...] = ()
    all_or_nothing: bool = False

    @property
    def may_apply(self) -> bool:
        """Whether something of it would be recorded."""
        return not self.applied and not (self.all_or_nothing and self.faults)


Loading = Callable[[Product, SentFile, By, str, bool], LoadedFile]


@dataclass(frozen=True, slots=True)
class Import:
    """Something that is loaded from a file.

    Args:
        command: what each of its lines records: whoever may give that may load the file.
        after: where what was loaded is seen, in words and by its address.
    """

    title: str
    about: str
    columns: str
    accept: str
    command: type[Command]
    load: Loading
    after: tuple[str, str]
    asks_payer: bool = False


def _lines(found: ImportReport) -> LoadedFile:
    events = f"{found.recorded} ({found.events} événements)"
    return LoadedFile(found.rows, events, found.unchanged, found.faults, found.applied)


def _payments(found: PaymentReport) -> LoadedFile:
    recorded = f"{found.recorded} ({euros(found.recorded_cents)})"
    faults, ignored = found.faults, found.ignored
    return LoadedFile(
        found.rows, recorded, found.unchanged, faults, found.applied, ignored, all_or_nothing=True
    )


IMPORTED: Mapping[str, Import] = {
    "poles": Import(
        "Des pôles",
        "Une ligne, un pôle, avec ses reconnaissances datées et ses sources.",
        "CSV en UTF-8 : name, territory, department, region, year, recognitions, confidence, "
        "sector, note, source.",
        ".csv",
        ImportPole,
        lambda product, file, by, _, apply: _lines(
            product.import_poles(file.data, by, apply=apply)
        ),
        ("Voir le registre", "/poles"),
    ),
    "chronologie": Import(
        "Des faits nationaux datés",
        "Une ligne, une déclaration de son auteur, avec sa date et sa source.",
        "CSV en UTF-8 : date, precision, event, actor, figures, source, confidence, note.",
        ".csv",
        RecordClaim,
        lambda product, file, by, _, apply: _lines(
            product.import_timeline(file.data, by, apply=apply)
        ),
        ("Voir la chronologie", "/chronologie"),
    ),
    "appels": Import(
        "Des appels",
        "Dates, enveloppes, étapes et chiffres, chacun avec sa source.",
        "YAML en UTF-8.",
        ".yaml,.yml",
        ImportCall,
        lambda product, file, by, _, apply: _lines(
            product.import_call_file(file.name, file.data, by, apply=apply)
        ),
        ("Voir les appels", "/appels"),
    ),
    "paiements": Import(
        "Des paiements",
        "Tout le fichier, ou rien : une ligne fautive arrête le chargement.",
        "CSV en UTF-8 : référence, date, montant, bénéficiaire.",
        ".csv",
        ImportPayments,
        lambda product, file, by, payer, apply: _payments(
            product.import_payments(file.data, by, payer=payer or None, apply=apply)
        ),
        ("Rapprocher ces paiements", "/paiements/rapprochement"),
        asks_payer=True,
    ),
}
"""What is loaded from files, by how addresses call it."""


def router(product: Product) -> APIRouter:
    """`/administration/imports`."""
    routes = pages()

    @routes.api_route(IMPORTS, methods=READ)
    def imports(request: Request) -> Response:
        """Show what may be loaded, and by whom."""
        role = signed_in(request).session.by.role
        mine = {kind: may_give(one.command, role) for kind, one in IMPORTED.items()}
        return show(
            request,
            "importing/imports.html",
            Asked(fields={}),
            here=IMPORTS,
            imports=IMPORTED,
            mine=mine,
        )

    @routes.api_route(f"{IMPORTS}/{{kind}}", methods=READ)
    def one(request: Request, kind: str) -> Response:
        """Show the form of a file to load; what was kept of it need not be chosen again."""
        _known(request, kind)
        return _page(product, request, kind)

    @routes.post(f"{IMPORTS}/{{kind}}")
    async def load(request: Request, kind: str) -> Response:
        """Say what a file would record, or record it."""
        sent = await request.form()
        try:
            files = await files_of(product, sent)
            return await run_in_threadpool(_loaded, product, request, kind, sent, files)
        finally:
            await sent.close()

    return routes


def _known(request: Request, kind: str) -> tuple[Import, By]:
    by = signed_in(request).session.by
    if kind not in IMPORTED:
        raise UnknownImport(name=kind[:40])
    IMPORTED[kind].command.admit(by.role)
    return IMPORTED[kind], by


def _kept(product: Product, by: By, kind: str) -> KeptFiles:
    return KeptFiles(product, by.actor, f"import.{kind}", "")


def _loaded(
    product: Product, request: Request, kind: str, sent: FormData, files: SentFiles
) -> Response:
    known, by = _known(request, kind)
    kept, payer, asked = _kept(product, by, kind), str(sent.get("payer", "")), sent.get("_do")
    if asked == "drop":
        kept.drop()
        return _page(product, request, kind)
    try:
        if files.refusal:
            raise files.refusal
        found = kept.with_kept(sent, files.files).get("file")
        if found is None:
            raise NoFileChosen
        if len(found.data) > LARGEST_FILE:
            raise FileTooLarge
        kept.keep({"file": found})
        told = known.load(product, found, by, payer, asked == "record")
    except JalonError as refusal:
        return _page(product, request, kind, payer=payer, refusal=str(refusal))
    if told.applied:
        kept.drop()
    return _page(product, request, kind, payer=payer, told=told)


def _page(
    product: Product,
    request: Request,
    kind: str,
    *,
    payer: str = "",
    told: LoadedFile | None = None,
    refusal: str = "",
) -> Response:
    known, by = _known(request, kind)
    return show(
        request,
        "importing/file.html",
        Asked(fields={}),
        422 if refusal else 200,
        here=f"{IMPORTS}/{kind}",
        known=known,
        file=_kept(product, by, kind).find().get("file"),
        payer=payer,
        told=told,
        most=FAULTS_SHOWN,
        refusal=refusal,
    )
