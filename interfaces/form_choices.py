"""Among what a form lets choose: the things of the register, as they stand today, in words."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from application.commitment_list import COMMITMENTS
from application.condition import CONDITIONS
from application.listing import LISTINGS, Listing, cell
from application.tranche import TRANCHES
from application.wording import version_in_words
from application.world import Moment
from domain.errors import JalonError
from domain.spelling import plain
from interfaces.form_fields import Control, FormField
from interfaces.form_typed import Typed
from interfaces.questions import Questions
from interfaces.reading_fields import BY_CODE

FEW = 50
"""As many things as are chosen from a list; of more, the code is typed, and proposed."""

MOST = 500
"""As many things without a code as are chosen from a list."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a field may be chosen among.

    Args:
        words: each value as it is sent, with what it is called.
        by_identity: the values by the identities of what they name.
        is_typed: whether there are so many that a name or a code is typed.
    """

    words: Mapping[str, str]
    by_identity: Mapping[str, str] = field(default_factory=dict)
    is_typed: bool = False
    is_empty: bool = False
    """Whether there is nothing yet to be chosen."""


NONE = Offer({})
JOURNEY = "a version of a journey"

IN_LISTS: Mapping[str, tuple[str, ...]] = {
    "recognition": ("recognition", "finding"),
    "entry": ("action", "objective", "resource", "profile"),
}
"""The lists in which some things stand, where it is not the one that is called as they are."""


class Offers:
    """What the fields of one form are chosen among, by what is known of the others."""

    def __init__(self, asked: Questions, moment: Moment, typed: Typed) -> None:
        self.asked = asked
        self.moment = moment
        self.typed = typed
        self._found: dict[str, Offer] = {}
        self._pole = self._known_pole()

    def of(self, one: FormField) -> Offer:
        """What a field is chosen among; nothing, where it is typed freely."""
        name = one.concept if one.control is Control.THING else one.name
        if any("@" in (getattr(rule, "pattern", None) or "") for rule in one.rules):
            name = JOURNEY
        if one.control not in (Control.THING, Control.LINE) or not name:
            return NONE
        if name not in self._found:
            self._found[name] = self._ask(one, name)
        return self._found[name]

    def _ask(self, one: FormField, name: str) -> Offer:
        if one.control is Control.THING:
            return self._poles() if name == "pole" else self._things(name)
        asked = WITHIN.get(name)
        return Offer(dict(asked(self))) if asked else NONE

    def _known_pole(self) -> str | None:
        for name in ("pole", "about"):
            if text := self.typed.text(name):
                try:
                    return str(self.asked.find(text))
                except JalonError:
                    return None
        return None

    def _poles(self) -> Offer:
        lines = self.asked.register.lines(self.moment)
        words = {line.code: line.name for line in lines}
        ids = {str(line.id): line.code for line in lines}
        return Offer(words, ids, is_typed=len(words) > FEW)

    def _things(self, concept: str) -> Offer:
        known = [LISTINGS[name] for name in IN_LISTS.get(concept, (concept,)) if name in LISTINGS]
        words, ids = dict[str, str](), dict[str, str]()
        for listing in known:
            pole = self._pole if listing.about_poles else None
            for line in self.asked.listed(listing, self.moment, pole=pole):
                value = str(getattr(line, "code", line.id)) if _has_code(concept) else str(line.id)
                ids[str(line.id)] = value
                words[value] = called(listing, line, with_pole=pole is None)
        if len(words) > (FEW if _has_code(concept) else MOST):
            return Offer(words, ids, is_typed=True) if _has_code(concept) else NONE
        by_words = sorted(words.items(), key=lambda pair: plain(pair[1]))
        return Offer(dict(by_words), ids, is_empty=bool(known) and not words)

    def thing(self, name: str, ask: Callable[[str, Moment], Any]) -> Any:
        """Something that another field names; `None` where nothing there is of that name."""
        text = self.typed.text(name)
        try:
            return ask(text, self.moment) if text else None
        except JalonError:
            return None

    def commitment(self) -> str | None:
        """The code of the commitment that is named."""
        name = self.typed.text("commitment")
        lines = self.asked.listed(COMMITMENTS, self.moment) if name else []
        return next((one.code for one in lines if name in (one.code, str(one.id))), None)


def _has_code(concept: str) -> bool:
    """Whether people name a thing by a code, and not only by choosing it."""
    return concept in {known for _, known in BY_CODE}


def called(listing: Listing[Any], line: Any, *, with_pole: bool) -> str:
    """A line in a few words: its first columns."""
    own = [name for name in listing.columns if name not in ("pole_name", "code")][:2]
    told = [cell(line, name) for name in own]
    pole = [line.pole_name or ""] if with_pole and getattr(line, "pole_name", None) else []
    return " – ".join(text for text in (*told, *pole) if text) or str(line.id)


# --- what lies within something that another field names ----------------------------------------


def _tranches(offers: Offers) -> Iterable[tuple[str, str]]:
    if code := offers.commitment():
        for line in offers.asked.listed(TRANCHES, offers.moment, commitment_code=code):
            yield line.code, line.title


def _conditions(offers: Offers) -> Iterable[tuple[str, str]]:
    if code := offers.commitment():
        for line in offers.asked.listed(CONDITIONS, offers.moment, commitment_code=code):
            yield line.code, line.title


def _waves(offers: Offers) -> Iterable[tuple[str, str]]:
    call = offers.thing("call", offers.asked.call)
    return [(wave.id, wave.title) for wave in call.waves] if call else []


def _parts(offers: Offers) -> Iterable[tuple[str, str]]:
    dossier = offers.thing("dossier", offers.asked.dossier)
    return [(part.part, part.title) for part in dossier.parts] if dossier else []


def _seats(offers: Offers) -> Iterable[tuple[str, str]]:
    session = offers.thing("session", offers.asked.session)
    found = (
        offers.asked.committee(session.call_code, offers.moment)
        if session
        else offers.thing("committee", offers.asked.committee)
    )
    return [(seat.seat, seat.title) for seat in found.seats] if found else []


def _journeys(offers: Offers) -> Iterable[tuple[str, str]]:
    found = offers.asked.journeys()
    return [(journey.ref, version_in_words(journey.ref)) for journey, _ in found]


def _grids(offers: Offers) -> Iterable[tuple[str, str]]:
    lines = offers.asked.listed(LISTINGS["grid"], offers.moment)
    return [(line.ref, line.title) for line in lines]


WITHIN: Mapping[str, Callable[[Offers], Iterable[tuple[str, str]]]] = {
    "tranche": _tranches,
    "condition": _conditions,
    "wave": _waves,
    "part": _parts,
    "seat": _seats,
    "proxy_of": _seats,
    "grid": _grids,
    JOURNEY: _journeys,
}
"""What is named by a code of its own, inside something else: who knows which there are."""
