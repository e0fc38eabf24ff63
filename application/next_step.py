"""The next step of a pole: the way on that is nearest, what it wants, and who acts."""

from collections.abc import Iterable

from application.ways import ClauseLine, WayLine
from application.wording import STAGES
from domain.pole import ENDED
from domain.silence import DORMANT
from domain.values import Frozen
from domain.workflow import Verdict

_RANK = {stage: rank for rank, stage in enumerate(STAGES)}
_NO_WAY_ON = frozenset({DORMANT, ENDED})


class NextStep(Frozen):
    """A way on: where it leads, how many of its conditions are wanting, and whose turn it is."""

    transition: str
    title: str
    to_title: str
    status: str
    wanting: tuple[str, ...]
    """What is wanting, a sentence each."""
    missing_input: tuple[str, ...]
    holders: str
    """To whom the step itself belongs, in words."""
    awaited: tuple[str, ...]
    """The roles that can make what is wanting hold, those of most conditions first."""


def next_step(stage: str, ways: Iterable[WayLine]) -> NextStep | None:
    """The nearest way on from a stage; none where no way leads further.

    Silence and the end are no way on. One that nobody can open as things stand comes last.
    """
    after = -1 if stage in _NO_WAY_ON else _RANK.get(stage, -1)
    on = [w for w in ways if w.to not in _NO_WAY_ON and _RANK.get(w.to, after + 1) > after]
    if not on:
        return None
    way = min(on, key=lambda one: (one.is_shut, len(_wanting(one)), _RANK.get(one.to, 0)))
    wanting = _wanting(way)
    roles = [role for clause in wanting for role in clause.unblocked_by]
    return NextStep(
        transition=way.transition,
        title=way.title,
        to_title=way.to_title,
        status=way.status,
        wanting=tuple(clause.sentence for clause in wanting),
        missing_input=way.missing_input,
        holders=way.holders,
        awaited=tuple(sorted(dict.fromkeys(roles), key=roles.count, reverse=True)),
    )


def _wanting(way: WayLine) -> list[ClauseLine]:
    return [c for c in way.clauses if c.verdict is not Verdict.HELD and not c.waits_for_input]
