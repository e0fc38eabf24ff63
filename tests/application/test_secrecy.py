"""Nothing public tells how a session decided before it is announced.

The same acts are done in two copies of one registry: in the second, whatever the committee would
select it does not select, and conversely. As long as nothing is announced, every public question
answers both alike: each list at several moments, each sheet, history, path, vote and reason why.
"""

import json
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import strategies as st
from pydantic import BaseModel

from application.announcement import AnnounceResults, NotifyDecision
from application.appeal import LodgeAppeal, MoveAppeal
from application.appeal_sheet import appeal_sheet
from application.call_sheet import call_sheet
from application.case_sheet import history_of, path_of, votes_of, ways_of
from application.command import By, Command
from application.dossier import MoveDossier
from application.dossier_review import (
    AnalyseDossier,
    AssessCondition,
    DeclareDossierInterest,
    RankRegion,
)
from application.dossier_sheet import dossier_sheet
from application.history_in_words import pole_history
from application.listing import LISTINGS
from application.minutes import ApproveMinutes, DrawMinutes
from application.public_minutes import public_minutes
from application.register import pole_sheet, pole_why
from application.rehearsal import told_before
from application.session import CloseSession
from application.session_results import session_results
from application.session_sheet import committee_sheet, known_sessions
from application.session_vote import DeclareInterest, Deliberate, PutToVote, RecordBallots
from application.world import Moment
from domain.appeal import Appeal, AppealId, AppealKind
from domain.award import NotificationChannel
from domain.convocation import SessionId
from domain.deliberation import ProposedOutcome
from domain.dossier import Dossier, DossierId
from domain.eligibility import ConditionId
from domain.errors import JalonError
from infrastructure.event_store.registry import Registry
from infrastructure.read_models.follower import Follower
from infrastructure.read_models.lists import Lists
from infrastructure.read_models.models import MODELS, TABLES
from tests import make
from tests.application.committees import member
from tests.application.desk import Desk
from tests.application.dossiers import (
    INSTRUCTOR,
    NATIONAL,
    OTHER_REGION,
    POLE,
    REGION,
    REGIONAL,
    SECRETARY,
    WAVE,
    Season,
    season,
)
from tests.examples import settings

SELECT, REJECT = ProposedOutcome.SELECT, ProposedOutcome.REJECT
SWAPPED = {SELECT: REJECT, REJECT: SELECT}
DOSSIERS = 3
HELD = "2024-07-15T18:00"
APPROVED = "2024-07-22T10:00"


@dataclass(frozen=True)
class Prepared:
    """Three dossiers before a committee whose session is open, in a folder to be copied."""

    folder: Path
    season: Season
    dossiers: tuple[DossierId, ...]
    session: SessionId


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    folder = tmp_path_factory.mktemp("season")
    with season(folder) as made:
        dossiers = tuple(made.deliberated(DOSSIERS))
        session = made.held(dossiers)
        made.desk.follower.catch_up()
    return Prepared(folder, made, dossiers, session)


@contextmanager
def copied(prepared: Prepared, folder: Path) -> Iterator[Season]:
    """A copy of what was prepared, at a desk of its own."""
    shutil.copytree(prepared.folder, folder, dirs_exist_ok=True)
    url, clock = f"sqlite:///{folder / 'registry.db'}", make.Clock()
    with ExitStack() as stack:
        registry = stack.enter_context(make.registry(folder, url=url, clock=clock, publish=False))
        engine = stack.enter_context(make.closing_engine(url))
        follower = Follower(engine, registry.journal, MODELS)
        desk = Desk(registry, follower, Lists(engine, TABLES), clock, url)
        here = Season(desk, prepared.season.call)
        here.at(HELD)
        yield here


# --- what anybody may ask -----------------------------------------------------------------------


