"""A sample that an auditor draws: the same for the same seed and the same log, on any machine.

Everything of the population is ranked by SHA-256 of a text of five lines, each ended by a line
feed: `jalon sample v1`, the seed, the size of the log, its root in hexadecimal, and the index in
the log of the event by which the thing is known. Those of the lowest ranks are drawn, ties being
impossible in practice. The root binds the draw to what was recorded: whoever keeps the register
cannot, once the log of that size is signed, choose what a seed draws; nor can the auditor, who
gives the seed, know what it draws before trying. No generator of random numbers is used, whose
next version might draw another sample.
"""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from application.audit_answer import AuditAsked, AuditScope
from application.audit_scope import Examined, commitments, dossiers, in_region
from application.world import Moment, World
from domain.commitment import Commitment
from domain.errors import Invalid
from domain.kernel import EVENTS, Event, Recorded
from domain.pole import Pole
from domain.values import ONE_LINE, Frozen

ALGORITHM = "jalon sample v1"
LARGEST_SAMPLE = 1000

Seed = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=ONE_LINE)]


class SampleOf(StrEnum):
    """What is drawn."""

    COMMITMENTS = "commitments"
    DOSSIERS = "dossiers"
    PAYMENTS = "payments"
    POLES = "poles"
    EVENTS = "events"


class NotDrawable(Invalid):
    """A sample is drawn of something, by a seed, and has a size."""

    code = "audit.sample"
    fr = "{reason}"
    en = "{reason}"


class Drawn(Frozen):
    """One thing that was drawn: by which event it is known, and its rank."""

    rank: str
    index: int
    """Of the event in the log, from 0: what the rank is made of."""
    number: int
    """Of the event, from 1, as people are told it."""
    event: UUID
    stream: UUID
    name: str


class Sample(Frozen):
    """What was drawn, and everything that is needed to draw it again."""

    algorithm: str = ALGORITHM
    seed: Seed
    of: SampleOf
    scope: dict[str, str]
    size: int
    root: str
    population: int
    asked_for: int = Field(ge=1, le=LARGEST_SAMPLE)
    drawn: tuple[Drawn, ...]


def rank(seed: str, size: int, root: str, index: int) -> str:
    """The rank of a thing, in hexadecimal: the lowest are drawn first."""
    text = f"{ALGORITHM}\n{seed}\n{size}\n{root}\n{index}\n"
    return sha256(text.encode()).hexdigest()


def draw(
    world: World,
    root: bytes,
    *,
    seed: str,
    number: int,
    of: SampleOf,
    size: int,
    scope: AuditScope,
    scope_in_words: dict[str, str],
) -> Sample:
    """Draw some things out of all those that the log of a size knows."""
    if not 1 <= number <= LARGEST_SAMPLE:
        reason = f"Un tirage compte de 1 à {LARGEST_SAMPLE} éléments."
        raise NotDrawable(reason=reason)
    if not seed.strip() or len(seed) > 100 or not seed.isprintable():
        raise NotDrawable(reason="La graine est un texte d'une ligne, de 1 à 100 caractères.")
    population = list(_population(world, of, size, scope))
    ranked = sorted(
        (rank(seed, size, root.hex(), index), index, event, stream, name)
        for index, event, stream, name in population
    )
    return Sample(
        seed=seed,
        of=of,
        scope=scope_in_words,
        size=size,
        root=root.hex(),
        population=len(population),
        asked_for=number,
        drawn=tuple(
            Drawn(rank=place, index=index, number=index + 1, event=event, stream=stream, name=name)
            for place, index, event, stream, name in ranked[:number]
        ),
    )


Thing = tuple[int, UUID, UUID, str]
"""The index and the identity of the event by which it is known, its stream, its name."""


def _population(world: World, of: SampleOf, size: int, scope: AuditScope) -> Iterator[Thing]:
    # Whatever day it is said to hold on: what is recorded can be drawn.
    asked = AuditAsked(world, Moment(known=size, in_force=date.max), scope)
    match of:
        case SampleOf.COMMITMENTS:
            yield from (_begun(one) for one in commitments(asked).values())
        case SampleOf.DOSSIERS:
            yield from (_begun(one) for one in dossiers(asked).values())
        case SampleOf.PAYMENTS:
            of_scope = commitments(asked)
            for one in asked.told(Commitment.TranchePaid):
                if one.stream in of_scope and isinstance(one.event, Commitment.TranchePaid):
                    name = f"{of_scope[one.stream].code}-{one.event.tranche}"
                    yield _thing(one, name)
        case SampleOf.POLES:
            for one in asked.told(Pole.Registered):
                is_there = scope.pole in (None, one.stream)
                if is_there and (scope.region is None or in_region(asked, one.stream)):
                    event = one.event
                    yield _thing(one, event.code if isinstance(event, Pole.Registered) else "")
        case SampleOf.EVENTS:
            yield from (_thing(one, one.event.TOPIC) for one in asked.ever(*_every()))


def _every() -> tuple[type[Event], ...]:
    """Every kind of event that the product knows."""
    return tuple(dict.fromkeys(EVENTS.values()))


def _begun(one: Examined) -> Thing:
    return _thing(one.recorded, one.code)


def _thing(one: Recorded, name: str) -> Thing:
    return one.position - 1, one.event.meta.event_id, one.stream, name


LIMITS_OF = {
    SampleOf.COMMITMENTS: ("pole", "call", "dossier", "region", "commitment", "funder"),
    SampleOf.PAYMENTS: ("pole", "call", "dossier", "region", "commitment", "funder"),
    SampleOf.DOSSIERS: ("pole", "call", "dossier", "region"),
    SampleOf.POLES: ("pole", "region"),
    SampleOf.EVENTS: (),
}
"""What each population can be limited to."""
