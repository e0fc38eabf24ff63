"""Commands in, decided and recorded: once, whole, on what was true when they were recorded."""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from eventsourcing.persistence import OperationalError
from pydantic import ValidationError
from typing_extensions import override

from application.charter_signature import SignCharter
from application.claim import RecordClaim
from application.command import Command, Work
from application.journey import PublishJourney
from application.member import AddMember
from application.pole import FileEvidence, LocatePole, MovePole, RegisterPole, RenamePole
from application.recognition import EndRecognition, RecordRecognition
from domain.charter import Capacity, CharterSignature, Variant
from domain.claim import Claim
from domain.dates import PartialDate
from domain.errors import Conflict, JalonError, NotFound
from domain.given import InputRefused
from domain.journey import Journey
from domain.membership import AlreadyMember, MemberKind
from domain.personal import KeysUnreachable, SealedAltered
from domain.pole import Pole, PoleId, Territory
from domain.recognition import RecognitionId, RecognitionKind
from domain.register import REGISTER, Register
from domain.roles import Role
from domain.rulebook import RULEBOOK
from domain.rules import FaultyJourney
from domain.track import NotBegun
from domain.values import Personal, Sealed
from domain.workflow import NotFromHere
from infrastructure.audit_log import verify
from infrastructure.event_store.failure import StoreFailed, explain
from infrastructure.event_store.registry import ATTEMPTS, KEYS_KEPT, KeyReused, Registry
from tests import make

KEY = "6d2a"
NAME = "Camille Martin-Dupré"


@pytest.fixture
def clock() -> make.Clock:
    return make.Clock()


@pytest.fixture
def registry(tmp_path: Path, database_url: str, clock: make.Clock) -> Iterator[Registry]:
    """A registry on each engine in turn."""
    with make.registry(tmp_path, url=database_url, clock=clock) as made:
        yield made


@pytest.fixture
def other(tmp_path: Path, database_url: str, clock: make.Clock) -> Iterator[Registry]:
    """Another program on the same registry."""
    with make.registry(tmp_path, url=database_url, clock=clock, publish=False) as made:
        yield made


@pytest.fixture
def pole(registry: Registry) -> PoleId:
    return register(registry, "Tétris")


def register(registry: Registry, name: str) -> PoleId:
    command = RegisterPole(name=name, occurred_on=PartialDate("2022"))
    return PoleId(registry.do(command, make.by()).answer)


def name_of(registry: Registry, pole: UUID, clock: make.Clock | None = None) -> str:
    found = registry.load(Pole, pole)
    assert found
    return found.name_on((clock or make.Clock())().date())


def joins(pole: PoleId, name: str) -> AddMember:
    return AddMember(pole=pole, member_kind=MemberKind.RESEARCH, name=name)


# What a command records.


def test_what_a_command_did_is_in_the_journal(registry: Registry, pole: PoleId) -> None:
    done = registry.do(RenamePole(pole=pole, name="Trézor"), make.by())

    assert done.answer == pole
    assert done.position == registry.journal.size()
    assert [event.TOPIC for event in done.events] == ["pole.renamed.v1"]
    assert registry.history(pole)[-1].event == done.events[0]


def test_everything_a_command_records_is_recorded_together(registry: Registry) -> None:
    before = registry.journal.size()

    done = registry.do(RegisterPole(name="Tétris"), make.by())

    entered, registered = (row.read() for row in registry.journal.rows(before, 10))
    assert (entered.stream, registered.stream) == (REGISTER, done.answer)
    assert entered.event.meta.correlation_id == registered.event.meta.correlation_id
    assert entered.event.meta.event_id != registered.event.meta.event_id


def test_who_acts_comes_from_who_is_signed_in(registry: Registry, pole: PoleId) -> None:
    command = RenamePole(pole=pole, name="Trézor", ground="statuts", source="journal officiel")

    (event,) = registry.do(command, make.by(Role.COORDINATOR)).events

    meta = event.meta
    assert (meta.actor, meta.role) == (make.ACTOR, Role.COORDINATOR)
    assert (meta.ground, meta.source) == ("statuts", "journal officiel")
    with pytest.raises(ValidationError):
        RenamePole.model_validate({"pole": pole, "name": "x", "actor": make.ACTOR})


def test_a_fact_is_of_today_in_paris_unless_it_says_otherwise(
    registry: Registry, pole: PoleId, clock: make.Clock
) -> None:
    clock.now = datetime(2024, 6, 30, 22, 30, tzinfo=UTC)

    (event,) = registry.do(RenamePole(pole=pole, name="Trézor"), make.by()).events

    assert str(event.occurred_on) == "2024-07-01"


