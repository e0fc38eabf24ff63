"""The end of a pole: not while a financial commitment to it, or through it, is still open.

Product rule. The journey of poles says it from 2026-11-23 on; a pole that still follows an older
version is held by this one until it is migrated, so that no commitment is left without its pole.
"""

from datetime import date

from domain.case import Read
from domain.commitment import Commitment
from domain.errors import Refused
from domain.pole import Pole


class StillCommitted(Refused):
    """A pole ends once every commitment to it is closed, terminated or abandoned."""

    code = "pole.still_committed"
    fr = (
        "La fin de ce pôle ne se constate pas tant qu'un engagement financier reste en cours "
        "({codes}) : le financeur, ou la tenue du registre, le clôt, le résilie ou l'abandonne "
        "d'abord."
    )
    en = (
        "This pole does not end while a financial commitment is open ({codes}): the funder, or "
        "who keeps the register, closes, terminates or abandons it first."
    )


def open_commitments(pole: Pole, day: date, read: Read) -> tuple[str, ...]:
    """The codes of the commitments that were open on a day, or still are.

    What a pole that is said to have ended long ago was promised since is to be closed too.
    """
    known = (id_ for id_, concept in pole.attached.items() if concept == "commitment")
    commitments: list[Commitment] = [read(Commitment, id_) for id_ in known]
    return tuple(c.code for c in commitments if c.is_open_on(day) or c.is_open_on(date.max))


def must_have_nothing_open(pole: Pole, day: date, read: Read) -> None:
    """Refuse the end of a pole on a day, where something was open then, or still is."""
    if codes := open_commitments(pole, day, read):
        raise StillCommitted(codes=", ".join(codes))
