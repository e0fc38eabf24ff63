"""The same act on many poles: what is recorded, what is refused, and what a refusal leaves."""

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from application.bulk import (
    LARGEST,
    ActOnPoles,
    Nobody,
    NotAboutAPole,
    SaidOfAll,
    TooMany,
    about_one_pole,
)
from application.command import Command, Work
from application.member import AddMember
from application.pole import RegisterPole, enter_register
from application.rehearsal import foreseen
from application.sentences import Malformed
from domain.dates import PartialDate
from domain.errors import Invalid, JalonError, Refused
from domain.membership import MemberKind
from domain.pole import Pole, PoleId
from domain.register import REGISTER, Register
from domain.roles import Role
from domain.values import Personal
from infrastructure.event_store.registry import Registry
from tests import make
from tests.application.histories import COMMANDS, Attempt, Life, attempts, histories
from tests.examples import settings

RANDOM = {"meta", "salt", "member"}
"""What no two recordings of one act have in common."""


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    """A registry in which the journeys are published."""
    with make.registry(tmp_path) as made:
        yield made


@pytest.fixture
def poles(registry: Registry) -> list[PoleId]:
    """Three poles."""
    return [PoleId(register(registry, name)) for name in ("Un", "Deux", "Trois")]


def register(registry: Registry, name: str) -> UUID:
    return registry.do(RegisterPole(name=name), make.by()).answer


def calls(poles: Sequence[UUID], **more: Any) -> ActOnPoles:
    fields = {"channel": "téléphone", "outcome": "absent"}
    return ActOnPoles(
        command="pole.note_contact", fields=fields, poles=tuple(map(PoleId, poles)), **more
    )


def moves(poles: Sequence[UUID], transition: str, **given: str) -> ActOnPoles:
    fields = {"transition": transition, "input": given}
    return ActOnPoles(command="pole.move", fields=fields, poles=tuple(map(PoleId, poles)))


def joins(poles: Sequence[UUID], name: str, **more: Any) -> ActOnPoles:
    fields = {"member_kind": "ess_enterprise", "name": name}
    return ActOnPoles(
        command="pole.add_member", fields=fields, poles=tuple(map(PoleId, poles)), **more
    )


# --- one commit, an outcome each ----------------------------------------------------------------


def test_every_pole_is_done_in_one_commit(registry: Registry, poles: list[PoleId]) -> None:
    before = registry.journal.size()

    done = registry.do(calls(poles), make.by())

    assert [item.result for item in done.outcomes] == ["done"] * 3
    assert [item.subject for item in done.outcomes] == poles
    assert registry.journal.size() == done.position == before + 3
    shared = {row.read().event.meta.correlation_id for row in registry.journal.rows(before, 10)}
    assert shared == {done.answer}


def test_a_refused_pole_says_why_and_does_not_stop_the_others(
    registry: Registry, poles: list[PoleId]
) -> None:
    registry.do(moves(poles[1:2], "end", reason="dissolved"), make.by())

    done = registry.do(calls(poles), make.by())

    assert [item.result for item in done.outcomes] == ["done", "refused", "done"]
    refusal = done.outcomes[1].refusal
    assert refusal
    assert refusal.code == "pole.ended"
    assert str(refusal).startswith("Ce pôle a cessé le ")
    assert len(done.events) == 2


def test_a_pole_that_is_not_there_is_refused_alone(registry: Registry, poles: list[PoleId]) -> None:
    done = registry.do(calls([poles[0], uuid4()]), make.by())

    assert [item.result for item in done.outcomes] == ["done", "refused"]
    assert done.outcomes[1].refusal
    assert done.outcomes[1].refusal.code == "not_found"


def test_a_pole_named_twice_counts_once(registry: Registry, poles: list[PoleId]) -> None:
    done = registry.do(calls([poles[0], poles[0]]), make.by())

    assert len(done.outcomes) == len(done.events) == 1


