"""The open data of grants: the sixteen columns of SCDL « subventions » 2.1.1, and their rules.

A row is judged as it will be read: by its texts. What the schema of the format cannot say is said
here too: that a day exists in the calendar, that a period does not run backwards, that the shares
of one decision add up to one.

Source:
    SCDL « subventions » 2.1.1 (OpenDataFrance, in the public domain); décret n° 2017-779 du 5 mai
    2017 ; arrêté du 17 novembre 2017. The valid example that goes with the schema has four periods
    that run backwards or hold a thirtieth month, which its pattern lets through.
"""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum

from pydantic import TypeAdapter, ValidationError

from domain.identifiers import Siret
from domain.values import Frozen

COLUMNS = (
    "nomAttribuant",
    "idAttribuant",
    "dateConvention",
    "referenceDecision",
    "nomBeneficiaire",
    "idBeneficiaire",
    "rnaBeneficiaire",
    "objet",
    "montant",
    "nature",
    "conditionsVersement",
    "datesPeriodeVersement",
    "idRAE",
    "notificationUE",
    "pourcentageSubvention",
    "dispositifAide",
)
REQUIRED = frozenset(COLUMNS) - {
    "referenceDecision",
    "idBeneficiaire",
    "rnaBeneficiaire",
    "idRAE",
    "dispositifAide",
}
OF_ONE_BENEFICIARY = frozenset(
    {
        "nomBeneficiaire",
        "idBeneficiaire",
        "rnaBeneficiaire",
        "pourcentageSubvention",
        "conditionsVersement",
        "datesPeriodeVersement",
    }
)
"""What may differ between the rows of one decision; everything else is repeated as it is."""

LONGEST = 256
"""Characters of an object, and of conditions in free words."""

Row = Mapping[str, str]
"""The texts of a row, by column; an empty text where it says nothing."""


class GrantNature(StrEnum):
    """What is granted: money, something else, or both."""

    MONEY = "aide en numéraire"
    IN_KIND = "aide en nature"
    BOTH = "aide en numéraire;aide en nature"


NATURES = frozenset({*GrantNature, "aide en nature;aide en numéraire"})


class Remark(Frozen):
    """Something to say of a column of a row."""

    column: str
    words: str

    def __str__(self) -> str:
        return f"{self.column} : {self.words}"


_SIRET = TypeAdapter(Siret)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?")
_SHARE = re.compile(r"[0-9](\.[0-9]{1,6})?")
RNA = re.compile(r"W[0-9]{9}")
"""As the schema has it: overseas and Corsican numbers, which hold a letter, do not fit."""


# --- one row ----------------------------------------------------------------------------------


def faults(row: Row) -> list[Remark]:
    """Why a row cannot be published; nothing where it can."""
    missing = [
        Remark(column=name, words="cette colonne ne peut pas être vide")
        for name in COLUMNS
        if name in REQUIRED and not row[name].strip()
    ]
    empty = {remark.column for remark in missing}
    found = (
        Remark(column=name, words=words)
        for name, rule in _RULES.items()
        if name not in empty and (words := rule(row))
    )
    return [*missing, *found]


def _funder(row: Row) -> str:
    return _siret_fault(row["idAttribuant"])


def _beneficiary(row: Row) -> str:
    if row["idBeneficiaire"]:
        return _siret_fault(row["idBeneficiaire"])
    if row["nature"] != GrantNature.IN_KIND:
        return "sans SIRET, seule une aide en nature à une association peut être publiée"
    if not row["rnaBeneficiaire"]:
        return "il faut le SIRET du bénéficiaire ou, pour une association, son numéro RNA"
    return ""


def _siret_fault(number: str) -> str:
    if not re.fullmatch(r"[0-9]{14}", number):
        return f"« {number[:30]} » n'est pas un SIRET : il faut quatorze chiffres d'un seul tenant"
    try:
        _SIRET.validate_python(number)
    except ValidationError:
        return f"la clé de contrôle du SIRET {number} ne correspond pas"
    return ""


