"""Around a step: handlers, rights by stage, who may begin, and several journeys on one pole."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from application.command import Command, Work
from application.handlers import HANDLERS, Handler, NoHandler
from application.journey import PublishJourney
from application.pole import (
    FollowJourney,
    MovePole,
    NoteContact,
    RegisterPole,
    RenamePole,
)
from application.recognition import RecordRecognition
from domain.case import Case, JourneyAlreadyFollowed, NotFollowed
from domain.dates import PartialDate
from domain.errors import Refused
from domain.given import InputRefused
from domain.journey import Journey
from domain.pole import Pole, PoleEnded, PoleId
from domain.recognition import RecognitionKind
from domain.rights import RightNotHeld, RoleNotHeld
from domain.roles import Role
from domain.rulebook import RULEBOOK, Rulebook
from domain.track import NotBegun
from domain.workflow import ClauseNotHeld, Endless, NotFromHere, Step
from infrastructure.event_store.registry import Done, Registry
from interfaces.wiring import Product
from tests import make


def definition(id_: str = "visit", version: str = "2024-01", **more: Any) -> Journey:
    """Three stages in a row, and what a test says."""
    way = {"by": ["coordinator"]}
    ways: dict[str, Any] = {
        "plan": {"from": ["wished"], "to": "planned", **way},
        "hold": {"from": ["planned"], "to": "held", **way},
    }
    for name, own in more.pop("ways", {}).items():
        ways[name] = {**ways.get(name, way), **own}
    states = {"wished": {}, "planned": {}, "held": {"final": True}} | more.pop("states", {})
    return Journey.model_validate(
        {
            "id": id_,
            "version": version,
            "title": {"fr": "Visite"},
            "source": ["product rule"],
            "facts": "PoleFacts",
            "initial": "wished",
            "states": states,
            "transitions": ways,
            **more,
        }
    )


class Desk:
    """A registry, and somebody who gives it commands."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry

    def publish(self, *journeys: Journey) -> None:
        for journey in journeys:
            self.do(PublishJourney(journey=journey), Role.ADMINISTRATOR)

    def do(self, command: Command, role: Role = Role.COORDINATOR) -> Done:
        return self.registry.do(command, make.by(role))

    def pole(self, journey: str | None = "visit@2024-01", role: Role = Role.COORDINATOR) -> PoleId:
        asked = RegisterPole(name="Tétris", journey=journey, occurred_on=PartialDate("2024-02"))
        return PoleId(self.do(asked, role).answer)

    def move(
        self, pole: PoleId, transition: str, role: Role = Role.COORDINATOR, **more: Any
    ) -> Done:
        return self.do(MovePole(pole=pole, transition=transition, **more), role)

    def stored(self, pole: UUID) -> Pole:
        found = self.registry.load(Pole, pole)
        assert found
        return found

    def topics(self, pole: UUID) -> list[str]:
        return [recorded.event.TOPIC for recorded in self.registry.history(pole)]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with make.registry(tmp_path, publish=False) as registry:
        yield Desk(registry)


@contextmanager
def handling(
    named: dict[str, Handler] | None = None,
    before: list[Handler] | None = None,
    after: list[Handler] | None = None,
) -> Iterator[None]:
    """Handlers for the length of a test."""
    kept = HANDLERS.named, HANDLERS.before_every, HANDLERS.after_every
    HANDLERS.named = {**kept[0], **(named or {})}
    HANDLERS.before_every, HANDLERS.after_every = list(before or []), list(after or [])
    try:
        yield
    finally:
        HANDLERS.named, HANDLERS.before_every, HANDLERS.after_every = kept


class Veto(Refused):
    code = "test.veto"
    fr = "Non."
    en = "No."


def veto(work: Work, case: Case, step: Step) -> None:
    raise Veto


def note(work: Work, case: Case, step: Step) -> None:
    assert isinstance(case, Pole)
    case.attempt_contact(channel="courriel", outcome=f"étape {step.to}")


# Handlers.


def test_a_handler_that_refuses_leaves_nothing_recorded(desk: Desk) -> None:
    with handling({"veto": veto}):
        desk.publish(definition(ways={"plan": {"before": ["veto"]}}))
        pole = desk.pole()
        size = desk.registry.journal.size()

        with pytest.raises(Veto):
            desk.move(pole, "plan")

    assert desk.registry.journal.size() == size
    assert desk.stored(pole).main.state_on(make.TODAY) == "wished"


def test_a_handler_that_refuses_after_the_step_undoes_it(desk: Desk) -> None:
    with handling({"veto": veto, "note": note}):
        desk.publish(definition(ways={"plan": {"before": ["note"], "after": ["veto"]}}))
        pole = desk.pole()

        with pytest.raises(Veto):
            desk.move(pole, "plan")

    assert desk.topics(pole) == ["pole.registered.v1"]