def test_when_all_are_refused_nothing_is_recorded(registry: Registry, poles: list[PoleId]) -> None:
    size = registry.journal.size()

    done = registry.do(moves(poles, "fall_silent"), make.by(Role.COORDINATOR))

    assert {item.result for item in done.outcomes} == {"refused"}
    assert done.events == ()
    assert registry.journal.size() == size


def test_what_is_said_of_the_act_is_said_of_each(registry: Registry, poles: list[PoleId]) -> None:
    act = calls(poles, source="tournée d'appels", occurred_on=PartialDate("2024-05"))

    done = registry.do(act, make.by())

    for event in done.events:
        assert event.meta.source == "tournée d'appels"
        assert event.occurred_on == PartialDate("2024-05")


def test_a_required_source_is_given_once_for_all(registry: Registry, poles: list[PoleId]) -> None:
    act = ActOnPoles(
        command="pole.record_past_step",
        fields={"transition": "end", "input": {"reason": "dissolved"}},
        poles=tuple(poles),
        source="un article",
        occurred_on=PartialDate("2024-06-03"),
    )

    done = registry.do(act, make.by())

    assert [item.result for item in done.outcomes] == ["done"] * 3


def test_the_answer_of_each_is_its_own(registry: Registry, poles: list[PoleId]) -> None:
    done = registry.do(joins(poles, "Scop des Deux Rives"), make.by())

    assert len({item.answer for item in done.outcomes}) == 3
    for item in done.outcomes:
        pole = registry.load(Pole, item.subject)
        assert pole
        assert list(pole.members) == [item.answer]


# --- the whole is one request -------------------------------------------------------------------


def test_a_key_names_the_whole(registry: Registry, poles: list[PoleId]) -> None:
    first = registry.do(calls(poles), make.by(), key="tournée")
    size = registry.journal.size()

    again = registry.do(calls(poles), make.by(), key="tournée")

    assert again.repeated
    assert (again.answer, again.position) == (first.answer, first.position)
    assert registry.journal.size() == size


def test_what_anybody_changed_meanwhile_is_decided_again(tmp_path: Path) -> None:
    with make.registry(tmp_path) as registry:
        pole = PoleId(register(registry, "Un"))
        other = PoleId(register(registry, "Deux"))
        act = _Interrupted(
            command="pole.note_contact", fields=calls([]).fields, poles=(pole, other)
        )
        _Interrupted.meanwhile = lambda: registry.do(
            moves([pole], "end", reason="dissolved"), make.by()
        )

        done = registry.do(act, make.by())

        assert [item.result for item in done.outcomes] == ["refused", "done"]


class _Interrupted(ActOnPoles):
    """The first time it has decided, somebody else acts before it is recorded."""

    meanwhile: Any = None

    @override
    def execute(self, work: Work) -> UUID:
        answer = super().execute(work)
        act, type(self).meanwhile = type(self).meanwhile, None
        if act:
            act()
        return answer


# --- what is refused at once --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"command": "pole.register"}, NotAboutAPole),
        ({"command": "nulle.part"}, NotAboutAPole),
        ({"poles": ()}, Nobody),
        ({"poles": tuple(PoleId(UUID(int=n)) for n in range(LARGEST + 1))}, TooMany),
        ({"fields": {"channel": "a", "outcome": "b", "source": "c"}}, SaidOfAll),
        ({"fields": {"channel": "a"}}, Malformed),
        ({"fields": {"channel": "a", "outcome": "b", "autre": 1}}, Malformed),
    ],
)
def test_what_is_wrong_with_all_is_refused_in_one_sentence(
    registry: Registry, poles: list[PoleId], change: dict[str, Any], refusal: type[Invalid]
) -> None:
    size = registry.journal.size()
    act = calls(poles).model_copy(update=change)

    with pytest.raises(refusal) as refused:
        registry.do(act, make.by())

    assert str(refused.value).endswith((".", "»"))
    assert "\n" not in str(refused.value)
    assert registry.journal.size() == size


