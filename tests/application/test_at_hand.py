"""What commands leave at hand spares reading it again, and nobody is answered by what is past."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import ClassVar
from uuid import UUID

import pytest
from typing_extensions import override

from application.at_hand import AtHand, Loan
from application.command import Work
from application.member import AddMember, EndMembership
from application.pole import RegisterPole, RenamePole
from application.recognition import EndRecognition, RecordRecognition
from application.retraction import RetractFact
from domain.dates import UNKNOWN
from domain.membership import AlreadyMember, MemberId, MemberKind
from domain.pole import Pole, PoleId
from domain.recognition import RecognitionKind
from domain.recording import acting
from infrastructure import backup
from infrastructure.event_store.registry import Registry
from tests import make
from tests.as_stored import assert_as_stored


@pytest.fixture
def registry(tmp_path: Path, sqlite_database: str) -> Iterator[Registry]:
    with make.registry(tmp_path, url=sqlite_database) as made:
        yield made


@pytest.fixture
def other(tmp_path: Path, sqlite_database: str, registry: Registry) -> Iterator[Registry]:
    """Another program on the same registry."""
    with make.registry(tmp_path, url=sqlite_database, publish=False) as made:
        yield made


@pytest.fixture
def pole(registry: Registry) -> PoleId:
    return PoleId(registry.do(RegisterPole(name="Tétris"), make.by()).answer)


@pytest.fixture
def loaded(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> list[type]:
    """What is read from the store from now on."""
    found = list[type]()
    load: Callable[..., object] = registry.load

    def noting(cls: type, *where: object) -> object:
        found.append(cls)
        return load(cls, *where)

    monkeypatch.setattr(registry, "load", noting)
    return found


class Forgetful(RenamePole):
    """A command that changes something, and does not save it with the rest."""

    @override
    def execute(self, work: Work) -> UUID:
        work.get(Pole, self.pole).rename(self.name)
        return RegisterPole(name="Autre").execute(work)


class Unready(RenamePole):
    """A command that errs where what it reads of the store is not what it holds of it."""

    @override
    def execute(self, work: Work) -> UUID:
        events = work.history(self.pole)
        last = events[work.get(Pole, self.pole).version - 1]
        assert last is events[-1]
        return super().execute(work)


class SlowJoining(AddMember):
    """A member is taken in, and between reading and recording something else happens, once."""

    MEANWHILE: ClassVar[list[Callable[[], object]]] = []

    @override
    def execute(self, work: Work) -> UUID:
        work.get(Pole, self.pole)
        while self.MEANWHILE:
            self.MEANWHILE.pop()()
        return super().execute(work)


def joins(pole: PoleId, name: str) -> AddMember:
    return AddMember(pole=pole, member_kind=MemberKind.RESEARCH, name=name)


def members(registry: Registry, pole: PoleId) -> list[str]:
    found = registry.load(Pole, pole)
    assert found
    return sorted(member.name or "" for _, member in found.members_on(make.Clock()().date()))


def test_what_a_command_recorded_is_not_read_again_by_the_next(
    registry: Registry, pole: PoleId, loaded: list[type]
) -> None:
    registry.do(joins(pole, "Trézor"), make.by())
    loaded.clear()

    registry.do(RenamePole(pole=pole, name="Tétris 2"), make.by())

    assert Pole not in loaded


def test_a_refusal_is_decided_on_what_is_stored(
    registry: Registry, other: Registry, pole: PoleId
) -> None:
    member = registry.do(joins(pole, "Trézor"), make.by()).answer
    other.do(EndMembership(pole=pole, member=MemberId(member)), make.by())

    registry.do(joins(pole, "Trézor"), make.by())

    assert members(registry, pole) == ["Trézor"]


def test_what_somebody_else_wrote_is_seen_before_anything_is_recorded(
    registry: Registry, other: Registry, pole: PoleId
) -> None:
    registry.do(joins(pole, "Trézor"), make.by())
    other.do(joins(pole, "Aïda"), make.by())

    with pytest.raises(AlreadyMember):
        registry.do(joins(pole, "Aïda"), make.by())

    assert members(registry, pole) == ["Aïda", "Trézor"]


def test_a_rehearsal_is_decided_on_what_is_stored(
    registry: Registry, other: Registry, pole: PoleId
) -> None:
    registry.do(joins(pole, "Trézor"), make.by())
    other.do(joins(pole, "Aïda"), make.by())

    with pytest.raises(AlreadyMember):
        registry.do(joins(pole, "Aïda"), make.by(), dry_run=True)


def test_another_state_put_in_its_place_is_noticed_though_every_version_is_the_same(
    registry: Registry, other: Registry, pole: PoleId, tmp_path: Path, sqlite_database: str
) -> None:
    copy = tmp_path / "copie.db"
    backup.back_up(sqlite_database, copy, lambda: None)
    registry.do(joins(pole, "Trézor"), make.by())
    backup.restore(sqlite_database, copy, other.journal)
    other.do(joins(pole, "Aïda"), make.by())

    with pytest.raises(AlreadyMember):
        registry.do(joins(pole, "Aïda"), make.by())
    registry.do(joins(pole, "Trézor"), make.by())

    assert members(registry, pole) == ["Aïda", "Trézor"]
    assert registry.journal.version(pole) == other.journal.version(pole) == 3


def test_another_state_is_noticed_by_every_command_that_had_begun(
    registry: Registry, other: Registry, pole: PoleId, tmp_path: Path, sqlite_database: str
) -> None:
    copy = tmp_path / "copie.db"
    elsewhere = PoleId(registry.do(RegisterPole(name="Ailleurs"), make.by()).answer)
    backup.back_up(sqlite_database, copy, lambda: None)
    registry.do(joins(pole, "Trézor"), make.by())

    def replaced() -> None:
        backup.restore(sqlite_database, copy, other.journal)
        other.do(joins(pole, "Aïda"), make.by())
        registry.do(joins(elsewhere, "Aïda"), make.by())  # another thread, which is told of it

    SlowJoining.MEANWHILE.append(replaced)
    with pytest.raises(AlreadyMember):
        registry.do(SlowJoining(**dict(joins(pole, "Aïda"))), make.by())

    assert members(registry, pole) == ["Aïda"]


def test_what_was_read_of_the_store_that_was_is_not_put_back() -> None:
    at_hand = AtHand()
    before, after = Pole.new(), Pole.new()
    at_hand.put_back([before])
    at_hand.put_back([after], lineage=1)

    at_hand.put_back([before], lineage=0)

    assert at_hand.kept == (after,)
    assert at_hand.take(Pole, after.id, 0) is None
    assert at_hand.take(Pole, after.id, 1) is after


def test_an_error_is_decided_again_on_what_is_stored_and_logged(
    registry: Registry, other: Registry, pole: PoleId, caplog: pytest.LogCaptureFixture
) -> None:
    registry.do(joins(pole, "Trézor"), make.by())
    other.do(joins(pole, "Aïda"), make.by())

    done = registry.do(Unready(pole=pole, name="Tétris 2"), make.by())

    assert len(done.events) == 1
    assert f"{Unready.NAME} is decided again on what is stored" in caplog.text


def test_what_is_in_force_from_its_recording_is_read_again(
    registry: Registry, pole: PoleId
) -> None:
    registry.do(RenamePole(pole=pole, name="Trézor", occurred_on=UNKNOWN), make.by())

    assert pole not in {kept.id for kept in registry.at_hand.kept}


def test_what_a_correction_read_is_read_again(registry: Registry, pole: PoleId) -> None:
    said = {
        "pole": pole,
        "recognition_kind": RecognitionKind.PROJECT_CALL,
        "code": "c",
        "ground": "g",
    }
    given = {**said, "occurred_on": "2023-02-01", "source": "courrier"}
    told = registry.do(RecordRecognition.model_validate({**given, "issuer": "A"}), make.by())
    registry.do(EndRecognition(recognition=told.answer, motive="terme"), make.by())
    again = {"issuer": "B", "corrects": told.events[0].meta.event_id, "reason": "relu"}

    registry.do(RecordRecognition.model_validate({**given, **again}), make.by())

    assert assert_as_stored(registry) > 0


def test_what_a_command_leaves_pending_is_not_kept(
    registry: Registry, other: Registry, pole: PoleId
) -> None:
    registry.do(Forgetful(pole=pole, name="Trézor"), make.by())
    other.do(joins(pole, "Aïda"), make.by())

    registry.do(RenamePole(pole=pole, name="Aïda"), make.by())

    names = [one.event for one in registry.history(pole) if isinstance(one.event, Pole.Renamed)]
    assert [told.name for told in names] == ["Aïda"]


def test_a_retraction_is_decided_on_what_is_stored(
    registry: Registry, other: Registry, pole: PoleId, loaded: list[type]
) -> None:
    told = registry.do(joins(pole, "Trézor"), make.by()).events[0].meta.event_id
    other.do(joins(pole, "Aïda"), make.by())
    loaded.clear()

    registry.do(RetractFact(event=told, reason="n'a pas eu lieu"), make.by())

    assert Pole in loaded
    assert members(registry, pole) == ["Aïda"]


def test_what_is_undone_goes_back_to_what_the_command_had_read(
    registry: Registry, pole: PoleId
) -> None:
    at_hand = AtHand()
    before = registry.load(Pole, pole)
    registry.do(RenamePole(pole=pole, name="Trézor"), make.by())
    work = Work(registry, make.context(), Loan(at_hand))
    with suppress(ZeroDivisionError), acting(make.context()), work.attempt():
        RenamePole(pole=pole, name="Aïda").execute(work)
        assert before
        at_hand.put_back([before])  # by a command that was slow to end
        raise ZeroDivisionError

    assert work.get(Pole, pole).version == 2


def test_the_least_lately_put_back_goes_first() -> None:
    at_hand = AtHand(2)
    first, second, third = Pole.new(), Pole.new(), Pole.new()
    at_hand.put_back([first, second])
    assert at_hand.take(Pole, first.id) is first

    at_hand.put_back([first])
    at_hand.put_back([third])

    assert at_hand.kept == (first, third)


def test_what_is_lent_is_lent_to_one() -> None:
    at_hand = AtHand()
    pole = Pole.new()
    at_hand.put_back([pole])
    one, two = Loan(at_hand), Loan(at_hand)

    assert one.take(Pole, pole.id) is pole
    assert two.take(Pole, pole.id) is None
    assert (one.is_used, two.is_used) == (True, False)