def _association(row: Row) -> str:
    number = row["rnaBeneficiaire"]
    if number and not RNA.fullmatch(number):
        return f"« {number[:30]} » : le format ne connaît que W suivi de neuf chiffres"
    return ""


def _signed(row: Row) -> str:
    text = row["dateConvention"]
    return "" if real_day(text) else f"« {text[:30]} » n'est pas un jour du calendrier"


def _long(name: str, row: Row, longest: int = LONGEST) -> str:
    length = len(row[name])
    return f"{length} caractères, pour {longest} au plus" if length > longest else ""


def _amount(row: Row) -> str:
    text = row["montant"]
    if not _NUMBER.fullmatch(text):
        return f"« {text[:30]} » n'est pas un montant : des chiffres, un point, deux décimales"
    return "" if Decimal(text) > 0 else "le montant est nul"


def _nature(row: Row) -> str:
    return "" if row["nature"] in NATURES else f"« {row['nature'][:40]} » n'est pas une nature"


def _period(row: Row) -> str:
    text = row["datesPeriodeVersement"]
    parts = text.split("/")
    days = [real_day(part) for part in parts]
    if len(parts) > 2 or not all(days):
        return (
            f"« {text[:30]} » n'est ni un jour ni une période du calendrier : "
            "AAAA-MM-JJ, ou AAAA-MM-JJ/AAAA-MM-JJ"
        )
    first, last = days[0], days[-1]
    if first and last and first > last:
        return f"la période {text} se termine avant de commencer"
    return ""


def _notified(row: Row) -> str:
    told = row["notificationUE"]
    return "" if told in ("oui", "non") else f"« {told[:30]} » n'est ni oui ni non"


def _share(row: Row) -> str:
    text = row["pourcentageSubvention"]
    if not _SHARE.fullmatch(text):
        return f"« {text[:30]} » n'est pas une part : 1.00 pour le tout, 0.45 pour 45 %"
    if not Decimal("0.01") <= Decimal(text) <= 1:
        return f"la part {text} n'est pas comprise entre 0.01 et 1"
    return ""


_RULES = {
    "idAttribuant": _funder,
    "dateConvention": _signed,
    "idBeneficiaire": _beneficiary,
    "rnaBeneficiaire": _association,
    "objet": lambda row: _long("objet", row),
    "montant": _amount,
    "nature": _nature,
    "conditionsVersement": lambda row: _long("conditionsVersement", row),
    "datesPeriodeVersement": _period,
    "idRAE": lambda row: _long("idRAE", row, 5),
    "notificationUE": _notified,
    "pourcentageSubvention": _share,
}


def real_day(text: str) -> date | None:
    """The day that `AAAA-MM-JJ` names; `None` where the calendar has none."""
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


# --- rows together ----------------------------------------------------------------------------


def decision_of(row: Row) -> tuple[str, ...]:
    """What the rows of one decision repeat as it is, by which they are told from others."""
    return tuple(row[name] for name in COLUMNS if name not in OF_ONE_BENEFICIARY)


def share_faults(rows: Sequence[Row]) -> Iterator[tuple[int, Remark]]:
    """The rows of decisions whose shares do not add up to one, each by its place.

    Product rule: the schema does not ask for it, though a part of a grant belongs to somebody.
    """
    decisions: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        decisions[decision_of(row)].append(place)
    for places in decisions.values():
        shares = [rows[place]["pourcentageSubvention"] for place in places]
        if not all(_SHARE.fullmatch(share) for share in shares):
            continue  # said of the row already
        total = sum(map(Decimal, shares))
        if total != 1:
            words = f"les parts de cette décision font {total} et non 1"
            for place in places:
                yield place, Remark(column="pourcentageSubvention", words=words)


def as_csv(rows: Iterable[Row]) -> bytes:
    """The file as the arrêté wants it: UTF-8, commas, quotation marks where they are needed."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([row[name] for name in COLUMNS] for row in rows)
    return out.getvalue().encode("utf-8")