def public(here: Season, known: Sequence[int]) -> dict[str, str]:
    """Every answer that anybody may have, at several moments."""
    answers: dict[str, str] = {}
    names = named(here.desk.registry)
    here.desk.follower.catch_up()
    for size in known:
        for day in ("2024-06-20", "2024-07-30"):
            moment = Moment(known=size, in_force=make.day(day))
            for what, answer in asked(here, moment):
                answers[by_place(f"{what} {size} {day}", names)] = told(answer, names)
    return answers


def asked(here: Season, moment: Moment) -> Iterator[tuple[str, object]]:
    registry, call = here.desk.registry, here.loaded_call()
    for name, listing in LISTINGS.items():
        if listing.ask:
            lines = listing.ask(registry, moment)
        else:
            lines = here.desk.lists.lines(listing, moment)
            lines = [listing.complete(registry, ln) if listing.complete else ln for ln in lines]
        yield f"list {name}", lines
    for id_ in call.dossiers:
        found = registry.load(Dossier, id_, moment.known)
        if found is None:
            continue
        yield f"sheet {found.code}", [dossier_sheet(registry, id_, moment)]
        yield from of_case(registry, "dossier", id_, moment)
        yield f"pole {found.code}", pole_history(registry, found.pole, moment)
        yield f"pole why {found.code}", pole_why(registry, found.pole, moment)
        yield f"pole sheet {found.code}", [pole_sheet(registry, found.pole, moment)]
    for lodged in registry.told(Appeal.Lodged, until=moment.known):
        if lodged.in_force_from <= moment.in_force:
            yield f"appeal {lodged.stream}", [appeal_sheet(registry, lodged.stream, moment)]
            yield from of_case(registry, "appeal", lodged.stream, moment)
    yield from of_case(registry, "call", call.id, moment)
    yield "call", [call_sheet(registry, call.id, moment)]
    yield "committee", [committee_sheet(registry, call.id, moment)]
    for id_ in known_sessions(registry, call, moment):
        yield f"session {id_}", [session_results(registry, id_, moment, is_public=True)]
        try:
            minutes: object = [public_minutes(registry, id_, moment)]
        except JalonError as refusal:
            minutes = refusal.code
        yield f"minutes {id_}", minutes


def of_case(
    registry: Registry, concept: str, id_: UUID, moment: Moment
) -> Iterator[tuple[str, object]]:
    yield f"why {concept} {id_}", ways_of(registry, concept, id_, moment)
    yield f"history {concept} {id_}", history_of(registry, concept, id_, moment)
    yield f"path {concept} {id_}", [path_of(registry, concept, id_, moment)]
    yield f"votes {concept} {id_}", votes_of(registry, concept, id_, moment)


UUIDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def named(registry: Registry) -> dict[str, str]:
    """What is random in a registry, by its place in the journal: streams and events."""
    names: dict[str, str] = {}
    after = 0
    while rows := registry.journal.rows(after, 1000):
        for row in rows:
            recorded = row.read()
            names.setdefault(str(recorded.stream), f"stream of {recorded.position}")
            names[str(recorded.event.meta.event_id)] = f"event {recorded.position}"
        after = rows[-1].position
    return names


def told(answer: object, names: dict[str, str]) -> str:
    lines = [
        line.model_dump_json() if isinstance(line, BaseModel) else json.dumps(str(line))
        for line in (answer if isinstance(answer, list) else [answer])
    ]
    return "\n".join(sorted(by_place(line, names) for line in lines))


def by_place(text: str, names: dict[str, str]) -> str:
    """The same text, what is random in it called by its place in the journal."""
    return UUIDS.sub(lambda found: names.get(found[0], found[0]), text)


# --- what may be done ---------------------------------------------------------------------------

Act = tuple[str, int]
ACTS = (
    *("put", "ballots", "deliberate", "put", "ballots", "deliberate"),
    *("interest", "seat_interest", "rank", "analyse", "withdraw", "close_dossier"),
    *("select", "notify", "appeal", "announce", "close", "draw", "approve"),
)


