"""What pages give away as files: the lines they show, with the question that these answer."""

from collections.abc import Mapping, Sequence

from fastapi import Request, Response

from application.extract import Cell, Extract, must_fit
from application.listing import date_alone
from application.wording import instant_in_words, thousands
from application.world import Moment
from domain.errors import Invalid
from interfaces.extract import FileForm, handed_out
from interfaces.web.page import Asked
from interfaces.web.visitor import address_of
from interfaces.web.words import moment_in_words
from interfaces.wiring import Product


class NotAForm(Invalid):
    """Lines are taken away in one of the forms that there are."""

    code = "extract.not_a_form"
    fr = f"« {{text}} » n'est pas un format de fichier ; au choix : {', '.join(FileForm)}."
    en = f"“{{text}}” is no form of a file; one of: {', '.join(FileForm)}."


def form_wanted(request: Request) -> FileForm | None:
    """The form of file that is asked for; none, where the page is."""
    text = request.query_params.get("format", "")
    if text and text not in set(FileForm):
        raise NotAForm(text=text[:40])
    return FileForm(text) if text else None


def taken(
    request: Request,
    product: Product,
    moment: Moment,
    form: FileForm,
    *,
    title: str,
    lines: tuple[Sequence[str], Sequence[tuple[Cell, ...]]],
    path: str,
    kept: Mapping[str, str],
    chosen: Mapping[str, str],
) -> Response:
    """Some lines as a file.

    Args:
        lines: the titles of their columns, and the lines.
        path, kept: the address of the page that shows them, but for its date.
        chosen: by what they were chosen, as people read it.
    """
    columns, rows = lines
    must_fit(len(rows))
    address = address_of(request) + _for_ever(moment).url(path, kept)
    day = date_alone(moment.in_force.isoformat())
    asked = {
        "Liste": title,
        **chosen,
        "Date": moment_in_words(moment) or f"aujourd'hui, {day}",
        "Fait": instant_in_words(product.clock()),
        "Événements connus": thousands(moment.known),
        "Lignes": thousands(len(rows)),
        "Pour relire les mêmes lignes": address,
    }
    extract = Extract(title, tuple(columns), rows, asked, moment.in_force, moment.known, address)
    return handed_out(extract, form)


def _for_ever(moment: Moment) -> Asked:
    """A moment as an address says it whose answer never changes."""
    return Asked({"known": f"@{moment.known}", "in_force": moment.in_force.isoformat()})
