"""Erasures: that a person asked to be forgotten, what was decided, and that it was done.

What is recorded names nobody: it refers to sealed values, of which nothing is left once they are
erased. So that a person was forgotten, when and on which ground can be proven for ever.
"""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated, NewType
from uuid import UUID

from pydantic import StringConstraints

from domain.errors import Refused
from domain.finality import Finality
from domain.kernel import Aggregate, Event, event
from domain.values import Frozen
from domain.words import later

ErasureId = NewType("ErasureId", UUID)

Ref = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]
"""A sealed value, as its event refers to it."""


class ErasureGround(StrEnum):
    """On which ground a person is forgotten (RGPD, article 17(1), a to f)."""

    NO_LONGER_NEEDED = "17(1)(a)"
    CONSENT_WITHDRAWN = "17(1)(b)"
    OBJECTION = "17(1)(c)"
    UNLAWFUL = "17(1)(d)"
    LEGAL_OBLIGATION = "17(1)(e)"
    CHILD = "17(1)(f)"


class Exemption(StrEnum):
    """Why something is kept all the same (RGPD, article 17(3), a to e)."""

    EXPRESSION = "17(3)(a)"
    LAW_OR_PUBLIC_TASK = "17(3)(b)"
    PUBLIC_HEALTH = "17(3)(c)"
    ARCHIVES = "17(3)(d)"
    LEGAL_CLAIMS = "17(3)(e)"


class HeldValue(Frozen):
    """A sealed value that is kept, why, and until which day where that is known."""

    ref: Ref
    exemption: Exemption
    until: date | None = None


class ErasureDecided(Refused):
    """An erasure is decided once."""

    code = "erasure.decided"
    fr = "Cet effacement est déjà décidé : {outcome}."
    en = "This erasure is already decided: {outcome}."


class NothingToForget(Refused):
    """An erasure is about something."""

    code = "erasure.nothing"
    fr = "Il n'y a rien à effacer : aucune valeur scellée, aucun document."
    en = "There is nothing to erase: no sealed value, no document."


class Erasure(Aggregate):
    """The erasure of a person, from the request to the end of its execution."""

    class Requested(Event):
        """It was asked that a person be forgotten. What is held is kept, and why is told."""

        TOPIC = "erasure.requested.v1"
        UNDONE_BY = Finality.DECISION
        right: ErasureGround
        refs: tuple[Ref, ...]
        """Every value that it is about, those that are held among them."""
        documents: tuple[UUID, ...] = later(())
        held: tuple[HeldValue, ...] = later(())

    class Refused(Event):
        """Nothing of it is erased, and why."""

        TOPIC = "erasure.refused.v1"
        UNDONE_BY = Finality.DECISION
        exemption: Exemption

    class PersonErased(Event):
        """The keys and the sealed values are destroyed; only this and the proofs are left."""

        TOPIC = "erasure.person_erased.v1"
        UNDONE_BY = Finality.ERASURE
        refs: tuple[Ref, ...]
        again: bool = later(False)
        """Whether it had been done before an older copy of the registry was put back."""

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.right: ErasureGround | None = None
        self.refs: tuple[str, ...] = ()
        self.documents: tuple[UUID, ...] = ()
        self.held: tuple[HeldValue, ...] = ()
        self.exemption: Exemption | None = None
        self.erased: tuple[str, ...] | None = None

    @property
    def to_erase(self) -> tuple[str, ...]:
        """The values that nothing holds."""
        held = {one.ref for one in self.held}
        return tuple(ref for ref in self.refs if ref not in held)

    @property
    def is_under_way(self) -> bool:
        """Whether it was asked for, and neither refused nor done."""
        return bool(self.version) and self.exemption is None and self.erased is None

    # Decisions.

    def request(
        self,
        right: ErasureGround,
        *,
        refs: Sequence[str],
        documents: Sequence[UUID] = (),
        held: Sequence[HeldValue] = (),
    ) -> None:
        """Ask for it; where all of it is held it is refused at once, for the first of the reasons.

        A person has the right to be forgotten as far as nothing holds what is kept of them (RGPD,
        article 17(3)): what is not held is erased, whatever else is.
        """
        if not refs and not documents:
            raise NothingToForget
        self._undecided()
        self._requested(right=right, refs=tuple(refs), documents=tuple(documents), held=tuple(held))
        if not self.to_erase and not documents:
            self._refused(exemption=held[0].exemption)

    def refuse(self, exemption: Exemption) -> None:
        """Decide that nothing of it is erased."""
        self._undecided()
        self._refused(exemption=exemption)

    def execute(self) -> None:
        """Record that nothing is left of it; of one that was recorded, nothing more is."""
        if self.erased is not None:
            return
        self._undecided()
        self._erased(refs=self.to_erase, again=False)

    def execute_again(self, refs: Sequence[str]) -> None:
        """Record it anew, in a registry that was put back to before it was done."""
        if self.erased is None:
            self._erased(refs=tuple(refs), again=True)

    def _undecided(self) -> None:
        if self.exemption:
            raise ErasureDecided(outcome=f"refusé, RGPD article {self.exemption}")
        if self.erased is not None:
            raise ErasureDecided(outcome="effacé")

    # What is remembered.

    @event(Requested)
    def _requested(
        self,
        *,
        right: ErasureGround,
        refs: tuple[str, ...],
        documents: tuple[UUID, ...],
        held: tuple[HeldValue, ...],
    ) -> None:
        self.right, self.refs, self.documents, self.held = right, refs, documents, held

    @event(Refused)
    def _refused(self, *, exemption: Exemption) -> None:
        self.exemption = exemption

    @event(PersonErased)
    def _erased(self, *, refs: tuple[str, ...], again: bool) -> None:
        self.erased = refs