def command(
    prepared: Prepared, act: Act, proposals: Sequence[ProposedOutcome]
) -> tuple[Command, By]:
    """An act, and who does it."""
    name, number = act
    dossier, session = prepared.dossiers[number], prepared.session
    about = {"session": session, "dossier": dossier}
    proposal = proposals[number]
    amount = {"amount": "10000"} if proposal is SELECT else {}
    seats = ("chair", "two", "three", "four")
    made: dict[str, Callable[[], tuple[Command, By]]] = {
        "put": lambda: (
            PutToVote.model_validate(
                {**about, "proposal": proposal, "motive": "Motif fictif.", **amount}
            ),
            SECRETARY,
        ),
        "ballots": lambda: (
            RecordBallots.model_validate({**about, "in_favour": seats}),
            SECRETARY,
        ),
        "deliberate": lambda: (Deliberate.model_validate(about), SECRETARY),
        "seat_interest": lambda: (
            DeclareInterest.model_validate({**about, "seat": "four"}),
            SECRETARY,
        ),
        "interest": lambda: (DeclareDossierInterest(dossier=dossier), REGIONAL),
        "rank": lambda: (
            RankRegion(
                call=prepared.season.call,
                wave=WAVE,
                region=REGION,
                order=prepared.dossiers,
                reasons=("Rang.",) * DOSSIERS,
            ),
            INSTRUCTOR,
        ),
        "analyse": lambda: (AnalyseDossier(dossier=dossier, reasons="Analyse."), NATIONAL),
        "withdraw": lambda: (MoveDossier(dossier=dossier, transition="withdraw"), POLE),
        "close_dossier": lambda: (
            MoveDossier(
                dossier=dossier, transition="close", input={"motive": f"Motif de {proposal}."}
            ),
            INSTRUCTOR,
        ),
        "select": lambda: (MoveDossier(dossier=dossier, transition="select"), SECRETARY),
        "notify": lambda: (
            NotifyDecision(dossier=dossier, channel=NotificationChannel.LETTER),
            SECRETARY,
        ),
        "appeal": lambda: (
            LodgeAppeal(dossier=dossier, appeal_kind=AppealKind.GRACIOUS),
            POLE,
        ),
        "announce": lambda: (AnnounceResults(call=prepared.season.call, wave=WAVE), SECRETARY),
        "close": lambda: (CloseSession(session=session), SECRETARY),
        "draw": lambda: (DrawMinutes(session=session), SECRETARY),
        "approve": lambda: (ApproveMinutes(session=session), member("chair")),
    }
    return made[name]()


def done(here: Season, prepared: Prepared, act: Act, proposals: Sequence[ProposedOutcome]) -> str:
    """What became of an act: done, or the code of its refusal."""
    if act[0] in ("close", "draw", "approve"):
        here.at(APPROVED)
    try:
        here.do(*command(prepared, act, proposals))
    except JalonError as refusal:
        return refusal.code
    return "done"


EVERYTHING: list[Act] = [
    *((name, n) for n in range(DOSSIERS) for name in ("put", "ballots", "deliberate")),
    *((name, 0) for name in ("close", "draw", "approve", "notify", "appeal", "select")),
]


