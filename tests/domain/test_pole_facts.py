"""The facts of a pole, counted along its history, are those that its members and pieces give."""

from contextlib import suppress
from datetime import date
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Refused
from domain.kernel import Aggregate
from domain.membership import MemberKind
from domain.recording import acting
from tests import make
from tests.domain.strategies import Act, acts, days


def nothing(_: type[Aggregate], id_: UUID) -> Any:
    raise LookupError(id_)


@given(
    st.lists(acts().filter(lambda act: act.what not in ("recognition", "signature")), max_size=25),
    days,
)
def test_members_and_pieces_are_those_that_are_there_on_the_day(done: list[Act], day: date) -> None:
    pole = make.pole("2010-01-01")
    for act in done:
        with acting(act.context), suppress(Refused):
            act.do(pole)

    facts = pole.facts_on(day, nothing)

    kinds = [member.kind for _, member in pole.members_on(day)]
    if pole.members:
        assert facts.members.total == len(kinds)
        assert facts.members.ess_enterprises == kinds.count(MemberKind.ESS_ENTERPRISE)
    else:
        assert facts.members.total is None
    filed = {piece.value for piece in pole.evidence if piece.covers(day)}
    assert set(facts.evidence.kinds or ()) == filed
