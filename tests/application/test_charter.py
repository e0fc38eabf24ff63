"""Charters as commands: published once, signed under a mandate in force, and nothing else."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.charter import PublishCharter
from application.charter_signature import (
    AlsoSigned,
    CharterTextNotPublished,
    FollowUpSignature,
    SignAsMember,
    SignAsNetwork,
    SignCharter,
    WithdrawSignature,
)
from application.command import By
from application.mandate import GiveMandate
from application.member import AddMember
from application.pole import FileEvidence, LocatePole, RegisterPole
from application.register import pole_why
from application.undertaking import (
    AssessUndertaking,
    ExtendUndertaking,
    ReleaseUndertaking,
    ReportUndertaking,
)
from application.world import Moment
from domain.charter import Capacity, CharterSignature, CharterSignatureId, Variant
from domain.charter_text import (
    CHARTERS,
    Charter,
    CharterKind,
    Charters,
    FoundingNetwork,
    VersionTaken,
)
from domain.dates import PartialDate
from domain.errors import Forbidden, JalonError, NotFound, Refused
from domain.mandate import MandateNotYetInForce, NoLongerInForce, OutsideItsReach
from domain.membership import MemberId, MemberKind, NotAMember
from domain.pole import Pole, PoleId
from domain.provenance import AccountId, MandateId
from domain.roles import Role
from domain.undertaking import Undertaking, UndertakingFinding, UndertakingId, UndertakingStanding
from domain.values import Personal
from infrastructure.event_store.registry import Registry
from tests import make
from tests.examples import settings

NATIONAL = (
    "Charte fictive\n\nI. Objet\n\nUne phrase.\n\nII. Engagements\n\n"
    "Les signataires s'engagent à :\n\n- se réunir ;\n- rendre compte.\n"
)
LOCAL = NATIONAL.replace("rendre compte.", "rendre compte ;\n- coopérer.")

HOLDER = By(actor=AccountId(UUID(int=7)), role=Role.POLE_REPRESENTATIVE)


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    """A registry in which the journeys are published."""
    with make.registry(tmp_path) as made:
        yield made


@pytest.fixture
def pole(registry: Registry) -> PoleId:
    return registered(registry)


def registered(registry: Registry, name: str = "Tétris", since: str = "2013") -> PoleId:
    command = RegisterPole(name=name, occurred_on=PartialDate(since))
    return PoleId(registry.do(command, make.by()).answer)


def member(registry: Registry, pole: PoleId, since: str = "2015-01-01", **more: Any) -> MemberId:
    command = AddMember.model_validate(
        {
            "pole": pole,
            "member_kind": MemberKind.ESS_ENTERPRISE,
            "name": "Coopérative fictive",
            "occurred_on": since,
            **more,
        }
    )
    return MemberId(registry.do(command, make.by()).answer)


def publish(
    registry: Registry,
    text: str = NATIONAL,
    version: str = "2014-09-19",
    kind: CharterKind = CharterKind.NATIONAL,
    pole: PoleId | None = None,
    **more: Any,
) -> UUID:
    command = PublishCharter(
        text=text, charter_kind=kind, version=PartialDate(version), pole=pole, **more
    )
    return registry.do(command, make.by()).answer


ACT: dict[str, Any] = {"capacity": "president", "place": "Romans", "signatory": "Jeanne Exemple"}


def sign(pole: PoleId, on: str = "2015-06-01", version: str = "2014-09-19", **more: Any) -> Any:
    return SignCharter.model_validate(
        {
            **ACT,
            "pole": pole,
            "charter": version,
            "variant": "existing_pole",
            "occurred_on": on,
            **more,
        }
    )


def sign_as_member(pole: PoleId, who: MemberId, on: str = "2019-06-01", **more: Any) -> Any:
    fields = {**ACT, "pole": pole, "member": who, "charter": "2019", "occurred_on": on, **more}
    return SignAsMember.model_validate(fields)


def signature(registry: Registry, id_: UUID) -> CharterSignature:
    found = registry.load(CharterSignature, id_)
    assert found
    return found


def undertakings(registry: Registry, id_: UUID) -> list[Undertaking]:
    ids = signature(registry, id_).undertakings
    return [found for id_ in ids if (found := registry.load(Undertaking, id_))]


# --- published ----------------------------------------------------------------------------------


def test_a_text_is_kept_with_the_hash_of_its_bytes(registry: Registry) -> None:
    id_ = publish(registry, "\ufeff" + NATIONAL)

    charter = registry.load(Charter, id_)
    assert charter
    assert charter.title == "Charte fictive"
    assert charter.size == len(("\ufeff" + NATIONAL).encode())
    assert charter.start == make.day("2014-09-19")
    assert len(charter.text.undertakings) == 2


def test_the_same_text_twice_changes_nothing_and_another_is_refused(registry: Registry) -> None:
    id_ = publish(registry)

    again = registry.do(
        PublishCharter(
            text=NATIONAL, charter_kind=CharterKind.NATIONAL, version=PartialDate("2014-09-19")
        ),
        make.by(),
    )

    assert (again.answer, again.events) == (id_, ())
    with pytest.raises(VersionTaken):
        publish(registry, LOCAL)
    with pytest.raises(VersionTaken):
        publish(registry, title="Un autre titre")


def test_each_pole_has_its_own_versions(registry: Registry, pole: PoleId) -> None:
    other = registered(registry, "Autre")
    national = publish(registry, version="2019")
    one = publish(registry, LOCAL, "2019", CharterKind.LOCAL, pole)
    two = publish(registry, LOCAL, "2019", CharterKind.LOCAL, other)

    assert len({national, one, two}) == 3
    charters = registry.load(Charters, CHARTERS)
    assert charters
    assert charters.find(CharterKind.LOCAL, other, PartialDate("2019")) == two


# --- signed -------------------------------------------------------------------------------------


def test_several_persons_sign_one_act_and_no_name_is_recorded(
    registry: Registry, pole: PoleId
) -> None:
    text = publish(registry)
    others = (AlsoSigned(capacity=Capacity.DIRECTOR, name=Personal(text="Luc Exemple")),)

    done = registry.do(sign(pole, others=others), make.by())

    signed = next(e for e in done.events if isinstance(e, CharterSignature.Signed))
    assert [other.capacity for other in signed.others] == [Capacity.DIRECTOR]
    assert signed.text == text
    charter = registry.load(Charter, text)
    assert charter
    assert signed.text_hash == charter.sha256
    names = [signed.signatory, signed.others[0].name]
    opened = [
        registry.unseal(
            kept,
            event=CharterSignature.Signed,
            field="signatory",
        )
        for kept in names
    ]
    assert opened == ["Jeanne Exemple", "Luc Exemple"]
    assert "Exemple" not in "".join(event.model_dump_json() for event in done.events)


def test_a_version_whose_text_is_not_published_may_be_signed_and_not_followed(
    registry: Registry, pole: PoleId
) -> None:
    with pytest.raises(CharterTextNotPublished):
        registry.do(sign(pole, follow_up=True), make.by())

    done = registry.do(sign(pole), make.by())

    assert signature(registry, done.answer).text is None


def test_the_undertakings_of_a_pole_are_followed_when_it_asks(
    registry: Registry, pole: PoleId
) -> None:
    publish(registry)
    plain = registry.do(sign(pole), make.by()).answer
    assert signature(registry, plain).undertakings == ()

    registry.do(FollowUpSignature(signature=CharterSignatureId(plain)), make.by())

    found = undertakings(registry, plain)
    assert [u.start for u in found] == [make.day("2015-06-01")] * 2
    assert {u.pole for u in found} == {pole}


def test_signing_a_newer_version_ends_the_older_signature_and_its_undertakings(
    registry: Registry, pole: PoleId
) -> None:
    publish(registry)
    publish(registry, LOCAL, "2021-06")
    first = registry.do(sign(pole, follow_up=True), make.by()).answer

    second = registry.do(sign(pole, "2022-01-01", "2021-06", follow_up=True), make.by()).answer

    assert signature(registry, first).superseded_by == second
    day = make.day("2022-01-01")
    assert [u.in_force_on(day) for u in undertakings(registry, first)] == [False, False]
    assert [u.in_force_on(day) for u in undertakings(registry, second)] == [True] * 3


def test_a_founding_network_signs_the_national_charter(registry: Registry) -> None:
    publish(registry)
    command = SignAsNetwork.model_validate(
        {**ACT, "network": "coorace", "charter": "2014-09-19", "occurred_on": "2014-09-19"}
    )

    id_ = registry.do(command, make.by()).answer

    assert signature(registry, id_).network is FoundingNetwork.COORACE
    with pytest.raises(Refused, match="déjà signée"):
        registry.do(command, make.by())


def test_a_member_signs_the_charter_of_its_pole_and_is_bound_one_by_one(
    registry: Registry, pole: PoleId
) -> None:
    publish(registry, LOCAL, "2019", CharterKind.LOCAL, pole)
    who = member(registry, pole)

    id_ = registry.do(sign_as_member(pole, who), make.by()).answer

    assert signature(registry, id_).organisation == "Coopérative fictive"
    found = undertakings(registry, id_)
    assert len(found) == 3
    assert {u.standing_on(make.TODAY) for u in found} == {UndertakingStanding.GIVEN}
    loaded = registry.load(Pole, pole)
    assert loaded
    assert id_ in loaded.related
    assert not loaded.charter_signed_on(make.TODAY, lambda cls, i: registry.load(cls, i))


def test_only_who_is_a_member_that_day_signs_and_only_a_published_text(
    registry: Registry, pole: PoleId
) -> None:
    who = member(registry, pole, since="2020-01-01")
    with pytest.raises(CharterTextNotPublished):
        registry.do(sign_as_member(pole, who, "2020-06-01"), make.by())
    publish(registry, LOCAL, "2019", CharterKind.LOCAL, pole)

    with pytest.raises(NotAMember):
        registry.do(sign_as_member(pole, who, "2019-12-31"), make.by())
    with pytest.raises(NotAMember):
        registry.do(sign_as_member(pole, MemberId(uuid4())), make.by())
    with pytest.raises(NotAMember):
        registry.do(sign_as_member(registered(registry, "Autre"), who), make.by())


def test_a_person_signs_in_person_and_is_not_named(registry: Registry, pole: PoleId) -> None:
    publish(registry, LOCAL, "2019", CharterKind.LOCAL, pole)
    person = member(registry, pole, member_kind="citizen", name=None, person="Ada Exemple")

    with pytest.raises(Refused, match="en son nom"):
        registry.do(sign_as_member(pole, person), make.by())
    id_ = registry.do(sign_as_member(pole, person, capacity="in_person"), make.by()).answer

    assert signature(registry, id_).organisation is None


def test_a_withdrawal_frees_from_the_undertakings(registry: Registry, pole: PoleId) -> None:
    publish(registry)
    id_ = registry.do(sign(pole, follow_up=True), make.by()).answer

    registry.do(
        WithdrawSignature(
            signature=CharterSignatureId(id_),
            motive="changement de statuts",
            occurred_on=PartialDate("2018-01-01"),
        ),
        make.by(),
    )

    assert {u.end for u in undertakings(registry, id_)} == {make.day("2018-01-01")}


# --- undertakings -------------------------------------------------------------------------------


def test_who_reports_for_another_does_not_assess_for_themself(
    registry: Registry, pole: PoleId
) -> None:
    publish(registry)
    id_ = registry.do(sign(pole, follow_up=True), make.by()).answer
    undertaking = UndertakingId(signature(registry, id_).undertakings[0])
    reported = ReportUndertaking(undertaking=undertaking, words="fait")
    kept = AssessUndertaking(
        undertaking=undertaking,
        assessment=UndertakingFinding.KEPT,
        reasons="le compte rendu le montre",
    )
    registry.do(reported, under(given_mandate(registry, pole)))

    for own in (under(given_mandate(registry, pole)), HOLDER):
        with pytest.raises(Refused, match="une autre personne"):
            registry.do(kept, own)
    registry.do(kept, make.by())

    found = registry.load(Undertaking, undertaking)
    assert found
    assert found.standing_on(make.TODAY) is UndertakingStanding.KEPT


def test_a_document_that_nobody_filed_proves_nothing(registry: Registry, pole: PoleId) -> None:
    publish(registry)
    id_ = registry.do(sign(pole, follow_up=True), make.by()).answer
    undertaking = UndertakingId(signature(registry, id_).undertakings[0])

    with pytest.raises(NotFound):
        registry.do(
            ReportUndertaking(undertaking=undertaking, words="fait", documents=(uuid4(),)),
            make.by(),
        )


# --- mandates -----------------------------------------------------------------------------------


def given_mandate(
    registry: Registry,
    pole: PoleId,
    since: str = "2014-01-01",
    until: str | None = None,
    relation: str | None = None,
) -> UUID:
    command = GiveMandate.model_validate(
        {
            "holder": HOLDER.actor,
            "principal": f"pole:{pole}",
            "for_role": HOLDER.role,
            "relation": relation or f"pole:{pole}",
            "occurred_on": since,
            "valid_to": until,
        }
    )
    return registry.do(command, make.by()).answer


def under(mandate: UUID) -> By:
    return HOLDER.model_copy(update={"on_behalf_of": MandateId(mandate)})


@pytest.mark.parametrize("relation", ["pole", "region", "everywhere"])
def test_a_mandate_for_a_pole_is_enough_to_sign_and_to_withdraw(
    registry: Registry, pole: PoleId, relation: str
) -> None:
    where = {"region": "Occitanie"}
    registry.do(
        LocatePole.model_validate({"pole": pole, "territory": where, "occurred_on": "2013"}),
        make.by(),
    )
    about = {"pole": f"pole:{pole}", "region": "region:Occitanie", "everywhere": "everywhere"}
    by = under(given_mandate(registry, pole, relation=about[relation]))
    publish(registry)

    signed = registry.do(sign(pole, follow_up=True), by)
    registry.do(
        WithdrawSignature(signature=CharterSignatureId(signed.answer), motive="statuts"), by
    )

    event = next(e for e in signed.events if isinstance(e, CharterSignature.Signed))
    assert event.meta.on_behalf_of == by.on_behalf_of
    assert signature(registry, signed.answer).withdrawn


def test_a_mandate_for_another_pole_reaches_neither(registry: Registry, pole: PoleId) -> None:
    by = under(given_mandate(registry, registered(registry, "Autre")))
    id_ = registry.do(sign(pole), make.by()).answer

    with pytest.raises(OutsideItsReach):
        registry.do(WithdrawSignature(signature=CharterSignatureId(id_), motive="statuts"), by)
    with pytest.raises(OutsideItsReach):
        registry.do(sign(pole, "2022-01-01", "2021-06"), by)


near = st.dates(date(2023, 1, 1), date(2024, 6, 3))


@settings(max_examples=25, deadline=None)
@given(near, st.none() | near, near, st.booleans())
def test_a_signature_under_a_mandate_that_had_ended_that_day_is_refused(
    since: date, until: date | None, day: date, local: bool
) -> None:
    if until is not None and until <= since:
        until = since + timedelta(days=1)
    with TemporaryDirectory() as folder, make.registry(Path(folder)) as registry:
        pole = registered(registry)
        publish(registry, LOCAL, "2019", CharterKind.LOCAL, pole)
        who = member(registry, pole)
        last = until.isoformat() if until else None
        by = under(given_mandate(registry, pole, since.isoformat(), last))
        on = day.isoformat()
        command = sign_as_member(pole, who, on) if local else sign(pole, on)

        ended = until is not None and (until <= day or until <= make.TODAY)
        not_begun = day < since
        if ended or not_begun:
            size = registry.journal.size()
            with pytest.raises((NoLongerInForce, MandateNotYetInForce)):
                registry.do(command, by)
            assert registry.journal.size() == size
        else:
            assert signature(registry, registry.do(command, by).answer).in_force_on(day)


# --- nothing else follows -----------------------------------------------------------------------

OURS = ("charter.", "charter_signature.", "undertaking.")
BESIDE = ("pole.charter_signature_attached.", "pole.attached.")


@st.composite
def acts(draw: st.DrawFn) -> tuple[str, date, int]:
    kinds = ["publish", "local", "sign", "network", "member", "withdraw", "follow", "report"]
    kinds += ["assess", "extend", "release"]
    day = draw(st.dates(date(2021, 6, 1), date(2024, 6, 3)))
    return draw(st.sampled_from(kinds)), day, draw(st.integers(0, 3))


def command(
    what: str, day: date, n: int, pole: PoleId, who: MemberId, made: dict[str, list[UUID]]
) -> Any:
    on = PartialDate.on(day)
    version = ["2014-09-19", "2019", "2021-06", "2023"][n]
    signed = made["signed"][n % len(made["signed"])] if made["signed"] else uuid4()
    owed = UndertakingId(made["owed"][n % len(made["owed"])] if made["owed"] else uuid4())
    match what:
        case "publish" | "local":
            local = what == "local"
            return PublishCharter(
                text=LOCAL if local else NATIONAL,
                charter_kind=CharterKind.LOCAL if local else CharterKind.NATIONAL,
                version=PartialDate(version),
                pole=pole if local else None,
                occurred_on=on,
            )
        case "sign":
            return sign(pole, on.root, version, follow_up=n % 2 == 0)
        case "network":
            fields = {**ACT, "network": "mes", "charter": version, "follow_up": n == 0}
            return SignAsNetwork.model_validate({**fields, "occurred_on": on})
        case "member":
            return sign_as_member(pole, who, on.root, charter=version)
        case "withdraw":
            id_ = CharterSignatureId(signed)
            return WithdrawSignature(signature=id_, motive="statuts", occurred_on=on)
        case "follow":
            return FollowUpSignature(signature=CharterSignatureId(signed), occurred_on=on)
        case "report":
            return ReportUndertaking(undertaking=owed, words="fait", occurred_on=on)
        case "assess":
            found = UndertakingFinding.NOT_KEPT
            return AssessUndertaking(
                undertaking=owed, assessment=found, reasons="vu", occurred_on=on
            )
        case "extend":
            due = day + timedelta(days=30)
            return ExtendUndertaking(undertaking=owed, due=due, reasons="vu", occurred_on=on)
        case _:
            return ReleaseUndertaking(undertaking=owed, motive="fin", occurred_on=on)


def verdicts(registry: Registry, pole: PoleId) -> Any:
    """What the engine says of the steps that the State, or the registry for it, decides."""
    moment = Moment(known=registry.journal.size(), in_force=make.TODAY)
    ways = pole_why(registry, pole, moment)
    decided = [way for way in ways if way.transition in ("enter_experimentation", "recognise")]
    assert len(decided) == 2
    return [
        (way.transition, way.status, [(c.clause, c.verdict, c.values) for c in way.clauses])
        for way in decided
    ]


@settings(max_examples=20, deadline=None)
@given(st.lists(acts(), max_size=12), st.booleans())
def test_signing_creates_no_commitment_and_opens_no_decision_of_the_state(
    tried: list[tuple[str, date, int]], ready: bool
) -> None:
    with TemporaryDirectory() as folder, make.registry(Path(folder)) as registry:
        pole = registered(registry, since="2021-06-01")
        who = member(registry, pole, since="2021-06-01")
        if ready:
            registry.do(FileEvidence(pole=pole, evidence="strategy", title="Stratégie"), make.by())
        before, since = verdicts(registry, pole), registry.journal.size()
        made: dict[str, list[UUID]] = {"signed": [], "owed": []}

        for what, day, n in tried:
            with suppress(JalonError):
                done = registry.do(command(what, day, n, pole, who, made), make.by())
                if what in ("sign", "network", "member"):
                    made["signed"].append(done.answer)
                    made["owed"] += signature(registry, done.answer).undertakings

        topics = {row.topic for row in registry.journal.rows(since, 1000)}
        assert {t for t in topics if not t.startswith((*OURS, *BESIDE))} == set()
        found = registry.load(Pole, pole)
        assert found
        assert {stay.value for stay in found.main.states} == {"emergence"}
        assert verdicts(registry, pole) == before


def test_the_acts_tried_above_are_all_possible(registry: Registry, pole: PoleId) -> None:
    """Or the property would say nothing."""
    who = member(registry, pole, since="2014-01-01")
    made: dict[str, list[UUID]] = {"signed": [], "owed": []}
    day = date(2022, 1, 1)
    for what, n in [("publish", 0), ("local", 0), ("network", 0), ("member", 0), ("sign", 1)]:
        if what == "sign":
            publish(registry, NATIONAL, "2019")
        done = registry.do(command(what, day, n, pole, who, made), make.by())
        if what in ("sign", "network", "member"):
            made["signed"].append(done.answer)
            made["owed"] += signature(registry, done.answer).undertakings
    made["signed"] = made["signed"][-1:]

    for what in ("follow", "report", "extend", "release", "withdraw"):
        registry.do(command(what, day + timedelta(days=1), 0, pole, who, made), make.by())

    with pytest.raises(Forbidden):
        registry.do(sign(pole), under(given_mandate(registry, pole, until="2014-02-01")))


def test_the_variant_is_that_of_the_form(registry: Registry, pole: PoleId) -> None:
    done = registry.do(sign(pole, variant="in_creation"), make.by())

    signed = next(e for e in done.events if isinstance(e, CharterSignature.Signed))
    assert signed.variant is Variant.IN_CREATION