@settings(
    max_examples=3,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    proposals=st.lists(st.sampled_from((SELECT, REJECT)), min_size=DOSSIERS, max_size=DOSSIERS),
    acts=st.lists(
        st.tuples(st.sampled_from(ACTS), st.integers(0, DOSSIERS - 1)), min_size=4, max_size=12
    ),
)
@example(proposals=[SELECT, REJECT, SELECT], acts=EVERYTHING)
@example(
    proposals=[SELECT, SELECT, REJECT],
    acts=[("put", 0), ("ballots", 0), ("seat_interest", 0), ("deliberate", 0), ("withdraw", 1)],
)
def test_no_public_question_tells_how_a_session_decided(
    prepared: Prepared, proposals: list[ProposedOutcome], acts: list[Act]
) -> None:
    swapped = [SWAPPED[proposal] for proposal in proposals]
    with TemporaryDirectory() as folder, ExitStack() as stack:
        one, other = (
            stack.enter_context(copied(prepared, Path(folder) / name)) for name in ("one", "other")
        )
        begun = one.desk.size
        for act in acts:
            outcomes = {done(one, prepared, act, proposals), done(other, prepared, act, swapped)}
            assert len(outcomes) == 1, (act, outcomes)
            if act[0] == "announce" and outcomes == {"done"}:
                return
            if outcomes == {"done"}:
                known = [one.desk.size]
                assert public(one, known) == public(other, known), act
        assert public(one, [begun]) == public(other, [begun])


def test_the_question_is_not_asked_for_nothing(prepared: Prepared, tmp_path: Path) -> None:
    """Once they are announced, the same questions do tell the two apart."""
    with ExitStack() as stack:
        one, other = (
            stack.enter_context(copied(prepared, tmp_path / name)) for name in ("one", "other")
        )
        for here, first in ((one, SELECT), (other, REJECT)):
            proposals = [first, REJECT, SELECT]
            for act in [*EVERYTHING, ("announce", 0)]:
                done(here, prepared, act, proposals)
        known = [one.desk.size]
        told_of = public(other, known)
        differing = {w for w, answer in public(one, known).items() if told_of[w] != answer}

        told_apart = {what.split()[0] for what in differing}
        assert {"list", "sheet", "history", "pole", "session", "minutes"} <= told_apart


def test_a_rehearsed_announcement_tells_no_result(prepared: Prepared, tmp_path: Path) -> None:
    with copied(prepared, tmp_path) as here:
        for act in EVERYTHING:
            done(here, prepared, act, [SELECT, REJECT, SELECT])
        announced = AnnounceResults(call=prepared.season.call, wave=WAVE)
        rehearsed = here.desk.registry.do(announced, SECRETARY, dry_run=True)

    assert {event.TOPIC for event in rehearsed.events} >= {"dossier.decided.v1"}
    assert [event.TOPIC for event in told_before(rehearsed.events)] == ["call.results_announced.v1"]


# --- why a dossier stands where it does ---------------------------------------------------------

WORDS = ("Un motif.", "Un autre.")
"""What is said in one copy, and in the other."""

WHY_ACTS = (
    *("unmet", "ineligible", "refuse", "notify", "lodge", "examine", "dismiss", "uphold"),
    *("reopen", "close", "withdraw"),
)
WHY: list[Act] = [
    *((name, 1) for name in ("unmet", "ineligible", "notify", "lodge", "examine", "dismiss")),
    *((name, 2) for name in ("unmet", "ineligible", "notify", "lodge", "examine", "uphold")),
    *((name, 2) for name in ("close", "reopen", "ineligible")),
]
DECIDED: list[Act] = [
    (name, 0) for name in ("put", "ballots", "deliberate", "close session", "draw", "approve")
]


