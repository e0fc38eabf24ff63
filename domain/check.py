"""The static check: what is wrong with a definition, found before it is published."""

from collections.abc import Collection, Iterator, Mapping

from domain.dates import PartialDate
from domain.journey import Journey
from domain.kernel import Frozen
from domain.rules import FaultyJourney, Language, compile_journey
from domain.words import Text


class Fault(Frozen):
    """Something wrong with a definition: a stable code, the place, and a sentence."""

    code: str
    where: str
    say: Text
    blocking: bool = True
    """Whether it keeps the definition from being published."""


def check(
    journey: Journey,
    facts: Mapping[str, str],
    language: Language,
    handlers: Collection[str] = (),
) -> list[Fault]:
    """Every fault of a definition, in the order of the definition.

    Args:
        facts: the dotted names that clauses may ask about, and their types.
        handlers: the names registered for what happens before and after a step.
    """
    return [
        *_version(journey),
        *_targets(journey),
        *_expressions(journey, facts, language),
        *_handlers(journey, handlers),
    ]


def _version(journey: Journey) -> Iterator[Fault]:
    try:
        PartialDate(journey.version)
    except ValueError:
        yield Fault(
            code="bad-version",
            where="version",
            say=Text(
                fr=f"« {journey.version} » n'est pas une date.",
                en=f"“{journey.version}” is not a date.",
            ),
        )


def _targets(journey: Journey) -> Iterator[Fault]:
    named: list[tuple[str, tuple[str, ...]]] = [("initial", (journey.initial,))]
    named += [(way.id, (*way.from_, *([way.to] if way.to else []))) for way in journey.transitions]
    for where, states in named:
        for missing in sorted(set(states) - set(journey.state)):
            yield Fault(
                code="missing-target",
                where=where,
                say=Text(fr=f"l'état {missing} manque", en=f"the state {missing} is missing"),
            )


def _expressions(journey: Journey, facts: Mapping[str, str], language: Language) -> Iterator[Fault]:
    try:
        compile_journey(journey, facts, language)
    except FaultyJourney as fault:
        reason = str(fault.details["reason"])
        yield Fault(
            code="bad-expression",
            where=str(fault.details["where"]),
            say=Text(fr=reason, en=reason),
        )


def _handlers(journey: Journey, handlers: Collection[str]) -> Iterator[Fault]:
    for way in journey.transitions:
        for name in (*way.before, *way.after):
            if name not in handlers:
                yield Fault(
                    code="missing-script",
                    where=way.id,
                    say=Text(
                        fr=f"le traitement « {name} » n'existe pas dans le produit",
                        en=f"the handler “{name}” does not exist in the product",
                    ),
                )