def test_a_handler_that_refuses_an_automatic_step_undoes_the_one_before(desk: Desk) -> None:
    ways = {"hold": {"trigger": "automatic", "by": None, "before": ["veto"]}}
    with handling({"veto": veto}):
        desk.publish(definition(ways=ways))
        pole = desk.pole()

        with pytest.raises(Veto):
            desk.move(pole, "plan")

    assert desk.topics(pole) == ["pole.registered.v1"]


def test_a_handler_may_record_more_in_the_same_commit(desk: Desk) -> None:
    with handling({"note": note}):
        desk.publish(definition(ways={"plan": {"after": ["note"]}}))
        pole = desk.pole()
        done = desk.move(pole, "plan")

    assert [event.TOPIC for event in done.events] == ["pole.moved.v1", "pole.contact_attempted.v1"]
    assert len({event.meta.correlation_id for event in done.events}) == 1


def test_handlers_are_called_in_order_around_every_step(desk: Desk) -> None:
    seen: list[str] = []

    def saying(word: str) -> Handler:
        def handler(work: Work, case: Case, step: Step) -> None:
            seen.append(f"{word} {step.transition} {case.main.state_on(work.day)}")

        return handler

    ways = {
        "plan": {"before": ["a", "b"], "after": ["c"]},
        "hold": {"trigger": "automatic", "by": None, "before": ["a"]},
    }
    named = {word: saying(word) for word in ("a", "b", "c")}
    with handling(named, before=[saying("first")], after=[saying("last")]):
        desk.publish(definition(ways=ways))
        desk.move(desk.pole(), "plan")

    assert seen == [
        "first plan wished",
        "a plan wished",
        "b plan wished",
        "c plan planned",
        "last plan planned",
        "first hold planned",
        "a hold planned",
        "last hold held",
    ]


def test_a_past_step_calls_nobody(desk: Desk) -> None:
    from application.pole import RecordPastStep

    with handling({"veto": veto}, before=[veto], after=[veto]):
        desk.publish(definition(ways={"plan": {"before": ["veto"]}}))
        pole = desk.pole()
        desk.do(RecordPastStep(pole=pole, transition="plan", source="archives"), Role.REGISTRAR)

    assert desk.stored(pole).main.state_on(make.TODAY) == "planned"


def test_a_handler_that_does_not_exist_is_found_before_publishing(desk: Desk) -> None:
    with pytest.raises(Refused, match="« nobody » n'existe pas"):
        desk.publish(definition(ways={"plan": {"before": ["nobody"]}}))


def test_a_handler_that_exists_no_more_stops_the_step(desk: Desk) -> None:
    with handling({"gone": note}):
        desk.publish(definition(ways={"plan": {"after": ["gone"]}}))
    pole = desk.pole()

    with pytest.raises(NoHandler, match="« gone »"):
        desk.move(pole, "plan")

    assert desk.topics(pole) == ["pole.registered.v1"]


def test_a_handler_after_a_step_may_go_on_and_nothing_follows_from_where_it_left(
    desk: Desk,
) -> None:
    def hold(work: Work, case: Case, step: Step) -> None:
        work.take(case, "hold")

    ways = {
        "plan": {"after": ["hold"]},
        "hold": {"from": ["planned"]},
        "back": {"from": ["planned"], "to": "wished", "trigger": "automatic", "by": None},
    }
    with handling({"hold": hold}):
        desk.publish(definition(ways=ways))
        pole = desk.pole()
        desk.move(pole, "plan")

    path = [(stay.came_from, stay.value) for stay in desk.stored(pole).main.states]
    assert path == [(None, "wished"), ("wished", "planned"), ("planned", "held")]


def test_a_handler_before_a_step_cannot_take_the_case_elsewhere(desk: Desk) -> None:
    def cancel(work: Work, case: Case, step: Step) -> None:
        if step.transition == "hold":
            work.take(case, "cancel")

    ways = {"hold": {"before": ["cancel"]}, "cancel": {"from": ["planned"], "to": "wished"}}
    with handling({"cancel": cancel}):
        desk.publish(definition(ways=ways))
        pole = desk.pole()
        desk.move(pole, "plan")

        with pytest.raises(NotFromHere):
            desk.move(pole, "hold")

    assert desk.stored(pole).main.state_on(make.TODAY) == "planned"


def test_a_name_is_given_to_one_handler_only() -> None:
    with handling({}):
        HANDLERS.register("note")(note)
        HANDLERS.register("note")(note)
        with pytest.raises(ValueError, match="note"):
            HANDLERS.register("note")(veto)


