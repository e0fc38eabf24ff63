"""One convention as rows of open data: one a beneficiary, or the reasons why it has none."""

from collections.abc import Sequence
from datetime import date

from application.scdl import COLUMNS, LONGEST, RNA, GrantNature, Remark, faults
from domain.organisation import Organisation
from domain.values import Frozen

WHOLE = 10_000
"""A share is a number of ten-thousandths: whole numbers add up to one, fractions do not."""


class GrantPart(Frozen):
    """What one beneficiary has of a grant. Where it was transferred, each has its part."""

    beneficiary: Organisation
    amount_cents: int
    first_day: date | None
    """Of its payments, as they took place or as they are planned."""
    last_day: date | None


class Grant(Frozen):
    """A signed convention, as open data tell it."""

    code: str
    funder: Organisation
    signed_on: date
    reference: str
    purpose: str
    amount_cents: int
    nature: GrantNature
    conditions: str
    """« unique », « échelonné », or words of their own."""
    de_minimis: bool
    """Under the general regulation only (règlement (UE) n° 1407/2013, then 2023/2831 from
    2024-01-01, which the schema does not know yet): the column is about that one."""
    parts: tuple[GrantPart, ...]


class GrantTold(Frozen):
    """What became of a grant: its rows, or why it has none; and what should be looked at."""

    code: str
    rows: tuple[dict[str, str], ...] = ()
    reasons: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def told(grant: Grant) -> GrantTold:
    """The rows of a grant. One row that cannot be published keeps all of them back.

    The rows of one decision stand or fall together: their shares would not add up to one.
    """
    shares = shares_of([part.amount_cents for part in grant.parts])
    parts = zip(grant.parts, shares, strict=True)
    present = [(part, share) for part, share in parts if part.amount_cents]
    rows = [_row(grant, part, share) for part, share in present]
    reasons = [str(remark) for row in rows for remark in faults(row)]
    if not rows:
        reasons = ["montant : rien n'est accordé à personne"]
    if reasons:
        return GrantTold(code=grant.code, reasons=tuple(dict.fromkeys(reasons)))
    warnings = [*_of_grant(grant), *(said for part, _ in present for said in _of_part(grant, part))]
    return GrantTold(
        code=grant.code, rows=tuple(rows), warnings=tuple(str(warning) for warning in warnings)
    )


def shares_of(amounts: Sequence[int]) -> list[int]:
    """The share of each amount in their sum, in ten-thousandths that add up to one exactly.

    What rounding leaves goes to those that lost most by it, the first of them where they are even.
    """
    total = sum(amounts)
    if total <= 0:
        return [0 for _ in amounts]
    parts = [divmod(amount * WHOLE, total) for amount in amounts]
    shares = [whole for whole, _ in parts]
    by_loss = sorted(range(len(parts)), key=lambda place: (-parts[place][1], place))
    for place in by_loss[: WHOLE - sum(shares)]:
        shares[place] += 1
    return shares


def share_as_written(share: int) -> str:
    """`10000` as `1.00`, `4500` as `0.45`, `3333` as `0.3333`."""
    whole, rest = divmod(share, WHOLE)
    decimals = f"{rest:04d}".rstrip("0").ljust(2, "0")
    return f"{whole}.{decimals}"


def _row(grant: Grant, part: GrantPart, share: int) -> dict[str, str]:
    beneficiary = part.beneficiary
    rna = beneficiary.rna or ""
    told = {
        "nomAttribuant": grant.funder.name,
        "idAttribuant": grant.funder.siret or "",
        "dateConvention": grant.signed_on.isoformat(),
        "referenceDecision": grant.reference,
        "nomBeneficiaire": beneficiary.name,
        "idBeneficiaire": beneficiary.siret or "",
        # Where a SIRET names it already, a number that the format does not know is left out.
        "rnaBeneficiaire": rna if RNA.fullmatch(rna) or not beneficiary.siret else "",
        "objet": shortened(grant.purpose),
        "montant": f"{grant.amount_cents // 100}.{grant.amount_cents % 100:02d}",
        "nature": grant.nature,
        "conditionsVersement": shortened(grant.conditions),
        "datesPeriodeVersement": _period(part),
        "idRAE": "",
        "notificationUE": "oui" if grant.de_minimis else "non",
        "pourcentageSubvention": share_as_written(share),
        "dispositifAide": "",
    }
    return {name: str(told[name]) for name in COLUMNS}


def shortened(text: str) -> str:
    """A text of as many characters as the format takes, with « … » where it was cut."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"


def _period(part: GrantPart) -> str:
    if part.first_day is None or part.last_day is None:
        return ""
    first, last = part.first_day.isoformat(), part.last_day.isoformat()
    return first if first == last else f"{first}/{last}"


def _of_grant(grant: Grant) -> list[Remark]:
    cut = [("objet", grant.purpose), ("conditionsVersement", grant.conditions)]
    return [
        Remark(column=name, words=f"raccourci de {len(text)} à {LONGEST} caractères")
        for name, text in cut
        if len(text) > LONGEST
    ]


def _of_part(grant: Grant, part: GrantPart) -> list[Remark]:
    found, rna = [], part.beneficiary.rna
    if rna and part.beneficiary.siret and not RNA.fullmatch(rna):
        words = f"{rna} est laissé de côté : le format ne connaît que W suivi de neuf chiffres"
        found.append(Remark(column="rnaBeneficiaire", words=words))
    if part.first_day and part.first_day < grant.signed_on:
        words = "le versement commence avant la signature de la convention"
        found.append(Remark(column="datesPeriodeVersement", words=words))
    return found
