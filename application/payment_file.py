"""A file of payments, read row by row: what was paid, or one sentence on what cannot be read."""

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any, Self

from pydantic import TypeAdapter, ValidationError, model_validator

from application.history import Row, RowLeftOut, UnreadableFile, read_rows
from application.sentences import of_validation
from domain.dates import as_iso, day_in_words
from domain.identifiers import Siret
from domain.money import Euros
from domain.payment import MOST_ROWS, Digest
from domain.spelling import plain, same
from domain.values import Frozen, Line

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "reference": ("reference", "ref", "numero"),
    "date": ("date", "date-de-paiement", "date-du-paiement", "paye-le", "paid-on"),
    "amount": ("montant", "amount", "montant-en-euros"),
    "payee": ("beneficiaire", "payee", "nom", "nom-du-beneficiaire", "siret-ou-nom"),
    "siret": ("siret", "siret-du-beneficiaire"),
    "currency": ("devise", "currency", "monnaie"),
}
"""What the columns may be called, capitals and accents aside."""

TITLES = {
    "reference": "référence",
    "date": "date",
    "amount": "montant",
    "payee": "bénéficiaire",
    "siret": "SIRET",
    "currency": "devise",
}
WANTED = {
    "reference": "la référence",
    "date": "la date du paiement",
    "amount": "le montant",
}
"""What every row says; beside it, whom was paid: a SIRET, a name, or both."""


class PaymentGiven(Frozen):
    """A payment as a file, or a program, gives it."""

    reference: Line
    paid_on: date
    amount: Euros
    payee: Line | None = None
    siret: Siret | None = None

    @model_validator(mode="after")
    def _is_to_somebody(self) -> Self:
        if not (self.payee or self.siret):
            msg = "il manque le bénéficiaire : un SIRET, ou le nom de l'organisation"
            raise ValueError(msg)
        return self


class PaymentsRead(Frozen):
    """What a file holds: its payments with the lines on which they begin, and what is wrong."""

    digest: Digest
    rows: tuple[tuple[int, PaymentGiven], ...]
    faults: tuple[tuple[int, str], ...]
    ignored: tuple[str, ...] = ()
    """The columns that nothing is read from."""


class _Unreadable(ValueError):
    """Why a value cannot be read, in a few words."""


def read_payments(data: bytes) -> PaymentsRead:
    """Read a file of payments: UTF-8, commas or semicolons, its columns in any order.

    Every row that is wrong is told; rows are right or wrong one by one, and what is done with a
    file that has wrong ones is not decided here.
    """
    names = _header(data)
    found, left_out = read_rows(data, names)
    places = _places(names)
    if len(found) > MOST_ROWS:
        reason = (
            f"{len(found)} paiements, pour {MOST_ROWS} au plus : coupez le fichier en plusieurs"
        )
        raise UnreadableFile(reason=f"Le fichier a {reason}.")
    rows, faults = [], [*left_out]
    for row in found:
        try:
            rows.append((row[0], _payment(row, places)))
        except _Unreadable as fault:
            faults.append(RowLeftOut(row[0], str(fault)))
    told = sorted((fault.line, fault.reason) for fault in faults)
    if not rows and not told:
        raise UnreadableFile(reason="Le fichier ne contient aucun paiement.")
    used = {*places.values()}
    return PaymentsRead(
        digest=sha256(data).hexdigest(),
        rows=tuple(rows),
        faults=tuple(told),
        ignored=tuple(name for name in names if name not in used),
    )


def _header(data: bytes) -> list[str]:
    """The names in the first line, as `read_rows` will read them."""
    first = data.partition(b"\n")[0].decode("utf-8-sig", "replace")
    delimiter = ";" if first.count(";") > first.count(",") else ","
    try:
        return [name.strip() for name in next(csv.reader([first], delimiter=delimiter), [])]
    except csv.Error:
        return []  # said by whoever reads it whole


def _places(names: Sequence[str]) -> dict[str, str]:
    """The name that each column has in this file; refused where one is missing, or there twice."""
    known = {name: plain(name) for name in names}
    places: dict[str, str] = {}
    for column, spellings in COLUMNS.items():
        called = [name for name in names if known[name] in spellings]
        if len(called) > 1 or len(called) != len(set(called)):
            reason = f"La colonne « {TITLES[column]} » est là deux fois"
            raise UnreadableFile(reason=f"{reason} : {', '.join(called)}.")
        if called:
            places[column] = called[0]
    missing = [TITLES[column] for column in WANTED if column not in places]
    if not {"payee", "siret"} & places.keys():
        missing.append(TITLES["payee"])
    if missing:
        hint = " Séparez les colonnes par des points-virgules ou des virgules."
        raise UnreadableFile(
            reason="La première ligne nomme les colonnes : référence, date, montant, bénéficiaire "
            f"(son SIRET ou son nom) ; il manque : {', '.join(missing)}."
            + (hint if len(names) < len(WANTED) + 1 else "")
        )
    return places