def test_automatic_steps_without_end_leave_nothing_recorded(desk: Desk) -> None:
    by_itself = {"trigger": "automatic", "by": None}
    ways = {"hold": by_itself, "back": {"from": ["held"], "to": "planned", **by_itself}}
    looping = definition(ways=ways, states={"held": {}})
    with make.on():  # published by a version that did not look for loops
        rulebook = desk.registry.load(Rulebook, RULEBOOK) or Rulebook(RULEBOOK)
        rulebook.publish(looping)
    desk.registry.save(rulebook)
    pole = desk.pole()

    with pytest.raises(Endless, match="planned → hold → held → back → planned"):
        desk.move(pole, "plan")

    assert desk.topics(pole) == ["pole.registered.v1"]


# Who may begin, and what a case begins with.


def test_only_those_whom_the_journey_admits_may_begin_a_case(desk: Desk) -> None:
    desk.publish(definition(creation={"by": ["network"]}))

    with pytest.raises(RoleNotHeld, match="« Visite »"):
        desk.pole()

    assert desk.pole(role=Role.NETWORK)


def test_a_condition_may_forbid_a_beginning(desk: Desk) -> None:
    members = {
        "id": "members",
        "when": "members.total >= 2",
        "say": {"fr": "Deux membres au moins."},
        "source": "product rule",
    }
    desk.publish(definition(creation={"requires": [members]}))

    with pytest.raises(ClauseNotHeld, match="Deux membres au moins"):
        desk.pole()


def test_a_case_begins_with_the_variables_of_its_first_stage(desk: Desk) -> None:
    variables = {"phase": {"default": "one"}, "tries": {"type": "integer", "expression": "2 + 1"}}
    second = {
        "id": "second",
        "when": "var.phase == 'one' && var.tries == 3",
        "say": {"fr": "C'est la première phase."},
        "source": "product rule",
    }
    desk.publish(definition(variables=variables, ways={"plan": {"requires": [second]}}))
    pole = desk.pole()

    assert desk.stored(pole).main.states[0].variables == {"phase": "one", "tries": 3}
    desk.move(pole, "plan")
    assert desk.stored(pole).main.states[-1].variables == {"phase": "one", "tries": 3}


# Rights by stage.


def test_a_stage_may_keep_a_command_to_some(desk: Desk) -> None:
    rights = {"rights": {"pole.rename": ["registrar"]}}
    desk.publish(definition(states={"planned": rights}))
    pole = desk.pole()
    rename = RenamePole(pole=pole, name="Trézor")

    with pytest.raises(
        RightNotHeld, match=r"« wished ».*: « Donner un autre nom à un pôle, à partir d'un jour »"
    ):
        desk.do(rename)  # nobody holds a right on which other stages decide, and this one does not
    desk.move(pole, "plan")
    with pytest.raises(RightNotHeld, match=r"« planned ».*: « Donner un autre nom"):
        desk.do(rename)
    desk.do(rename, Role.REGISTRAR)
    desk.do(NoteContact(pole=pole, channel="lettre", outcome="reçue"))

    assert desk.stored(pole).name_on(make.TODAY) == "Trézor"


def test_what_is_recorded_beside_a_pole_is_held_to_its_stage(desk: Desk) -> None:
    rights = {"rights": {"recognition.record": ["registrar"]}}
    desk.publish(definition(states={"wished": rights}))
    record = RecordRecognition(
        pole=desk.pole(),
        recognition_kind=RecognitionKind.REGIONAL_SUPPORT,
        code="region_2024",
        issuer="Région Bretagne",
        ground="appel régional de 2024",
    )

    with pytest.raises(RightNotHeld):
        desk.do(record)

    desk.do(record, Role.REGISTRAR)


def test_a_fact_of_another_day_is_recorded_under_the_rights_of_today(desk: Desk) -> None:
    states = {
        "wished": {"rights": {"pole.rename": ["coordinator"]}},
        "planned": {"rights": {"pole.rename": ["registrar"]}},
    }
    desk.publish(definition(states=states))
    pole = desk.pole()
    desk.move(pole, "plan")
    before = RenamePole(pole=pole, name="Trézor", occurred_on=PartialDate("2024-03-01"))

    with pytest.raises(RightNotHeld):
        desk.do(before)

    desk.do(before, Role.REGISTRAR)


def test_every_journey_that_decides_of_a_right_is_asked(desk: Desk) -> None:
    own = definition("audit", states={"wished": {"rights": {"pole.rename": ["network"]}}})
    desk.publish(definition(), own)
    pole = desk.pole()
    desk.do(RenamePole(pole=pole, name="Trézor"))
    desk.do(FollowJourney(pole=pole, journey="audit"))

    with pytest.raises(RightNotHeld):
        desk.do(RenamePole(pole=pole, name="Tétris"))

    desk.do(RenamePole(pole=pole, name="Tétris"), Role.NETWORK)


