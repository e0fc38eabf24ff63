"""`jalon ledger show`: what was promised, holds, was paid, is due, is late."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Annotated

import typer

from application.ledger import FIGURES, Amounts, Ledger, LedgerGroup, LedgerLine
from application.spreadsheet import plain_text
from domain.dates import day_in_words
from domain.errors import Invalid
from domain.money import euros
from interfaces.cli.groups import group_of
from interfaces.cli.options import InForce, Json, Known
from interfaces.cli.output import plural, show_json, show_table
from interfaces.cli.world import world

OfFunder = Annotated[
    str | None,
    typer.Option("--funder", metavar="FINANCEUR", help="Seulement lui : nom, SIREN ou SIRET."),
]
OfPole = Annotated[
    str | None, typer.Option("--pole", metavar="POLE", help="Seulement ce pôle (code ou nom).")
]
OfCall = Annotated[
    str | None, typer.Option("--call", metavar="APPEL", help="Seulement cet appel (code).")
]
AsCsv = Annotated[bool, typer.Option("--csv", help="Ligne par ligne, pour un tableur.")]

SHOWN = (
    "promised_cents",
    "given_up_cents",
    "approved_cents",
    "paid_cents",
    "due_cents",
    "held_cents",
    "late_cents",
    "ordered_cents",
    "to_recover_cents",
)
"""The figures that fit on a screen; JSON and CSV have them all."""

WORDS = (
    *("code", "pole_name", "funder", "beneficiary", "call_code", "stage_title", "granted_on"),
    *("withdrawn_on", "award_withdrawn_on"),
)
NONE = "Aucun engagement financier ne correspond."


class OneForm(Invalid):
    """An answer has one form."""

    code = "output.one_form"
    fr = "Choisissez --json ou --csv, pas les deux."
    en = "Choose --json or --csv, not both."


def add_to(app: typer.Typer) -> None:
    group_of(app, "ledger").command("show")(show)


def show(
    context: typer.Context,
    funder: OfFunder = None,
    pole: OfPole = None,
    call: OfCall = None,
    known: Known = None,
    in_force: InForce = None,
    as_json: Json = False,
    as_csv: AsCsv = False,
) -> None:
    """Montrer le grand livre, ligne par ligne, et ses sommes par financeur, pôle et appel."""
    if as_json and as_csv:
        raise OneForm
    product = world(context).product
    moment = product.moment(known, in_force)
    found = product.ledger(moment, funder=funder, pole=pole, call=call)
    if as_json:
        show_json(found)
    elif as_csv:
        typer.echo(lines_as_csv(found.lines), nl=False)
    else:
        _tell(found)


def _tell(found: Ledger) -> None:
    typer.echo(f"Grand livre au {day_in_words(found.in_force)}")
    if not found.lines:
        typer.echo(NONE)
        return
    titles = [Amounts.model_fields[name].title or name for name in SHOWN]
    for line in found.lines:
        typer.echo(f"\n{line.pole_name} — {line.object} ({line.code})")
        typer.echo(f"    {line.funder} → {line.beneficiary} ; {line.stage_title}".rstrip(" ;"))
        for said in in_words(line):
            typer.echo(f"    {said}")
    for title, groups in (
        ("financeur", found.by_funder),
        ("pôle", found.by_pole),
        ("appel", found.by_call),
    ):
        typer.echo("")
        rows = [(_named(group), *_amounts(group)) for group in groups]
        show_table((f"PAR {title.upper()}", *titles), rows, sums=True)
    typer.echo("")
    show_table(
        ("ENSEMBLE", *titles),
        [(plural(len(found.lines), "ligne"), *_amounts(found.totals))],
        sums=True,
    )
    if found.totals.in_kind_cents:
        typer.echo(f"Et en nature, à part : {euros(found.totals.in_kind_cents)}.")


def _named(group: LedgerGroup) -> str:
    also = f" (aussi : {', '.join(group.also)})" if group.also else ""
    return f"{group.name}{also}" if group.name else "hors appel"


def _amounts(of: Amounts) -> list[str]:
    return [euros(getattr(of, name)) for name in SHOWN]


def in_words(line: LedgerLine) -> Iterable[str]:
    """What a line says, but what it says nothing of."""
    if line.award_withdrawn_on:
        yield f"soutien retiré le {day_in_words(line.award_withdrawn_on)} : plus rien n'est payé"
    if line.siret_in_doubt_since:
        since = day_in_words(line.siret_in_doubt_since)
        paid = euros(line.paid_in_doubt_cents)
        already = f" ; depuis ce jour, {paid} l'avaient été" if line.paid_in_doubt_cents else ""
        yield f"SIRET corrigé depuis le {since}, à confirmer : rien n'est payé d'ici là{already}"
    if line.withdrawn_on:
        yield f"financeur retiré le {day_in_words(line.withdrawn_on)}"
    if line.in_kind_cents or not (line.promised_cents or line.given_up_cents):
        yield f"en nature : {euros(line.in_kind_cents)}"
    if line.conditions:
        late = f", {line.conditions_late} en retard" if line.conditions_late else ""
        yield f"conditions : {line.conditions_held} sur {line.conditions}{late}"
    told = [
        f"{(Amounts.model_fields[name].title or name).lower()} {euros(getattr(line, name))}"
        for name in FIGURES
        if name.endswith("_cents") and name != "in_kind_cents" and getattr(line, name)
    ]
    if told:
        yield " ; ".join(told)


def lines_as_csv(lines: Sequence[LedgerLine]) -> str:
    """The lines for a spreadsheet: amounts in euros, with a point; words that no sheet computes."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    fields = LedgerLine.model_fields
    writer.writerow([fields[name].title or name for name in (*WORDS, *FIGURES)])
    for line in lines:
        words = [plain_text(str(getattr(line, name) or "")) for name in WORDS]
        writer.writerow([*words, *(_figure(line, name) for name in FIGURES)])
    return out.getvalue()


def _figure(line: LedgerLine, name: str) -> str:
    value: int = getattr(line, name)
    return f"{value // 100}.{value % 100:02d}" if name.endswith("_cents") else str(value)