def test_a_refused_command_records_nothing(registry: Registry, pole: PoleId) -> None:
    registry.do(joins(pole, "Université"), make.by())
    size = registry.journal.size()

    with pytest.raises(AlreadyMember):
        registry.do(joins(pole, "Université"), make.by())

    assert registry.journal.size() == size


def test_a_command_with_nothing_to_record_is_done_already(registry: Registry) -> None:
    journey = make.journey().journey
    size = registry.journal.size()

    done = registry.do(PublishJourney(journey=journey), make.by(), key=KEY)

    assert (done.events, done.position) == ((), size)


def test_the_identity_of_something_else_is_not_found(registry: Registry, pole: PoleId) -> None:
    claim = registry.do(
        RecordClaim(statement="Plus de 50.", author="ministère", source="une revue"), make.by()
    ).answer

    for wrong in (claim, RULEBOOK, REGISTER, uuid4()):
        with pytest.raises(NotFound):
            registry.do(RenamePole(pole=PoleId(wrong), name="Trézor"), make.by())


def test_a_pole_cannot_move_before_it_began(registry: Registry, pole: PoleId) -> None:
    command = MovePole(
        pole=pole,
        transition="end",
        input={"reason": "dissolved"},
        occurred_on=PartialDate("2021"),
    )

    with pytest.raises(NotBegun):
        registry.do(command, make.by())


# Idempotency.


def test_a_command_asked_again_gives_the_same_answer_and_is_not_done_again(
    registry: Registry,
) -> None:
    command = RegisterPole(name="Tétris")
    first = registry.do(command, make.by(), key=KEY)
    size = registry.journal.size()

    again = registry.do(command, make.by(), key=KEY)

    assert again.answer == first.answer
    assert (first.repeated, again.repeated) == (False, True)
    assert registry.journal.size() == size


def test_the_same_command_under_another_key_is_another_command(registry: Registry) -> None:
    command = RegisterPole(name="Tétris")

    one = registry.do(command, make.by(), key="one")
    other = registry.do(command, make.by(), key="other")

    assert one.answer != other.answer


def test_a_command_that_its_own_first_time_would_refuse_gives_its_answer(
    registry: Registry, pole: PoleId
) -> None:
    first = registry.do(joins(pole, "Université"), make.by(), key=KEY)

    again = registry.do(joins(pole, "Université"), make.by(), key=KEY)

    assert again.answer == first.answer
    assert again.repeated


@pytest.mark.parametrize(
    "another",
    [
        lambda pole: RenamePole(pole=pole, name="Autre"),
        lambda pole: RenamePole(pole=pole, name="Trézor", source="ailleurs"),
        lambda pole: joins(pole, "Université"),
    ],
)
def test_another_request_under_the_same_key_is_refused(
    registry: Registry, pole: PoleId, another: Callable[[PoleId], Command]
) -> None:
    registry.do(RenamePole(pole=pole, name="Trézor"), make.by(), key=KEY)
    size = registry.journal.size()

    with pytest.raises(KeyReused):
        registry.do(another(pole), make.by(), key=KEY)

    assert registry.journal.size() == size


def test_a_key_belongs_to_who_uses_it(registry: Registry, pole: PoleId) -> None:
    somebody_else = make.by().model_copy(update={"actor": uuid4()})
    registry.do(RenamePole(pole=pole, name="Trézor"), make.by(), key=KEY)

    registry.do(RenamePole(pole=pole, name="Autre"), somebody_else, key=KEY)

    assert name_of(registry, pole) == "Autre"


def test_a_refusal_is_not_remembered(registry: Registry, pole: PoleId) -> None:
    command = joins(PoleId(uuid4()), "Université")
    with pytest.raises(NotFound):
        registry.do(command, make.by(), key=KEY)
    command = joins(pole, "Université")

    done = registry.do(command, make.by(), key=KEY)

    assert not done.repeated
    assert len(done.events) == 1


@pytest.mark.parametrize(("days", "repeated"), [(29.9, True), (30.1, False)])
def test_a_key_is_kept_for_thirty_days(
    registry: Registry, clock: make.Clock, days: float, repeated: bool
) -> None:
    assert timedelta(days=30) == KEYS_KEPT
    command = RegisterPole(name="Tétris")
    first = registry.do(command, make.by(), key=KEY)

    clock.advance(days=days)
    again = registry.do(command, make.by(), key=KEY)

    assert again.repeated is repeated
    assert (again.answer == first.answer) is repeated
    assert verify(registry.journal).root == registry.journal.root()