# Several journeys.


@pytest.fixture
def two(desk: Desk) -> tuple[Desk, PoleId]:
    """A pole that follows a second journey, begun in March."""
    desk.publish(definition(), definition("audit"))
    pole = desk.pole()
    since = PartialDate("2024-03")
    desk.do(FollowJourney(pole=pole, journey="audit", occurred_on=since))
    return desk, pole


def test_a_step_on_one_journey_leaves_the_other_where_it_was(two: tuple[Desk, PoleId]) -> None:
    desk, pole = two
    desk.move(pole, "plan", on="audit")

    stored = desk.stored(pole)
    assert stored.state_on(make.TODAY) == "wished"
    assert stored.track("audit").state_on(make.TODAY) == "planned"

    desk.move(pole, "plan")
    desk.move(pole, "hold")
    assert desk.stored(pole).track("audit").state_on(make.TODAY) == "planned"
    assert desk.stored(pole).state_on(make.TODAY) == "held"


def test_a_journey_is_followed_once_and_a_step_needs_one(two: tuple[Desk, PoleId]) -> None:
    desk, pole = two

    with pytest.raises(JourneyAlreadyFollowed):
        desk.do(FollowJourney(pole=pole, journey="audit"))
    with pytest.raises(NotFollowed, match="visit, audit"):
        desk.move(pole, "plan", on="other")


def test_a_further_journey_begins_no_sooner_than_the_case(desk: Desk) -> None:
    desk.publish(definition(), definition("audit"))
    pole = desk.pole()

    with pytest.raises(NotBegun, match="1er février 2024"):
        desk.do(FollowJourney(pole=pole, journey="audit", occurred_on=PartialDate("2023")))


def test_the_gate_of_a_further_journey_is_asked(desk: Desk) -> None:
    desk.publish(definition(), definition("audit", creation={"by": ["network"]}))
    pole = desk.pole()

    with pytest.raises(RoleNotHeld):
        desk.do(FollowJourney(pole=pole, journey="audit"))

    desk.do(FollowJourney(pole=pole, journey="audit"), Role.NETWORK)


def test_an_input_may_have_any_name(desk: Desk) -> None:
    asked = {"on": {"type": "date", "title": {"fr": "Le"}}}
    desk.publish(definition(ways={"plan": {"input": asked}}))
    pole = desk.pole()

    with pytest.raises(InputRefused):
        desk.move(pole, "plan", input={"on": "demain"})

    desk.move(pole, "plan", input={"on": "2024-07-01"})


def test_a_pole_that_ended_goes_on_in_no_journey(tmp_path: Path) -> None:
    with make.registry(tmp_path) as registry:
        desk = Desk(registry)
        desk.publish(definition("audit"))
        pole = desk.pole(None)
        desk.do(FollowJourney(pole=pole, journey="audit"))
        desk.move(pole, "end", Role.REGISTRAR, input={"reason": "dissolved"})

        with pytest.raises(PoleEnded):
            desk.move(pole, "plan", on="audit")
        desk.publish(definition("other"))
        with pytest.raises(PoleEnded):
            desk.do(FollowJourney(pole=pole, journey="other"))


def test_the_register_shows_the_main_journey_and_the_sheet_the_others_too(tmp_path: Path) -> None:
    with make.product(tmp_path) as product:
        by = product.operator(Role.COORDINATOR)
        journey = definition("audit", ways={"plan": {"title": {"fr": "Prévoir"}}})
        product.do(PublishJourney(journey=journey), product.operator(Role.ADMINISTRATOR))
        pole = PoleId(product.do(RegisterPole(name="Tétris"), by).answer)
        product.do(FollowJourney(pole=pole, journey="audit"), by)
        product.do(MovePole(pole=pole, transition="plan", on="audit"), by)

        (line,) = product.register.lines(product.moment())
        sheet = product.sheet("tetris", product.moment())

        assert (line.stage, line.journey) == ("emergence", "pole@2026-11-23")
        assert (sheet.stage, sheet.journey) == ("emergence", "pole@2026-11-23")
        (other,) = sheet.further
        assert (other.journey, other.title, other.stage) == ("audit@2024-01", "Visite", "planned")
        assert "Prévoir" in [told.title for told in product.history("tetris", product.moment())]
        assert_rebuilt(product)


def assert_rebuilt(product: Product) -> None:
    kept = product.follower.digests()
    product.follower.rebuild()
    assert product.follower.digests() == kept