def test_whatever_is_about_one_pole_can_be_done_with_many() -> None:
    known = about_one_pole()

    assert {"pole.move", "pole.add_member", "recognition.record"} <= set(known)
    assert not {"pole.register", "pole.bulk", "claim.record"} & set(known)


# --- rehearsals ---------------------------------------------------------------------------------


def test_a_rehearsal_tells_everything_and_writes_nothing(tmp_path: Path) -> None:
    with make.registry(tmp_path) as registry:
        pole = PoleId(register(registry, "Un"))
        size, keys = registry.journal.size(), keys_in(registry, tmp_path)
        fields = {"member_kind": "citizen", "person": "Camille Martin"}
        act = ActOnPoles(command="pole.add_member", fields=fields, poles=(pole,))

        done = registry.do(act, make.by(), dry_run=True, key="essai")
        (told,) = foreseen(registry, done.outcomes[0].events)

        assert (told.topic, told.title) == ("pole.member_joined.v1", "Nouveau membre")
        assert told.detail == "une personne physique (citoyenne ou citoyen)"
        assert told.event["member_kind"] == "citizen"
        assert "Camille" not in json.dumps(told.event)
        assert registry.journal.size() == size
        assert keys_in(registry, tmp_path) == keys


def keys_in(registry: Registry, folder: Path) -> bytes:
    return (folder / "keys.db").read_bytes()


def test_a_step_is_foreseen_in_the_words_of_its_journey(
    registry: Registry, poles: list[PoleId]
) -> None:
    done = registry.do(moves(poles[:1], "end", reason="dissolved"), make.by(), dry_run=True)

    (told,) = foreseen(registry, done.events)

    assert told.title == "Constater que le pôle a cessé"
    assert told.detail == "mène à l'étape « A cessé », selon les règles du 12 mai 2021"


# --- as if one by one ---------------------------------------------------------------------------

ABOUT_POLES = [(command, own) for command, own in COMMANDS if command.NAME in about_one_pole()]
LASTING = [(c, own) for c, own in ABOUT_POLES if c.NAME != "recognition.record"]
"""Those that begin no stream of their own: what they record can be compared, stream by stream."""


@settings(deadline=None, max_examples=25)
@given(past=histories, attempt=attempts(LASTING))
def test_the_store_is_what_the_accepted_alone_would_have_made_one_by_one(
    past: list[Attempt], attempt: Attempt
) -> None:
    with TemporaryDirectory() as folder:
        ours, theirs = Path(folder, "ours"), Path(folder, "theirs")
        ours.mkdir()
        poles = live(ours, past)
        shutil.copytree(ours, theirs)
        clock = make.Clock(make.NOW.replace(year=2030))
        named = [*poles, UUID(int=7)]

        with make.registry(ours, clock=clock, publish=False) as registry:
            done = registry.do(in_bulk(attempt, named), make.by(attempt.role))
            together = told(registry)
        refused = {}
        with make.registry(theirs, clock=clock, publish=False) as registry:
            for pole in named:
                try:
                    registry.do(alone(attempt, pole), make.by(attempt.role))
                except JalonError as refusal:
                    refused[pole] = (refusal.code, str(refusal))
            one_by_one = told(registry)

        assert together == one_by_one
        assert refused == {
            item.subject: (item.refusal.code, str(item.refusal))
            for item in done.outcomes
            if item.refusal
        }


def live(folder: Path, past: list[Attempt]) -> list[UUID]:
    clock = make.Clock()
    with make.registry(folder, clock=clock) as registry:
        life = Life(registry, clock)
        for attempt in past:
            life.attempt(attempt)
        return life.poles


def alone(attempt: Attempt, pole: UUID) -> Command:
    return attempt.command.model_validate({**attempt.fields, "pole": pole})


def in_bulk(attempt: Attempt, poles: list[UUID]) -> ActOnPoles:
    of_all = {name: v for name, v in attempt.fields.items() if name in Command.model_fields}
    fields = {name: v for name, v in attempt.fields.items() if name not in of_all}
    return ActOnPoles.model_validate(
        {"command": attempt.command.NAME, "fields": fields, "poles": poles, **of_all}
    )