def test_a_key_past_its_time_may_name_another_request(
    registry: Registry, pole: PoleId, clock: make.Clock
) -> None:
    registry.do(RenamePole(pole=pole, name="Trézor"), make.by(), key=KEY)
    clock.advance(days=31)

    registry.do(RenamePole(pole=pole, name="Autre"), make.by(), key=KEY)

    with pytest.raises(KeyReused):
        registry.do(RenamePole(pole=pole, name="Encore"), make.by(), key=KEY)
    assert name_of(registry, pole, clock) == "Autre"


def test_a_command_sent_many_times_at_once_is_done_once(
    registry: Registry, other: Registry
) -> None:
    command, size = RegisterPole(name="Tétris"), registry.journal.size()

    def send(number: int) -> UUID:
        return (registry, other)[number % 2].do(command, make.by(), key=KEY).answer

    with ThreadPoolExecutor(6) as pool:
        answers = set(pool.map(send, range(12)))

    assert len(answers) == 1
    assert registry.journal.size() == size + 2


def test_what_a_key_keeps_of_a_request_cannot_be_guessed(registry: Registry, pole: PoleId) -> None:
    command = AddMember(pole=pole, member_kind=MemberKind.CITIZEN, person=Personal(text=NAME))

    registry.do(command, make.by(), key=KEY)

    (kept,) = registry.journal.query("SELECT request, answer FROM event WHERE command IS NOT NULL")
    assert len(bytes(kept[0])) == 32
    assert UUID(kept[1])


def test_a_request_that_will_be_refused_may_hold_anything(registry: Registry, pole: PoleId) -> None:
    """The fingerprint of a request is taken before anybody looks at it."""
    strange = {"reason": [1.5, 10**30, None, {"a": float("inf")}]}
    command = MovePole(pole=pole, transition="end", input=strange)

    with pytest.raises(InputRefused):
        registry.do(command, make.by(), key=KEY)


# Others at work.


def insist(registry: Registry, command: Command) -> None:
    """Send a command until nobody else was faster, as whoever is told of a conflict does."""
    while True:
        with suppress(Conflict):
            registry.do(command, make.by())
            return


def test_commands_on_one_pole_from_two_programs_are_recorded_once_each(
    registry: Registry, other: Registry, pole: PoleId
) -> None:
    def rename(number: int) -> None:
        insist((registry, other)[number % 2], RenamePole(pole=pole, name=f"Nom {number}"))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(rename, range(24)))

    history = registry.history(pole)
    assert [recorded.version for recorded in history] == list(range(1, 26))
    names = [r.event.name for r in history if isinstance(r.event, Pole.Renamed)]
    assert sorted(names) == sorted(f"Nom {number}" for number in range(24))
    assert verify(registry.journal).root == registry.journal.root()