def _payment(row: Row, places: Mapping[str, str]) -> PaymentGiven:
    _, values = row
    told = {column: values[name] for column, name in places.items()}
    currency = told.get("currency", "")
    if currency and plain(currency) not in ("eur", "euro", "euros") and currency != "€":
        msg = f"« {currency[:20]} » : seuls les paiements en euros sont enregistrés"
        raise _Unreadable(msg)
    for column, what in WANTED.items():
        if not told[column]:
            msg = f"il manque {what}"
            raise _Unreadable(msg)
    _read(_EUROS, told["amount"], "le montant")
    return PaymentGiven(
        reference=_read(_LINE, told["reference"], "la référence"),
        paid_on=_day(told["date"]),
        amount=told["amount"],
        **_payee(told.get("payee", ""), told.get("siret", "")),
    )


_LINE: TypeAdapter[str] = TypeAdapter(Line)
_EUROS: TypeAdapter[int] = TypeAdapter(Euros)
_SIRET: TypeAdapter[str] = TypeAdapter(Siret)
_ISO = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")
_ABRIDGED = re.compile(r"[0-9][.,]?[0-9]*E\+?[0-9]+", re.IGNORECASE)


def _read(kind: TypeAdapter[Any], text: str, what: str) -> Any:
    try:
        return kind.validate_python(text)
    except ValidationError as error:
        said = str(of_validation(error)).rstrip(".")
        if error.errors()[0]["type"] == "value_error":  # a sentence of our own
            raise _Unreadable(said[:1].lower() + said[1:]) from None
        raise _Unreadable(said.replace("La demande", what, 1)) from None


def _day(text: str) -> date:
    """A day as registers write it, or as spreadsheets in French do."""
    form = _ISO.fullmatch(as_iso(text))
    try:
        if form is None:
            raise ValueError(text)
        return date(int(form["year"]), int(form["month"]), int(form["day"]))
    except ValueError:
        said = "n'existe pas dans le calendrier" if form else "n'est pas une date"
        msg = f"« {text[:30]} » {said} : écrire AAAA-MM-JJ, ou JJ/MM/AAAA"
        raise _Unreadable(msg) from None


def _payee(payee: str, number: str) -> dict[str, str]:
    """A SIRET, a name, or both; where there is one column, figures only are a SIRET."""
    compact = "".join(payee.split())
    if not number and (_ABRIDGED.fullmatch(compact) or re.fullmatch(r"[0-9]+", compact)):
        payee, number = "", compact
    if _ABRIDGED.fullmatch(number):
        said = "le tableur a abrégé le SIRET ; mettez la colonne au format texte"
        msg = f"« {number[:30]} » : {said}"
        raise _Unreadable(msg)
    if not (payee or number):
        msg = "il manque le bénéficiaire : son SIRET, ou son nom"
        raise _Unreadable(msg)
    found = {"siret": _read(_SIRET, number, "le SIRET")} if number else {}
    return {**found, "payee": _read(_LINE, payee, "le bénéficiaire")} if payee else found


Judge = Callable[[PaymentGiven], str | None]


def judged(read: PaymentsRead, judge: Judge, today: date) -> PaymentsRead:
    """The same, with what only shows beside other payments: the days to come, the doubled ones.

    Args:
        judge: what the register says against a payment, if anything.
    """
    first: dict[str, tuple[int, PaymentGiven]] = {}
    faults = dict(read.faults)
    for line, given in read.rows:
        before, told = first.setdefault(same(given.reference), (line, given))
        if given.paid_on > today:
            day = day_in_words(given.paid_on)
            faults[line] = f"le paiement est daté du {day}, qui n'est pas venu"
        elif told.model_dump() != given.model_dump():
            faults[line] = (
                f"la référence « {given.reference} » est déjà à la ligne {before}, "
                "pour un autre paiement"
            )
        elif against := judge(given):
            faults[line] = against
    return read.model_copy(update={"faults": tuple(sorted(faults.items()))})
