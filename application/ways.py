"""The ways out of the stage in which a case stands, each with what is met and what is wanting."""

from collections.abc import Iterable, Iterator
from datetime import date

from application.seen_in_words import seen_in_words
from application.wording import holders
from application.world import Moment, World, reading
from domain.case import Case
from domain.dates import paris_day
from domain.deadline import ENTERED
from domain.journey import Journey, Transition
from domain.rights import Who
from domain.roles import Role
from domain.rules import fact_values
from domain.values import Frozen
from domain.words import Stored
from domain.workflow import Verdict, why


class Lifting(Frozen):
    """A condition in words, with its verdict and the values seen, and who can make it hold."""

    clause: str
    verdict: Verdict
    sentence: str
    values: dict[str, Stored]
    source: str
    unblocked_by: tuple[str, ...]


class ClauseLine(Lifting):
    """A condition of a way out, whether it holds or not."""

    waits_for_input: bool
    contested: bool = False
    """Whether something it asks about rests on a contested fact."""
    seen: tuple[str, ...] = ()
    """Its values in words, each with what the fact is called."""


class WayLine(Frozen):
    """A way out of the present stage: what is met and what is still wanting."""

    transition: str
    title: str
    to: str
    to_title: str
    status: str
    automatic: bool
    by: tuple[str, ...]
    holders: str
    """To whom it belongs, in words: roles, rights and groups."""
    missing_input: tuple[str, ...]
    clauses: tuple[ClauseLine, ...]
    votes: tuple[str, ...] = ()
    """Where each vote on it stands, in a sentence."""
    withheld: bool = False
    """Whether it happens by itself, and does not before a contest is answered."""

    @property
    def is_shut(self) -> bool:
        """Whether nobody can open it as things stand: one of its conditions is lifted by nobody."""
        return nobody_lifts(self.clauses)


def nobody_lifts(conditions: Iterable[Lifting]) -> bool:
    """Whether a condition does not hold that only time, or what it asks about, can change."""
    return any(
        condition.verdict is Verdict.FAILED and not condition.unblocked_by
        for condition in conditions
    )


def _votes(case: Case, day: date, journey: Journey, way: Transition) -> Iterator[str]:
    """Where each vote on a way out stands, in a sentence."""
    place = case.track(journey.id).standing_on(day).place
    for vote in case.votes_on(day, journey, place) if way.approval else ():
        if vote.transition == way.id and way.approval:
            yield f"{vote.tally_on(day, way.approval).say.fr} Vote {vote.id}."


def case_why(
    world: World, case: Case, stage: str, ref: str, moment: Moment, *, role: Role | None = None
) -> list[WayLine]:
    """Every way out of the stage in which a case stands in one of its journeys."""
    compiled = world.compiled(ref)
    journey = compiled.journey
    day = moment.in_force
    known = fact_values(case.facts_on(day, reading(world, moment)))
    facts = {**known, **case.engine_facts_on(day, journey, known)}
    now = world.clock() if day == paris_day(world.clock()) else case.instant_on(day)
    lines = []
    who = None if role is None else Who(frozenset({role}))
    disputed = case.disputed_on(day, journey, facts)
    for way in why(compiled, stage, facts, who=who, now=now, disputed=disputed):
        rests = ENTERED in disputed or any(finding.contested for finding in way.findings)
        transition = journey.transition[way.transition]
        lines.append(
            WayLine(
                transition=way.transition,
                title=transition.title.fr or transition.id,
                to=way.to,
                to_title=journey.state[way.to].title.fr or way.to,
                status=way.status,
                automatic=way.trigger == "automatic",
                withheld=rests and way.trigger == "automatic",
                by=transition.by or (),
                holders=holders(transition),
                votes=tuple(_votes(case, day, journey, transition)),
                missing_input=tuple(
                    i.title.fr for i in transition.input if i.id in way.missing_input
                ),
                clauses=tuple(
                    ClauseLine(
                        clause=finding.clause,
                        verdict=finding.verdict,
                        sentence=c.clause.say.fr,
                        values=dict(finding.values),
                        source=c.clause.source,
                        unblocked_by=(
                            transition.by or ()
                            if c.clause.unblocked_by is None
                            else c.clause.unblocked_by
                        ),
                        waits_for_input=finding.verdict is Verdict.UNKNOWN
                        and any(name.startswith("input.") for name in c.reads),
                        contested=finding.contested,
                        seen=tuple(
                            seen_in_words(name, value, journey)
                            for name, value in finding.values.items()
                        ),
                    )
                    for c, finding in zip(
                        compiled.clauses[way.transition], way.findings, strict=True
                    )
                ),
            )
        )
    return lines