def test_of_two_who_add_the_same_member_at_once_one_is_refused(
    registry: Registry, other: Registry
) -> None:
    poles = [register(registry, f"Pôle {number}") for number in range(8)]

    def add(number: int) -> str:
        try:
            (registry, other)[number % 2].do(joins(poles[number // 2], "Université"), make.by())
        except AlreadyMember:
            return "refused"
        return "done"

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(add, range(16)))

    assert outcomes.count("done") == outcomes.count("refused") == 8


def test_poles_registered_at_once_have_codes_of_their_own(
    registry: Registry, other: Registry
) -> None:
    def enter(number: int) -> None:
        insist((registry, other)[number % 2], RegisterPole(name="Tétris"))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(enter, range(12)))

    found = registry.load(Register, REGISTER)
    assert found
    assert sorted(found.poles) == sorted(["tetris", *(f"tetris-{n}" for n in range(2, 13))])


class ClaimName(Command, by=(Role.REGISTRAR,)):
    """Say what a pole is called; others may be at work between the reading and the saying."""

    pole: PoleId

    @override
    def execute(self, work: Work) -> UUID:
        pole = work.get(Pole, self.pole)
        meanwhile.pop()() if meanwhile else None
        claim = Claim.record(
            statement=f"Il s'appelle {pole.name_on(work.today)}.", author="test", source="une revue"
        )
        work.save(claim)
        return claim.id


meanwhile: list[Callable[[], object]] = []


@pytest.fixture(autouse=True)
def _nobody_else() -> Iterator[None]:
    yield
    meanwhile.clear()


def test_a_command_decides_again_on_what_changed_after_it_read_it(
    registry: Registry, other: Registry, pole: PoleId
) -> None:
    """It only read the pole: even so, what it says of it must be true when it is recorded."""
    meanwhile.append(lambda: other.do(RenamePole(pole=pole, name="Trézor"), make.by()))

    done = registry.do(ClaimName(pole=pole), make.by())

    (claimed,) = done.events
    assert isinstance(claimed, Claim.Recorded)
    assert claimed.statement == "Il s'appelle Trézor."
    assert [r.event for r in registry.told(Claim.Recorded)] == [claimed]


def test_a_command_that_others_always_overtake_is_reported_after_a_few_times(
    registry: Registry, other: Registry, pole: PoleId
) -> None:
    names = iter(range(100))
    meanwhile.extend(
        [lambda: other.do(RenamePole(pole=pole, name=f"Nom {next(names)}"), make.by())]
        * (ATTEMPTS + 3)
    )

    with pytest.raises(Conflict, match="rien n'a été enregistré"):
        registry.do(ClaimName(pole=pole), make.by())

    assert len(meanwhile) == 3
    assert list(registry.told(Claim.Recorded)) == []


class SlowStep(MovePole):
    """A step that is decided, and recorded a while later."""

    @override
    def act(self, work: Work, pole: Pole) -> None:
        super().act(work, pole)
        meanwhile.pop()() if meanwhile else None


def test_a_step_decides_again_when_what_its_clauses_read_has_changed(
    registry: Registry, other: Registry, pole: PoleId
) -> None:
    """The recognition that opens the way ends after the clauses were judged."""
    definition = make.journey().journey.model_dump(mode="json", by_alias=True)
    clauses = [clause for way in definition["transitions"] for clause in way["requires"]]
    article9 = next(clause for clause in clauses if clause["id"] == "article9")
    confirm = {"id": "confirm", "from": ["recognised"], "to": "recognised", "requires": [article9]}
    definition["version"] = "2023-01-01"
    definition["transitions"].append(confirm | {"by": ["registrar"], "title": {"fr": "Confirmer"}})
    journey = Journey.model_validate(definition)
    registry.do(PublishJourney(journey=journey), make.by(Role.ADMINISTRATOR))
    since = {"occurred_on": PartialDate("2024-06-01")}
    register = RegisterPole(name="Confirmé", journey=journey.ref, **since)
    pole = PoleId(registry.do(register, make.by()).answer)
    selection = RecordRecognition(
        pole=pole,
        recognition_kind=RecognitionKind.SELECTION,
        code="selection",
        issuer="comité",
        ground="loi n° 2014-856, art. 9 II",
        **since,
    )
    ready = [
        AddMember(pole=pole, member_kind=kind, name=f"Membre {number}", **since)
        for number, kind in enumerate(
            (MemberKind.ESS_ENTERPRISE, MemberKind.OTHER_ENTERPRISE, MemberKind.RESEARCH)
        )
    ]
    for command in (
        *ready,
        FileEvidence(pole=pole, evidence="strategy", title="Stratégie", **since),
        LocatePole(pole=pole, territory=Territory(words="Grasse"), **since),
    ):
        registry.do(command, make.by())
    selected = registry.do(selection, make.by())
    ends = EndRecognition(recognition=RecognitionId(selected.answer), motive="retirée")
    step = SlowStep(pole=pole, transition="confirm")
    assert registry.do(step, make.by(), dry_run=True).events
    before = list(registry.told(Pole.Moved))
    meanwhile.append(lambda: other.do(ends, make.by()))

    with pytest.raises(NotFromHere, match="« Confirmer » n'est pas possible"):
        registry.do(step, make.by())

    taken = [told.event for told in registry.told(Pole.Moved)][len(before) :]
    assert [e.transition for e in taken if isinstance(e, Pole.Moved)] == ["lapse"]


# Dry runs.


def everything(registry: Registry) -> list[list[Any]]:
    tables = ("event", "sealed", "tracking", "restoration")
    return [registry.journal.query(f"SELECT * FROM {table} ORDER BY 1") for table in tables]


def test_a_dry_run_says_what_would_be_recorded_and_writes_nothing(
    registry: Registry, pole: PoleId
) -> None:
    before = everything(registry)
    command = AddMember(pole=pole, member_kind=MemberKind.CITIZEN, person=Personal(text=NAME))

    done = registry.do(command, make.by(), key=KEY, dry_run=True)

    (event,) = done.events
    assert isinstance(event, Pole.MemberJoined)
    assert everything(registry) == before
    assert registry.history(pole)[-1].event != event


def test_a_dry_run_refuses_what_would_be_refused(registry: Registry, pole: PoleId) -> None:
    registry.do(joins(pole, "Université"), make.by())

    with pytest.raises(AlreadyMember):
        registry.do(joins(pole, "Université"), make.by(), dry_run=True)


def test_a_dry_run_does_not_use_up_its_key(registry: Registry, pole: PoleId) -> None:
    registry.do(joins(pole, "Université"), make.by(), key=KEY, dry_run=True)

    done = registry.do(joins(pole, "Coopérative"), make.by(), key=KEY)

    assert not done.repeated


# Personal values.


def sign(registry: Registry, pole: PoleId, charter: str = "2014-09-19") -> Sealed:
    command = SignCharter(
        pole=pole,
        charter=PartialDate(charter),
        variant=Variant.EXISTING_POLE,
        capacity=Capacity.PRESIDENT,
        place="Grasse",
        signatory=Personal(text=NAME),
    )
    (signed, _) = registry.do(command, make.by()).events
    assert isinstance(signed, CharterSignature.Signed)
    return signed.signatory


def opened(registry: Registry, kept: Sealed) -> str | None:
    return registry.unseal(kept, event=CharterSignature.Signed, field="signatory")


def test_a_sealed_name_is_opened_to_be_shown(registry: Registry, pole: PoleId) -> None:
    kept = sign(registry, pole)

    assert opened(registry, kept) == NAME


def test_another_value_of_the_same_key_is_not_shown_in_its_place(
    registry: Registry, pole: PoleId, database_url: str
) -> None:
    kept = sign(registry, pole)
    subject, _ = registry.journal.ciphertext(kept.ref) or ("", b"")
    where: Any = {"event": CharterSignature.Signed, "field": "signatory", "subject": UUID(subject)}
    _, other = registry.seal("Quelqu'un d'autre", made={}, **where)

    with make.closing_engine(database_url) as engine, engine.begin() as tx:
        tx.execute(sa.text("UPDATE sealed SET ciphertext = :other"), {"other": other})

    with pytest.raises(SealedAltered):
        opened(registry, kept)


def test_a_sealed_name_lies_nowhere_in_the_files(tmp_path: Path) -> None:
    with make.registry(tmp_path) as registry:
        pole = register(registry, "Tétris")
        sign(registry, pole)
        member = AddMember(pole=pole, member_kind=MemberKind.CITIZEN, person=Personal(text=NAME))
        (joined,) = registry.do(member, make.by()).events
        while_open = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    closed = {file.name: file.read_bytes() for file in tmp_path.iterdir()}

    assert "registry.db-wal" in while_open
    assert isinstance(joined, Pole.MemberJoined)
    assert joined.person
    for content in (*while_open.values(), *closed.values()):
        for part in (NAME.encode(), b"Camille", b"Martin-Dupr", NAME.encode("utf-16-le")):
            assert part not in content


def test_nothing_of_the_person_but_a_hash_is_in_the_journal(
    registry: Registry, pole: PoleId
) -> None:
    kept = sign(registry, pole)

    subject, _ = registry.journal.ciphertext(kept.ref) or ("", b"")
    states = b"".join(bytes(row.state) for row in registry.journal.rows(0, 100))
    assert kept.ref.encode() in states
    assert subject.encode() not in states


def test_a_name_whose_key_was_destroyed_is_erased(
    registry: Registry, pole: PoleId, tmp_path: Path
) -> None:
    kept = sign(registry, pole)
    root = registry.journal.root()
    subject, _ = registry.journal.ciphertext(kept.ref) or ("", b"")

    with closing(sqlite3.connect(tmp_path / "keys.db")) as db, db:
        db.execute("DELETE FROM key WHERE subject = ?", (subject,))

    assert opened(registry, kept) is None
    assert verify(registry.journal).root == root


def test_a_name_whose_ciphertext_was_deleted_is_erased(
    registry: Registry, pole: PoleId, database_url: str
) -> None:
    kept = sign(registry, pole)

    with make.closing_engine(database_url) as engine, engine.begin() as tx:
        tx.exec_driver_sql("DELETE FROM sealed")

    assert opened(registry, kept) is None
    assert verify(registry.journal).size == registry.journal.size()


def test_keys_that_cannot_be_reached_are_not_taken_for_destroyed(
    registry: Registry, pole: PoleId, tmp_path: Path
) -> None:
    kept = sign(registry, pole)
    (tmp_path / "keys.db").rename(tmp_path / "elsewhere")

    with pytest.raises(KeysUnreachable):
        opened(registry, kept)
    with pytest.raises(KeysUnreachable):
        sign(registry, pole, charter="2021-06")
    (tmp_path / "elsewhere").rename(tmp_path / "keys.db")
    assert opened(registry, kept) == NAME


def test_a_name_sealed_for_one_purpose_cannot_be_opened_for_another(
    registry: Registry, pole: PoleId
) -> None:
    kept = sign(registry, pole)

    shown = registry.unseal(kept, event=Pole.MemberJoined, field="person")

    assert shown is None  # for that purpose there is no key


# Questions.


def test_a_pole_is_loaded_as_it_was_known_at_any_size(registry: Registry, pole: PoleId) -> None:
    size = registry.journal.size()
    registry.do(RenamePole(pole=pole, name="Trézor"), make.by())

    then = registry.load(Pole, pole, size)

    assert then
    assert then.name_on(make.TODAY) == "Tétris"
    assert registry.load(Pole, pole, size - 2) is None
    assert len(registry.history(pole, size)) == 1


def test_everything_told_of_some_kinds_comes_oldest_first(registry: Registry) -> None:
    for number in range(3):
        register(registry, f"Pôle {number}")

    told = list(registry.told(Register.PoleEntered, Pole.Registered))

    assert [r.position for r in told] == sorted(r.position for r in told)
    assert len(told) == 6
    assert list(registry.told(Pole.Registered, until=told[1].position)) == [told[1]]


def test_an_unknown_journey_is_not_found(registry: Registry) -> None:
    with pytest.raises(NotFound, match="« pole@1999-01 »"):
        registry.compiled("pole@1999-01")


def test_a_journey_is_known_to_every_program_once_it_is_published(
    registry: Registry, other: Registry
) -> None:
    newer = make.journey().journey.model_copy(update={"version": "2024-01"})
    assert other.compiled(make.LATEST)

    registry.do(PublishJourney(journey=newer), make.by())

    assert other.compiled("pole@2024-01").journey == newer


def test_a_journey_over_facts_nobody_knows_is_refused(registry: Registry) -> None:
    strange = make.journey().journey.model_copy(update={"version": "2024-01", "facts": "Moods"})

    with pytest.raises(FaultyJourney, match="Moods n'est pas un modèle de faits connu"):
        registry.do(PublishJourney(journey=strange), make.by())


# A database that refuses.


def test_a_database_that_refuses_is_told_in_words(
    registry: Registry, pole: PoleId, database_url: str
) -> None:
    with make.closing_engine(database_url) as engine, engine.begin() as tx:
        tx.exec_driver_sql("ALTER TABLE event RENAME TO elsewhere")

    with pytest.raises(StoreFailed, match="Rien n'a été enregistré"):
        registry.do(RenamePole(pole=pole, name="Trézor"), make.by())
    with pytest.raises(JalonError):
        registry.load(Pole, pole)
    registry.at_hand.clear()  # nothing is stored that it could be compared with


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("database or disk is full", "Le disque est plein. Rien n'a été enregistré."),
        ("could not extend file: No space left on device", "Le disque est plein."),
        ("attempt to write a readonly database", "en lecture seule"),
        ("cannot execute INSERT in a read-only transaction", "en lecture seule"),
        ("database is locked", "occupé par un autre programme"),
        ("unable to open database file", "ne peut pas être ouvert"),
        ("database disk image is malformed", "restaurez une sauvegarde"),
        ("file is not a database", "n'est pas un registre Jalon"),
        ("something else", "La base de données a refusé (something else)."),
    ],
)
def test_what_a_database_says_is_said_so_that_one_can_act(said: str, told: str) -> None:
    assert told in str(explain(OperationalError(said)))


def test_a_closed_registry_lets_go_of_its_database(tmp_path: Path) -> None:
    with make.registry(tmp_path) as registry:
        size = registry.journal.size()

    assert size == len(make.journeys())
    with pytest.raises(Exception):  # noqa: B017, PT011  # the library's, of the pool it closed
        registry.journal.size()
