"""Every event is a promise: its catalogue is approved, and a sample of each version is kept.

A new event needs its line in `events/catalogue.txt` and its sample; both are written by

    JALON_WRITE_SAMPLES=1 .venv/bin/python -m pytest tests/domain/test_events.py

which never changes a sample that is there.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pydantic import TypeAdapter

from application import catalogue as product  # every topic is known from here on
from domain.charter import Capacity, CharterSignature, Variant
from domain.claim import Claim
from domain.dates import PartialDate
from domain.journey import Journey
from domain.kernel import EVENTS, Aggregate, Event
from domain.mandate import Mandate
from domain.membership import MemberKind
from domain.pole import Pole, PoleId, Territory
from domain.provenance import AccountId, Confidence, Kind, MandateId
from domain.recognition import PoleReply, Recognition, RecognitionKind
from domain.register import REGISTER, Register
from domain.roles import Role
from domain.rulebook import RULEBOOK, Rulebook
from domain.values import Line, Prose, Sealed
from domain.workflow import Finding, Step, Verdict
from infrastructure.event_store.mapper import read_state, write_state
from tests import make
from tests.domain.samples import (
    account,
    call,
    charter,
    claim,
    commitment,
    contest,
    correction,
    document,
    dossier,
    erasure,
    evaluation,
    follow_up,
    following,
    funding_plan,
    log,
    member,
    message,
    payment,
    place,
    privacy_request,
    profile,
    project,
    session,
    single_undertaking,
    snapshot,
)
from tests.domain.samples.of_every_kind import recall, vote_on

FOLDER = Path(__file__).parent / "events"
CATALOGUE = FOLDER / "catalogue.txt"
WRITES = os.environ.get("JALON_WRITE_SAMPLES") == "1"

assert product.COMMANDS
TOPICS = sorted(t for t, event in EVENTS.items() if event.__module__.startswith("domain."))

TEXTS = {"Line": TypeAdapter(Line).json_schema(), "Prose": TypeAdapter(Prose).json_schema()}
"""The texts that nearly every event is made of, by their names in the code."""

SEALED = Sealed(ref="n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg")
OTHER = UUID("2f1d7c52-64a9-4f1e-8b0a-1d7d5c3f9e20")


# Samples.


def everything() -> Iterator[Aggregate]:
    """Aggregates that recorded every event of the product, with every field given."""
    on = PartialDate("2023-05")
    with make.on(
        on.root,
        valid_to=make.day("2033-05-01"),
        kind=Kind.CORRECT,
        corrects=OTHER,
        provenance=make.context().provenance.model_copy(
            update={
                "role": Role.REGISTRAR,
                "on_behalf_of": MandateId(OTHER),
                "ground": "loi n° 2014-856, art. 9",
                "source": "https://lelabo-ess.org/",
                "confidence": Confidence.PROBABLE,
                "reason": "Rectification après échange avec le pôle.",
                "causation_id": OTHER,
            }
        ),
    ):
        yield from _pole(on)
        yield from _others(on)
        yield from account.samples(on)
        yield from member.samples(on)
        yield from message.samples(on)
        yield from payment.samples(on)
        yield from following.samples(on)
        yield from charter.samples(on)
        yield from evaluation.samples(on)
        yield from claim.samples(on)
        yield from contest.samples(on)
        yield from correction.samples(on)
        yield from document.samples(on)
        yield from erasure.samples(on)
        yield from profile.samples(on)
        yield from place.samples(on)
        yield from project.samples(on)
        yield from call.samples(on)
        yield from dossier.samples(on)
        yield from privacy_request.samples(on)
        yield from single_undertaking.samples(on)
        yield from funding_plan.samples(on)
        yield from follow_up.samples(on)
        yield from session.samples(on)
        yield from snapshot.samples(on)
        yield from commitment.samples(on)
        yield from log.samples(on)


def _pole(on: PartialDate) -> Iterator[Aggregate]:
    pole = Pole.register(
        code="tetris",
        name="Tétris",
        journey="pole@2015-04-18",
        stage="emergence",
        occurred_on=on,
        remark="créé en 2007",
    )
    pole.rename("Trézor")
    place = Territory(
        words="Grasse", department="Alpes-Maritimes", region="Provence-Alpes-Côte d'Azur"
    )
    pole.locate(place)
    pole.describe_activity("réemploi, recyclage, éco-construction")
    pole.add_member(
        member_kind=MemberKind.ESS_ENTERPRISE, name="Évaléco", person=None, siren="732829320"
    )
    with make.on(on.root):  # until nobody knows when
        member = pole.add_member(member_kind=MemberKind.CITIZEN, name=None, person=SEALED)
    pole.end_membership(member, occurred_on=on)
    pole.designate_carrier(name="Tétris SCIC", siret="73282932000074")
    pole.file_evidence(evidence="strategy", title="Stratégie commune 2023")
    pole.attempt_contact(channel="courriel", outcome="sans réponse")
    pole.attempt_contact(channel="appel", outcome="rappellera", reached=True)
    pole.attach_recognition(
        OTHER, code="ami_2023", recognition_kind=RecognitionKind.EXPRESSION_OF_INTEREST_CALL
    )
    pole.end_recognition(OTHER)
    pole.attach_signature(OTHER)
    pole.attach("document", OTHER, is_news=True)
    found = [
        Finding(clause="mix", verdict=Verdict.HELD, values={"members.ess_enterprises": 3}),
        Finding(clause="strategy", verdict=Verdict.NOT_CHECKED),
        Finding(
            clause="assessed",
            verdict=Verdict.HELD,
            values={"input.criteria_met": ["cooperation", "long_term"], "territory.known": True},
        ),
    ]
    step = Step(
        transition="enter_experimentation",
        from_="emergence",
        to="experimentation",
        input={"criteria_met": ["cooperation", "long_term"], "note": "avec réserve", "rank": 2},
        findings=tuple(found),
    )
    pole.move(step, journey="pole@2015-04-18", occurred_on=on)
    pole.migrate(make.journey(make.LATEST).journey, occurred_on=PartialDate("2023-06"))
    other = _small_journey().model_copy(update={"id": "charter"})
    pole.follow(other, {"phase": "2", "partners": ["a", "b"]}, occurred_on=on)
    vote_on(pole, _small_journey(), "end", {"reason": "dissolved"}, initiator=f"pole:{pole.id}")
    recall(pole, make.LATEST, "experimentation")
    yield pole
    register = Register(REGISTER)
    register.enter(PoleId(pole.id), code="tetris", name="Tétris")
    yield register


def _mandate(on: PartialDate) -> Mandate:
    """A mandate given under another, and revoked."""
    first = Mandate.give(
        giver=make.ACTOR,
        holder=AccountId(OTHER),
        principal="organisation:COORACE",
        role=Role.NETWORK,
        relation="everywhere",
        start=make.day("2023-05-01"),
        end=make.day("2033-05-01"),
        may_pass_on=True,
    )
    mandate = Mandate.give(
        giver=AccountId(OTHER),
        holder=make.ACTOR,
        principal="organisation:COORACE",
        role=Role.NETWORK,
        relation="region:Île-de-France",
        start=make.day("2023-05-01"),
        end=make.day("2033-05-01"),
        under=first,
    )
    mandate.revoke(occurred_on=on, today=make.TODAY)
    return mandate


def _others(on: PartialDate) -> Iterator[Aggregate]:
    for end in (make.day("2033-05-01"), None):
        recognition = Recognition.issue(
            pole=OTHER,
            recognition_kind=RecognitionKind.EXPRESSION_OF_INTEREST_CALL,
            code="ami_2023",
            issuer="État (ministre déléguée)",
            ground="appel à manifestation d'intérêt de 2023",
            occurred_on=on,
            valid_to=end,
        )
        yield recognition
    recognition.finish(
        motive="retirée à sa demande",
        withdrawn=True,
        occurred_on=PartialDate("2023-06"),
        today=make.TODAY,
    )
    for day in (make.TODAY, None):
        finding = Recognition.propose(
            pole=OTHER,
            code="constat_2023",
            issuer="Registre des pôles",
            evidence=("statuts", "liste des membres"),
            persons=("organisation:Réseau", "account:6f1b6a3e-0c57-4c1c-9b54-6a8f2b1d7e90"),
            asked_on=make.TODAY,
        )
        finding.reply(position=PoleReply.AGREES, words=SEALED, persons=("organisation:Pôle",))
        if day:
            finding.confirm(
                persons=("organisation:Autre réseau",),
                occurred_on=on,
                today=day,
                valid_to=make.day("2033-05-01"),
            )
        else:
            finding.abandon(motive="composition changée depuis")
        yield finding
    signature = CharterSignature.sign(
        pole=OTHER,
        charter=PartialDate("2014-09-19"),
        variant=Variant.EXISTING_POLE,
        capacity=Capacity.PRESIDENT,
        place="Grasse",
        signatory=SEALED,
    )
    signature.withdraw(motive="le pôle a changé de statuts", occurred_on=on)
    yield signature
    claim = Claim.record(
        statement="Plus de 150 dossiers ont été reçus.",
        author="Labo de l'ESS",
        figures="plus de 150 dossiers",
        about=OTHER,
        note="en fin d'année",
        source="https://lelabo-ess.org/",
    )
    claim.retract()
    yield claim
    rulebook = Rulebook(RULEBOOK)
    rulebook.publish(_small_journey())
    rulebook.publish(_small_journey().model_copy(update={"version": "2014-09-19"}))
    rulebook.deprecate(
        "pole@2011-09",
        motive="remplacée à la relance",
        successor="pole@2014-09-19",
        occurred_on=on,
    )
    yield rulebook
    yield _mandate(on)


def _small_journey() -> Journey:
    title = {"fr": "Titre", "en": "Title"}
    return Journey.model_validate(
        {
            "id": "pole",
            "version": "2011-09",
            "source": ["appel du Labo de l'ESS aux pôles témoins, 2011"],
            "facts": "PoleFacts",
            "initial": "emergence",
            "states": {"emergence": {"title": title}, "ended": {"title": title, "final": True}},
            "transitions": {
                "end": {
                    "title": title,
                    "from": ["emergence"],
                    "to": "ended",
                    "by": ["registrar", "pole_representative"],
                    "input": {
                        "reason": {
                            "type": "text",
                            "title": title,
                            "options": ["dissolved", "merged_into"],
                            "required": False,
                        }
                    },
                    "requires": [
                        {
                            "id": "silence",
                            "when": "silence.months >= 12",
                            "say": title,
                            "source": "product rule",
                            "unblocked_by": ["coordinator"],
                        }
                    ],
                    "evidence": {"minutes": {"title": title}},
                }
            },
        }
    )


def write_missing_samples() -> None:
    """Write the sample of every topic that has none. A sample is never written again."""
    FOLDER.mkdir(exist_ok=True)
    told: dict[str, Event] = {}
    for aggregate in list(everything()):
        for event in aggregate.pending:
            told.setdefault(event.TOPIC, event)
    for topic in TOPICS:
        file = FOLDER / f"{topic}.json"
        if not file.exists() and topic in told:
            file.write_bytes(write_state(told[topic]))


# The catalogue.


def catalogue() -> str:
    """Every topic with its members as they are stored, and the values these are made of."""
    values: dict[str, Any] = {}
    lines = ["Members of every event (… stands for them below):"]
    common = _members(Event, values)
    lines += common
    for topic in TOPICS:
        event = EVENTS[topic]
        older = "" if topic == event.TOPIC else f" (read as {event.TOPIC})"
        own = [line for line in _members(event, values) if line not in common]
        lines += ["", f"{topic}{older}", *own, "  …"]
    lines += ["", *(f"{name} = {_spelt(kind)}" for name, kind in TEXTS.items())]
    for name, schema in sorted(values.items()):
        lines += ["", f"{name} = {_type(schema)}" if "properties" not in schema else f"{name}:"]
        if "properties" in schema:
            lines += _properties(schema)
    return "\n".join(lines) + "\n"


def _members(event: type[Event], values: dict[str, Any]) -> list[str]:
    schema = event.model_json_schema()
    for name, kind in schema.get("$defs", {}).items():
        assert values.setdefault(name, kind) == kind, f"{name} names two kinds of stored value"
    return _properties(schema)


def _properties(schema: dict[str, Any]) -> list[str]:
    required = schema.get("required", [])
    return [
        f"  {name}: {_type(kind)}" + ("" if name in required else f" = {_default(kind)}")
        for name, kind in schema["properties"].items()
    ]


def _default(kind: dict[str, Any]) -> str:
    return json.dumps(kind.get("default"), ensure_ascii=False)


def _type(kind: dict[str, Any]) -> str:
    for name, known in TEXTS.items():
        if known.items() <= kind.items():
            return name
    return _spelt(kind)


def _spelt(kind: dict[str, Any]) -> str:
    if "$ref" in kind:
        return str(kind["$ref"]).removeprefix("#/$defs/")
    if "anyOf" in kind or "oneOf" in kind:
        return " | ".join(_type(one) for one in kind.get("anyOf") or kind["oneOf"])
    if "const" in kind:
        return json.dumps(kind["const"])
    if "enum" in kind:
        return " | ".join(json.dumps(one) for one in kind["enum"])
    if kind.get("type") == "array":
        return f"[{_type(kind['items'])}]"
    if kind.get("type") == "object":
        values = kind.get("additionalProperties") or next(iter(kind["patternProperties"].values()))
        return f"{{{_type(values)}}}"
    limits = [
        f"{name} {value}"
        for name, value in kind.items()
        if name in ("format", "pattern", "minLength", "maxLength", "minimum", "maximum")
    ]
    return " ".join([kind["type"], *limits])


# What is asked of them.


@pytest.fixture(scope="module", autouse=True)
def _written() -> None:
    if WRITES:
        write_missing_samples()
        CATALOGUE.write_text(catalogue(), "utf-8")


def sample(topic: str) -> bytes:
    return (FOLDER / f"{topic}.json").read_bytes()


def test_every_topic_has_a_sample() -> None:
    missing = [topic for topic in TOPICS if not (FOLDER / f"{topic}.json").exists()]

    assert missing == [], "see the top of this file"


def test_no_topic_was_forgotten() -> None:
    kept = {file.stem for file in FOLDER.glob("*.json")}

    assert kept == set(TOPICS)


@pytest.mark.parametrize("topic", TOPICS)
def test_a_state_of_any_version_is_still_read(topic: str) -> None:
    event = read_state(topic, sample(topic))

    assert event.TOPIC == EVENTS[topic].TOPIC
    assert event.meta.actor == make.ACTOR


@pytest.mark.parametrize("topic", [t for t in TOPICS if t == EVENTS[t].TOPIC])
def test_what_was_read_is_stored_in_the_same_bytes(topic: str) -> None:
    state = sample(topic)

    assert write_state(read_state(topic, state)) == state


@pytest.mark.parametrize("topic", TOPICS)
def test_a_sample_gives_a_value_to_every_member(topic: str) -> None:
    """Empty ones would prove little. `name` and `person` of a member exclude one another."""
    state = json.loads(sample(topic))

    empty = {name for name, value in state.items() if value in (None, [], {}, "")}
    assert empty <= {"person"}


@pytest.mark.parametrize("topic", TOPICS)
def test_an_aggregate_remembers_every_event_of_its_own(topic: str) -> None:
    """What the fold reads of a stored state is what `replay` reads of the whole event."""
    event = read_state(topic, sample(topic))
    owners = [cls for cls in _aggregates() if type(event) in cls._remembers]

    assert owners
    for owner in owners:
        remembered = owner._remembers[type(event)]
        since, until, date, members = remembered.reader(type(event))(topic, sample(topic))
        assert (since, until, date) == (event.valid_from, event.valid_to, event.occurred_on)
        assert members == {name: getattr(event, name) for name in remembered.names}


def _aggregates() -> Iterator[type[Aggregate]]:
    found = [Aggregate]
    for cls in found:
        found += cls.__subclasses__()
    return (cls for cls in found if cls.__module__.startswith("domain."))


def test_the_catalogue_of_events_is_the_approved_one() -> None:
    """If this fails, somebody must say yes: what was stored under a topic is stored for ever."""
    assert catalogue() == CATALOGUE.read_text("utf-8")


def test_a_topic_of_another_version_of_the_product_is_named() -> None:
    with pytest.raises(Exception, match=r"« pole\.crowned\.v1 »"):
        read_state("pole.crowned.v1", b"{}")