def told(registry: Registry) -> dict[str, list[Any]]:
    """Every stream, without what is drawn at random."""
    streams: dict[str, list[Any]] = {}
    for row in registry.journal.rows(0, 10_000):
        state = {name: v for name, v in json.loads(row.state).items() if name not in RANDOM}
        streams.setdefault(row.stream, []).append((row.version, row.topic, state))
    return streams


class Nope(Refused):
    """Refused after it has changed what others share."""

    code = "test.nope"
    fr = "Non."


class RegisterAll(Command, by=(Role.REGISTRAR,)):
    """Enter poles in the one register that they share; some are refused once that is done."""

    names: tuple[tuple[str, bool], ...]

    @override
    def execute(self, work: Work) -> UUID:
        for name, refused in self.names:
            with suppress(Nope), work.attempt():
                pole = enter_register(
                    work, name=name, journey=make.LATEST, occurred_on=work.occurred_on, remark=None
                )
                kept = work.seal(
                    Personal(text="Camille"),
                    event=Pole.MemberJoined,
                    field="person",
                    subject=uuid4(),
                )
                pole.add_member(member_kind=MemberKind.CITIZEN, name=None, person=kept)
                if refused:
                    raise Nope
        return work.identity


entries = st.lists(st.tuples(st.sampled_from("abcd"), st.booleans()), max_size=8)


@settings(deadline=None, max_examples=25)
@given(entries=entries)
def test_what_several_share_is_put_back_when_one_is_refused(
    entries: list[tuple[str, bool]],
) -> None:
    with TemporaryDirectory() as folder, make.registry(Path(folder)) as registry:
        register(registry, "a")

        done = registry.do(RegisterAll(names=tuple(entries)), make.by())

        accepted = ["a", *(name for name, refused in entries if not refused)]
        expected = Register(REGISTER)
        with make.on():
            for name in accepted:
                expected.enter(PoleId(uuid4()), code=expected.free_code(name), name=name)
        found = registry.load(Register, REGISTER)
        assert found
        assert list(found.poles) == list(expected.poles)
        assert found.version == len(accepted)
        assert len(done.events) == 3 * (len(accepted) - 1)
        (sealed,) = registry.journal.query("SELECT count(*) FROM sealed")[0]
        assert sealed == len(accepted) - 1


def test_an_attempt_inside_another_is_undone_with_it(registry: Registry) -> None:
    work = Work(registry, make.context())

    with make.on(), suppress(Nope), work.attempt():
        with work.attempt() as inner:
            enter(work, "a")
        with suppress(Nope), work.attempt():
            enter(work, "b")
            raise Nope
        assert [type(event).__name__ for event in inner] == ["PoleEntered", "Registered"]
        raise Nope

    assert work.saved == []
    assert (work.find(Register, REGISTER) or Register(REGISTER)).poles == {}


def enter(work: Work, name: str) -> None:
    occurred_on = PartialDate("2024")
    enter_register(work, name=name, journey=make.LATEST, occurred_on=occurred_on, remark=None)


def test_what_was_put_back_can_be_changed_again(registry: Registry, poles: list[PoleId]) -> None:
    work = Work(registry, make.context())
    joining = AddMember(pole=poles[0], member_kind=MemberKind.RESEARCH, name="Laboratoire")

    with make.on():
        work.execute(joining)
        with suppress(Nope), work.attempt():
            work.get(Pole, poles[0]).rename("Refusé")
            raise Nope
        work.get(Pole, poles[0]).rename("Accepté")

    pole = work.get(Pole, poles[0])
    assert [dated.value for dated in pole.names] == ["Un", "Accepté"]
    assert [m.name for m in pole.members.values()] == ["Laboratoire"]
    assert pole.version == 3
    assert len(pole.pending) == 2
