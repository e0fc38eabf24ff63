"""Rules of procedure of a committee, as data: quorum, tie, proxies, sittings, notice."""

from typing import Annotated, Literal

from pydantic import Field

from domain.values import Frozen, Line
from domain.words import later

CRPA = "code des relations entre le public et l'administration, art. R. 133-8 à R. 133-12"


class Procedure(Frozen):
    """Rules of procedure. What nobody decided is as for the State's consultative committees.

    Source of what stands where nothing is said: code des relations entre le public et
    l'administration, articles R. 133-8 (five days of notice), R. 133-9 (one mandate at most),
    R. 133-10 (half of the members, present, at a distance or represented; none at the second
    convocation of the same agenda), R. 133-11 (casting vote of the chair). That a vote in writing
    is not allowed unless the rules say so is a product rule.
    """

    quorum: Annotated[int, Field(ge=1, le=100)] = 50
    """The part of the seats that vote, in percent, that must be present or represented."""
    tie: Literal["chair", "rejected"] = "chair"
    """What as many voices for as against come to: as the chair votes, or not carried."""
    proxies_each: Annotated[int, Field(ge=0, le=20)] = 1
    """How many others a seat may represent."""
    remote: bool = True
    """Whether one may sit at a distance."""
    written: bool = False
    """Whether a vote may be held in writing."""
    notice_days: Annotated[int, Field(ge=0, le=365)] = 5
    """How many days before a session its agenda is sent."""
    second_notice: bool = True
    """Whether a second convocation, of the same agenda, needs no quorum."""
    tallies: bool = later(False)
    """Whether the counts of the voices are told to everybody, once results are announced.

    Not unless the rules say so (product rule): a count without a voice against tells how each seat
    voted, which is not published. Article R. 133-13 asks minutes for the sense of each
    deliberation, and for no count.
    """
    source: Line = CRPA


BY_DEFAULT = Procedure()
