"""Evaluation rounds and grids in words: what people call them; a code only identifies them."""

import re
from collections.abc import Mapping

from application.wording import date_in_words, of_date
from domain.dates import PartialDate
from domain.evaluation import Evaluation, RoundKind
from domain.grid import GridKind

ROUNDS: Mapping[str, str] = {
    RoundKind.SELF_POSITIONING: "auto-positionnement",
    RoundKind.THIRD_PARTY: "évaluation par un tiers",
}
SHORT: Mapping[str, str] = {RoundKind.SELF_POSITIONING: "auto", RoundKind.THIRD_PARTY: "tiers"}

GRID_KINDS: Mapping[str, str] = {
    GridKind.REFERENTIEL: "référentiel d'action",
    GridKind.CRITERIA_2012: "critères de 2012",
}
WAITING = "référentiel provisoire (trame d'attente)"
"""What is used as long as nobody has loaded the official one."""

_DATED = re.compile(r"(?:placeholder-)?(\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?)")


def round_in_words(kind: str, code: str, planned: PartialDate | None) -> str:
    """`tetris-auto-2`, planned on 3 November 2026: `auto-positionnement n° 2, novembre 2026`."""
    number = code.rpartition("-")[2]
    month = date_in_words(str(planned)[:7]).removeprefix("en ") if planned else ""
    dated = f", {month}" if planned and planned.is_known else ""
    return f"{ROUNDS[kind]} n° {number}{dated}"


def called_round(found: Evaluation) -> str:
    """What people call a round, its pole apart."""
    planned = found.main.states[0].occurred_on if found.tracks else None
    return round_in_words(found.round_kind, found.code, planned)


def grid_in_words(ref: str, *, placeholder: bool | None = None) -> str:
    """`referentiel@placeholder-2026-11`: `référentiel provisoire (trame d'attente) de novembre…`.

    Args:
        placeholder: whether it is one, where that is known otherwise than by its version.
    """
    kind, _, version = ref.partition("@")
    waits = version.startswith("placeholder") if placeholder is None else placeholder
    named = WAITING if waits and kind == GridKind.REFERENTIEL else GRID_KINDS.get(kind, kind)
    dated = _DATED.fullmatch(version)
    if dated is None:
        return f"{named}, version {version}"
    return f"{named} {of_date(dated[1])}"
