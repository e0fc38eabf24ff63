"""A form as a page shows it: each field with what was typed, what it offers, what is wrong."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from interfaces.form_choices import Offer, Offers
from interfaces.form_fields import Control, Form, FormField
from interfaces.form_typed import Typed, default_texts

ROWS_AT_MOST = 60
"""Rows that are shown at once: enough to type, and few enough to be drawn."""


@dataclass(frozen=True, slots=True)
class ShownField:
    """A field with all that a page draws of it.

    Args:
        path: the name under which what is typed is sent.
        texts: what stands in it.
        offer: what it is chosen among, beside its own choices.
        fixed: what it is, in words, where the page is about that and asks it no more.
        rows: of several values, those that were typed and a blank one; of a group, its parts.
        removable: of a row, whether something was typed in it.
    """

    asked: FormField
    path: str
    texts: tuple[str, ...]
    offer: Offer
    fault: str = ""
    fixed: str = ""
    number: int = 0
    rows: tuple["ShownField", ...] = ()
    removable: bool = False

    @property
    def id(self) -> str:
        """Its identity in the page."""
        return f"champ-{self.path.replace('.', '-')}"

    @property
    def text(self) -> str:
        return self.texts[0] if self.texts else ""

    @property
    def label(self) -> str:
        return f"{self.asked.label} {self.number}" if self.number else self.asked.label

    @property
    def choices(self) -> Mapping[str, str]:
        """What is chosen among, with what was typed where that is none of it."""
        found = self.asked.choices or self.offer.words
        typed = {text: text for text in self.texts if text and text not in found}
        return {**found, **typed} if found else {}

    @property
    def marks(self) -> str:
        """The identities of what describes it: its help, and what is wrong with it."""
        told = (f"{self.id}-aide" * bool(self.hint), f"{self.id}-erreur" * bool(self.fault))
        return " ".join(one for one in told if one)

    @property
    def hint(self) -> str:
        """How it is written, and what more is to be known of it."""
        form = FORMS.get(self.asked.control, "") if not self.choices else ""
        sealed = SEALED if self.asked.sealed else ""
        return " ".join(one for one in (self.asked.help, form, sealed) if one)

    @property
    def has_fault(self) -> bool:
        """Whether something is wrong in it, or in one of its parts."""
        return bool(self.fault) or any(one.has_fault for one in self.rows)


SEALED = "Donnée d'une personne : elle est scellée dès l'enregistrement."

FORMS: Mapping[Control, str] = {
    Control.DAY: "Jour : JJ/MM/AAAA.",
    Control.DATE: "JJ/MM/AAAA, MM/AAAA, AAAA, ou « inconnue ».",
    Control.MINUTE: "JJ/MM/AAAA HH:MM, à l'heure de Paris.",
    Control.MONEY: "En euros : 30000 ou 30 000,50.",
    Control.NUMBER: "En chiffres.",
    Control.STRUCTURE: "Tel qu'un fichier le donne, en JSON.",
}
"""How a value is written."""


class FormSheet:
    """One form with what was typed in it."""

    def __init__(
        self,
        form: Form,
        typed: Typed,
        offers: Offers,
        *,
        faults: Mapping[str, str] | None = None,
        fixed: frozenset[str] = frozenset(),
        more: Mapping[str, int] | None = None,
    ) -> None:
        self.form = form
        self.typed = typed
        self.offers = offers
        self.faults = faults or {}
        self.fixed = fixed
        self.more = more or {}
        shown = [self._field(one, one.name) for one in form.fields]
        self.own = [one for one in shown if not one.asked.aside]
        self.aside = [one for one in shown if one.asked.aside]

    @property
    def aside_is_open(self) -> bool:
        """Whether what is said of every act has something to be seen."""
        return any(one.text or one.has_fault for one in self.aside)

    def told_faults(self) -> Iterator[tuple[str, str]]:
        """Each fault with the field that it is beside, in the order of the page."""
        for one in (*self.own, *self.aside):
            yield from _faults(one)

    @property
    def whole_fault(self) -> str:
        """What is wrong with no field in particular."""
        return self.faults.get("", "")

    def _field(self, asked: FormField, path: str, number: int = 0) -> ShownField:
        offer = self.offers.of(asked)
        texts = self.typed.texts.get(path, ())
        texts = tuple(offer.by_identity.get(text, text) for text in texts)
        fixed = ""
        if path in self.fixed and texts:
            fixed = asked.choices.get(texts[0]) or offer.words.get(texts[0], "")
        rows = tuple(self._parts(asked, path))
        return ShownField(asked, path, texts, offer, self.faults.get(path, ""), fixed, number, rows)

    def _parts(self, asked: FormField, path: str) -> Iterator[ShownField]:
        match asked.control:
            case Control.GROUP:
                for one in asked.parts:
                    yield self._field(one, f"{path}.{one.name}")
            case Control.ROWS | Control.PAIRS:
                each = asked.parts[0] if asked.parts else PAIR
                found = self.typed.rows(path)
                blank = 1 + self.more.get(path, 0)
                for place in range(min(len(found) + blank, ROWS_AT_MOST)):
                    row = self._row(each, f"{path}.{place}", place + 1, place >= len(found))
                    yield row

    def _row(self, each: FormField, path: str, number: int, is_blank: bool) -> ShownField:
        if is_blank:
            self.typed = Typed({**self.typed.texts, **_defaults(each, path)}, self.typed.files)
        shown = self._field(each, path, number)
        return ShownField(
            each,
            path,
            shown.texts,
            shown.offer,
            shown.fault,
            number=number,
            rows=shown.rows,
            removable=not is_blank,
        )


PAIR = FormField(
    "pair",
    "Ligne",
    control=Control.GROUP,
    parts=(FormField("key", "Siège représenté"), FormField("value", "Par le siège")),
)
"""Two names, of which the first stands for the second."""


def begun(form: Form) -> Typed:
    """A form that nobody has typed in: only what holds without being said stands there."""
    texts: dict[str, tuple[str, ...]] = {}
    for one in form.fields:
        texts.update(_defaults(one, one.name))
    return Typed(texts)


def _defaults(asked: FormField, path: str) -> dict[str, tuple[str, ...]]:
    if asked.control is Control.GROUP:
        parts = (_defaults(one, f"{path}.{one.name}") for one in asked.parts)
        return {name: texts for part in parts for name, texts in part.items()}
    texts = tuple(default_texts(asked))
    return {path: texts} if texts else {}


def _faults(shown: ShownField) -> Iterator[tuple[str, str]]:
    if shown.fault:
        yield shown.id, shown.fault
    for one in shown.rows:
        yield from _faults(one)