@pytest.fixture(scope="module")
def submitted(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """A dossier before the committee, and two that are handed in and nothing more."""
    folder = tmp_path_factory.mktemp("submitted")
    with season(folder) as made:
        others = [made.submitted(number, OTHER_REGION) for number in (8, 9)]
        (dossier,) = made.deliberated(1)
        session = made.held([dossier])
        made.desk.follower.catch_up()
    return Prepared(folder, made, (dossier, *others), session)


def reasoned(here: Season, prepared: Prepared, act: Act, words: str) -> str:
    """What became of an act that says why in these words: done, or the code of its refusal."""
    name, number = act
    if name in ("put", "ballots", "deliberate", "draw", "approve", "announce"):
        return done(here, prepared, act, [SELECT, SELECT, SELECT])
    if name == "close session":
        return done(here, prepared, ("close", number), [SELECT, SELECT, SELECT])
    dossier = prepared.dossiers[number]
    lodged = here.desk.registry.told(Appeal.Lodged)
    appeal = AppealId(
        next((a.stream for a in lodged if getattr(a.event, "dossier", 0) == dossier), UUID(int=1))
    )

    def moved(way: str, **more: str) -> MoveDossier:
        said = {"reason": words, "ground": words}
        return MoveDossier.model_validate(
            {"dossier": dossier, "transition": way, "input": more, **said}
        )

    def answered(way: str, **more: str) -> MoveAppeal:
        return MoveAppeal(appeal=appeal, transition=way, input=dict(more))

    unmet = AssessCondition(dossier=dossier, condition=ConditionId.D3, met=False, reasons=words)
    letter = NotifyDecision(dossier=dossier, channel=NotificationChannel.LETTER)
    commands: dict[str, tuple[Command, By]] = {
        "unmet": (unmet, INSTRUCTOR),
        "ineligible": (moved("declare_ineligible"), INSTRUCTOR),
        "refuse": (moved("declare_eligible"), INSTRUCTOR),
        "notify": (letter, SECRETARY),
        "lodge": (LodgeAppeal(dossier=dossier, appeal_kind=AppealKind.GRACIOUS), POLE),
        "examine": (answered("examine"), SECRETARY),
        "dismiss": (answered("dismiss", motive=words), SECRETARY),
        "uphold": (answered("uphold", motive=words), SECRETARY),
        "reopen": (moved("reopen_eligibility", motive=words), SECRETARY),
        "close": (moved("close", motive=words), INSTRUCTOR),
        "withdraw": (moved("withdraw"), POLE),
    }
    try:
        here.do(*commands[name])
    except JalonError as refusal:
        return refusal.code
    return "done"


@settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=st.lists(st.tuples(st.sampled_from(WHY_ACTS), st.integers(1, 2)), max_size=12))
@example(acts=[*WHY, *DECIDED])
@example(acts=[("close", 1), ("reopen", 1), ("withdraw", 2)])
def test_no_public_question_tells_why_before_the_announcement(
    submitted: Prepared, acts: list[Act]
) -> None:
    with TemporaryDirectory() as folder, ExitStack() as stack:
        copies = [
            stack.enter_context(copied(submitted, Path(folder) / name)) for name in ("one", "other")
        ]
        for act in acts:
            pairs = zip(copies, WORDS, strict=True)
            outcomes = {reasoned(here, submitted, act, words) for here, words in pairs}
            assert len(outcomes) == 1, (act, outcomes)
        one, other = (public(here, [here.desk.size]) for here in copies)
        assert one == other


def test_why_is_told_with_the_announcement_and_what_follows_it_at_once(
    submitted: Prepared, tmp_path: Path
) -> None:
    with copied(submitted, tmp_path) as here:

        def told_of(number: int) -> list[str]:
            moment = Moment(known=here.desk.size, in_force=make.day("2024-07-30"))
            lines = history_of(here.desk.registry, "dossier", submitted.dossiers[number], moment)
            return [given.said for line in lines for given in line.given]

        for act in (("unmet", 1), ("ineligible", 1), ("close", 2), *DECIDED):
            assert reasoned(here, submitted, act, "Un motif.") == "done", act
        before = told_of(2)
        assert reasoned(here, submitted, ("announce", 0), "") == "done"
        announced = told_of(2)
        assert reasoned(here, submitted, ("reopen", 1), "Une erreur de droit.") == "done"
        reopened = told_of(1)
        moment = Moment(known=here.desk.size, in_force=make.day("2024-07-30"))
        sheet = dossier_sheet(here.desk.registry, submitted.dossiers[2], moment)

    assert (before, announced, reopened) == ([], ["Un motif."], ["Une erreur de droit."])
    assert sheet.stage_why == ("Un motif.", "Un motif.")
