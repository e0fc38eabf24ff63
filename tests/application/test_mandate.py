"""Acting for somebody else: within the mandate's role, reach and days, and no longer than it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event as Signal
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest
from typing_extensions import override

from application.bulk import ActOnPoles
from application.charter_signature import SignCharter, WithdrawSignature
from application.claim import RecordClaim
from application.command import Command, Work
from application.evaluation import MoveRound, PlanRound
from application.mandate import GiveMandate, RevokeMandate, mandates
from application.pole import LocatePole, NoteContact, PoleCommand, RegisterPole, RenamePole
from application.wording import tell
from application.world import Moment
from domain.charter import Capacity, CharterSignatureId, Variant
from domain.dates import PartialDate
from domain.evaluation import EvaluationId
from domain.mandate import (
    GivenToOneself,
    Mandate,
    MandateNotYetInForce,
    NoLongerInForce,
    NoSuchMandate,
    NotTheHolder,
    OtherRole,
    OutsideItsReach,
    PassedOn,
)
from domain.pole import Pole, PoleId, Territory
from domain.proposal import AlreadyVoted, CollegeFull, TooManyProxies, VoterExcluded
from domain.provenance import MandateId
from domain.roles import Role
from domain.values import Personal
from infrastructure.event_store.registry import KeyReused, Registry
from tests import make
from tests.application import rounds, voting
from tests.application.voting import (
    MEMBER,
    SECRETARY,
    approval,
    cast,
    load,
    open_vote,
    person,
    publish,
)

NETWORK = Role.NETWORK


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    """A registry in which the journeys are published."""
    with make.registry(tmp_path) as made:
        yield made


@pytest.fixture
def pole(registry: Registry) -> PoleId:
    return register(registry)


def register(registry: Registry, name: str = "Tétris") -> PoleId:
    command = RegisterPole(name=name, occurred_on=PartialDate("2022"))
    return PoleId(registry.do(command, make.by()).answer)


def give(
    registry: Registry,
    *,
    since: str = "2024-01-01",
    until: str | None = "2025-01-01",
    holder: int = 7,
    under: UUID | None = None,
    giver: int = 1,
    **more: Any,
) -> UUID:
    """A mandate of a network, for a year and everywhere unless said."""
    plain = {"principal": "organisation:COORACE", "for_role": NETWORK, "relation": "everywhere"}
    command = GiveMandate.model_validate(
        {
            "holder": UUID(int=holder),
            "occurred_on": since,
            "valid_to": until,
            **plain,
            **more,
        }
    )
    return registry.do(command, person(giver, NETWORK, under)).answer


def revoke(registry: Registry, mandate: UUID, on: str = "2024-06-03") -> None:
    command = RevokeMandate(mandate_id=MandateId(mandate), occurred_on=PartialDate(on))
    registry.do(command, person(1))


def contact(pole: PoleId, on: str = "2024-06-03") -> Command:
    """An act that is always possible."""
    return NoteContact(pole=pole, channel="courriel", outcome="joint", occurred_on=PartialDate(on))


def act(registry: Registry, command: Command, mandate: UUID, role: Role = NETWORK) -> UUID:
    """Let the holder do something under a mandate."""
    return registry.do(command, person(7, role, mandate)).answer


# --- whose, and in which role -------------------------------------------------------------------


def test_what_is_done_under_a_mandate_says_so(registry: Registry, pole: PoleId) -> None:
    mandate = give(registry)

    act(registry, contact(pole), mandate)

    meta = registry.history(pole)[-1].event.meta
    assert (meta.actor, meta.role, meta.on_behalf_of) == (UUID(int=7), NETWORK, mandate)


def test_a_key_names_what_was_asked_for_one_principal(registry: Registry, pole: PoleId) -> None:
    command, mandate = contact(pole), give(registry)
    registry.do(command, person(7, NETWORK), key="appel")

    assert registry.do(command, person(7, NETWORK), key="appel").repeated
    with pytest.raises(KeyReused):
        registry.do(command, person(7, NETWORK, mandate), key="appel")


def test_a_mandate_serves_its_holder_in_its_role(registry: Registry, pole: PoleId) -> None:
    mandate = give(registry)

    with pytest.raises(NotTheHolder):
        registry.do(contact(pole), person(8, NETWORK, mandate))
    with pytest.raises(OtherRole, match="réseau fondateur"):
        act(registry, contact(pole), mandate, Role.REGISTRAR)
    with pytest.raises(NoSuchMandate):
        act(registry, contact(pole), uuid4())
    with pytest.raises(NoSuchMandate):
        act(registry, contact(pole), pole)


def test_nobody_gives_themself_a_mandate(registry: Registry) -> None:
    with pytest.raises(GivenToOneself):
        give(registry, giver=7)


# --- when ---------------------------------------------------------------------------------------


def test_a_mandate_must_be_in_force_on_the_day_of_the_act(registry: Registry, pole: PoleId) -> None:
    mandate = give(registry, since="2024-03-01", until=None)

    act(registry, contact(pole, "2024-03-01"), mandate)
    with pytest.raises(MandateNotYetInForce, match="1er mars 2024"):
        act(registry, contact(pole, "2024-02-29"), mandate)


def test_an_act_of_a_day_on_which_the_mandate_had_ended_is_refused(
    registry: Registry, pole: PoleId
) -> None:
    mandate = give(registry)
    revoke(registry, mandate, "2024-05-01")

    with pytest.raises(NoLongerInForce, match="1er mai 2024"):
        act(registry, contact(pole, "2024-05-02"), mandate)


def test_whoever_no_longer_holds_it_cannot_date_an_act_back(
    registry: Registry, pole: PoleId
) -> None:
    """In force that day and not today: it is recorded by somebody who may, in their own name."""
    ended = give(registry, until="2024-06-03")

    with pytest.raises(NoLongerInForce, match=r"3 juin 2024 .* 3 juin 2024"):
        act(registry, contact(pole, "2024-02-01"), ended)


def test_the_last_day_of_a_mandate_still_counts(registry: Registry, pole: PoleId) -> None:
    act(registry, contact(pole), give(registry, until="2024-06-04"))


def test_what_was_done_before_a_revocation_stays_done(registry: Registry, pole: PoleId) -> None:
    mandate = give(registry)
    act(registry, contact(pole), mandate)

    revoke(registry, mandate, "2024-04-01")

    assert load(registry, pole).contacts == [make.TODAY]


class Backdated(PoleCommand, by=(Role.NETWORK,)):
    """Records a fact of another day than its own."""

    NAME: ClassVar[str] = "pole.backdated"
    on: PartialDate

    @override
    def act(self, work: Work, pole: Pole) -> None:
        with work.dated(self.on):
            pole.rename("Trézor")


def test_every_day_of_which_something_is_recorded_counts(registry: Registry, pole: PoleId) -> None:
    mandate = give(registry, since="2024-03-01")

    act(registry, Backdated(pole=pole, on=PartialDate("2024-03-01")), mandate)
    with pytest.raises(MandateNotYetInForce, match="1er février 2024"):
        act(registry, Backdated(pole=pole, on=PartialDate("2024-02")), mandate)


# --- what about ---------------------------------------------------------------------------------


def test_a_mandate_for_a_pole_is_for_no_other(registry: Registry, pole: PoleId) -> None:
    other, mandate = register(registry, "Autre"), give(registry, relation=f"pole:{pole}")

    act(registry, contact(pole), mandate)
    with pytest.raises(OutsideItsReach, match=f"le pôle {pole}"):
        act(registry, contact(other), mandate)
    with pytest.raises(OutsideItsReach):
        act(
            registry,
            RecordClaim(statement="Plus de 50.", author="ministère", source="une revue"),
            mandate,
        )


def test_a_mandate_for_a_region_is_for_its_poles_and_draws_no_other_in(
    registry: Registry, pole: PoleId
) -> None:
    mandate = give(registry, relation="region:Bretagne")
    located = LocatePole(pole=pole, territory=Territory(region="Bretagne"))

    with pytest.raises(OutsideItsReach):
        act(registry, located, mandate)
    registry.do(located, make.by())

    act(registry, contact(pole), mandate)


def test_a_mandate_for_a_region_is_for_the_rounds_of_its_poles(tmp_path: Path) -> None:
    with rounds.registry(tmp_path) as registry:
        here, elsewhere = rounds.pole(registry), rounds.pole(registry, "Autre pôle d'essai")
        for pole, region in ((here, "Bretagne"), (elsewhere, "Normandie")):
            rounds.do(registry, LocatePole(pole=pole, territory=Territory(region=region)))
        relations = ("region:Bretagne", f"pole:{here}")
        held = [give(registry, relation=one, for_role=Role.REGISTRAR) for one in relations]
        other = rounds.plan(registry, elsewhere)
        day = PartialDate("2024-06-03")

        def plan(pole: PoleId, mandate: UUID, on: PartialDate = day) -> UUID:
            planned = PlanRound(pole=pole, round_kind=rounds.SELF, occurred_on=on)
            return act(registry, planned, mandate, Role.REGISTRAR)

        def open_it(round_: UUID, mandate: UUID) -> None:
            command = MoveRound(evaluation=EvaluationId(round_), transition="open", occurred_on=day)
            act(registry, command, mandate, Role.REGISTRAR)

        for mandate in held:
            round_ = plan(here, mandate)
            open_it(round_, mandate)
            assert rounds.load(registry, round_).state_on(make.TODAY) == "open"
            with pytest.raises(OutsideItsReach):
                open_it(other, mandate)
            with pytest.raises(OutsideItsReach):
                plan(elsewhere, mandate, PartialDate("2024-06-02"))


def test_what_is_recorded_beside_a_pole_is_covered_with_it(
    registry: Registry, pole: PoleId
) -> None:
    mandate = give(registry, relation=f"pole:{pole}")
    signature = act(
        registry,
        SignCharter(
            pole=pole,
            charter="2021-06",
            variant=Variant.EXISTING_POLE,
            capacity=Capacity.MANDATE,
            place="Grasse",
            signatory=Personal(text="Jeanne"),
        ),
        mandate,
    )

    withdraw = WithdrawSignature(signature=CharterSignatureId(signature), motive="erreur")
    other = give(registry, relation=f"pole:{register(registry, 'Autre')}")
    with pytest.raises(OutsideItsReach):
        act(registry, withdraw, other)
    assert act(registry, withdraw, mandate) == signature


def test_among_many_poles_those_that_are_not_covered_are_refused(
    registry: Registry, pole: PoleId
) -> None:
    other, mandate = register(registry, "Autre"), give(registry, relation=f"pole:{pole}")
    fields = {"channel": "courriel", "outcome": "joint"}

    done = registry.do(
        ActOnPoles(command="pole.note_contact", fields=fields, poles=(pole, other)),
        person(7, NETWORK, mandate),
    )

    assert [(item.subject, item.result) for item in done.outcomes] == [
        (pole, "done"),
        (other, "refused"),
    ]
    assert isinstance(done.outcomes[1].refusal, OutsideItsReach)


# --- a mandate of a mandate ---------------------------------------------------------------------


def test_a_mandate_given_under_another_ends_with_it(registry: Registry, pole: PoleId) -> None:
    first = give(registry, may_pass_on=True)
    second = give(registry, giver=7, holder=8, under=first)
    by = person(8, NETWORK, second)
    registry.do(contact(pole), by)

    revoke(registry, first)

    with pytest.raises(NoLongerInForce, match="3 juin 2024"):
        registry.do(contact(pole), by)
    assert [line.in_force for line in listed(registry)] == [False, False]


def test_a_mandate_that_does_not_foresee_it_is_not_passed_on(registry: Registry) -> None:
    with pytest.raises(PassedOn, match="ne le prévoit pas"):
        give(registry, giver=7, holder=8, under=give(registry))


# --- voting by mandate --------------------------------------------------------------------------


@pytest.fixture
def voted(tmp_path: Path) -> Iterator[tuple[Registry, PoleId]]:
    """A registry with a pole whose choice is voted by a committee of three."""
    with make.registry(tmp_path, publish=False) as made:
        publish(made, voting.journey(approval(quorum=2, proxies=1)))
        yield made, voting.register(made)


def test_a_vote_by_mandate_counts_for_who_is_represented(voted: tuple[Registry, PoleId]) -> None:
    registry, pole = voted
    absent = give(registry, principal=f"account:{UUID(int=2)}", for_role=MEMBER)
    vote = open_vote(registry, pole)

    cast(registry, pole, vote, person(7))
    (ballot,) = cast(registry, pole, vote, person(7, MEMBER, absent))

    assert isinstance(ballot, Pole.BallotCast)
    assert (ballot.voter, ballot.holder) == (f"account:{UUID(int=2)}", f"account:{UUID(int=7)}")
    assert tell(ballot)[1].startswith("pour, sous mandat")
    with pytest.raises(AlreadyVoted):  # the one who was represented comes after all
        cast(registry, pole, vote, person(2))
    way = load(registry, pole).engine_facts_on(
        make.TODAY, registry.compiled("pole@2023-01-01").journey, {}
    )
    assert way["approvals.carried"] == ("choose",)


def test_who_voted_themself_is_not_voted_for(voted: tuple[Registry, PoleId]) -> None:
    registry, pole = voted
    absent = give(registry, principal=f"account:{UUID(int=2)}", for_role=MEMBER)
    vote = open_vote(registry, pole)
    cast(registry, pole, vote, person(2))

    with pytest.raises(AlreadyVoted):
        cast(registry, pole, vote, person(7, MEMBER, absent))


def test_a_person_carries_no_more_mandates_than_the_rule_says(
    voted: tuple[Registry, PoleId],
) -> None:
    registry, pole = voted
    first, second = (
        give(registry, principal=f"organisation:{name}", for_role=MEMBER) for name in ("A", "B")
    )
    vote = open_vote(registry, pole)
    cast(registry, pole, vote, person(7, MEMBER, first))

    with pytest.raises(TooManyProxies):
        cast(registry, pole, vote, person(7, MEMBER, second))


def test_one_organisation_votes_once_whoever_represents_it(
    voted: tuple[Registry, PoleId],
) -> None:
    registry, pole = voted
    first = give(registry, principal="organisation:Évaléco", for_role=MEMBER)
    second = give(registry, principal="organisation:EVALECO", for_role=MEMBER, holder=8)
    vote = open_vote(registry, pole)
    cast(registry, pole, vote, person(7, MEMBER, first))

    with pytest.raises(AlreadyVoted):
        cast(registry, pole, vote, person(8, MEMBER, second))


def test_whoever_opens_a_vote_for_another_takes_no_part_in_it(
    voted: tuple[Registry, PoleId],
) -> None:
    registry, pole = voted
    mandate = give(registry, principal=f"account:{UUID(int=2)}", for_role=SECRETARY)
    vote = open_vote(registry, pole, person(7, SECRETARY, mandate))

    for number in (2, 7):
        with pytest.raises(VoterExcluded):
            cast(registry, pole, vote, person(number))


# --- lists --------------------------------------------------------------------------------------


def listed(registry: Registry, day: str = "2024-06-03") -> Any:
    return mandates(registry, Moment(known=registry.journal.size(), in_force=make.day(day)))


def test_the_list_says_which_mandates_were_in_force(registry: Registry) -> None:
    mandate = give(registry)
    size = registry.journal.size()
    revoke(registry, mandate, "2024-05-01")

    (line,) = listed(registry, "2024-04-30")
    assert (line.in_force, line.revoked, line.until) == (True, True, make.day("2024-05-01"))
    assert not listed(registry, "2024-05-01")[0].in_force
    (then,) = mandates(registry, Moment(known=size, in_force=make.day("2024-06-03")))
    assert (then.in_force, then.revoked) == (True, False)


def test_the_list_says_in_words_for_whom_about_what_and_who_gave_it(registry: Registry) -> None:
    pole = register(registry, "Pôle des Deux Rives")
    give(registry, principal=f"pole:{pole}", relation=f"pole:{pole}")
    give(registry, since="2024-02-01", relation="region:Bretagne")

    first, second = listed(registry)

    named = "le pôle « Pôle des Deux Rives »"
    assert (first.principal_words, first.relation_words) == (named, named)
    assert (second.principal_words, second.relation_words) == (
        "l'organisation COORACE",
        "la région Bretagne",
    )
    assert first.giver_words == "réseau fondateur (compte 00000000)"
    assert (first.given_by, first.giver_role) == (UUID(int=1), NETWORK)


# --- at the same time ---------------------------------------------------------------------------


class Slowly(PoleCommand, by=(Role.NETWORK,)):
    """Waits, once it has decided, for something else to happen first."""

    NAME: ClassVar[str] = "pole.slowly"
    name: str

    @override
    def act(self, work: Work, pole: Pole) -> None:
        pole.rename(self.name)
        DECIDED.set()
        assert GO_ON.wait(30)


DECIDED, GO_ON = Signal(), Signal()


def test_a_mandate_revoked_meanwhile_stops_what_was_already_decided(
    registry: Registry, pole: PoleId
) -> None:
    """The store sees that the mandate moved; the command decides again, and is refused."""
    mandate = give(registry)
    DECIDED.clear()
    GO_ON.clear()

    with ThreadPoolExecutor(1) as pool:
        acting = pool.submit(act, registry, Slowly(pole=pole, name="Trézor"), mandate)
        assert DECIDED.wait(30)
        revoke(registry, mandate)
        GO_ON.set()
        with pytest.raises(NoLongerInForce, match="3 juin 2024"):
            acting.result()

    assert load(registry, pole).name_on(make.TODAY) == "Tétris"


def test_of_acts_and_a_revocation_at_once_none_comes_after_it(registry: Registry) -> None:
    """Many holders' acts race with one revocation: in the journal, it ends them."""
    poles = [register(registry, f"Pôle {number}") for number in range(6)]
    mandate = give(registry)

    def try_to(number: int) -> bool:
        try:
            act(registry, RenamePole(pole=poles[number], name="Autre"), mandate)
        except NoLongerInForce:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        first = pool.map(try_to, range(3))
        revocation = pool.submit(revoke, registry, mandate)
        second = pool.map(try_to, range(3, 6))
        done = [*first, *second]
        revocation.result()

    end = next(r.position for r in registry.told(Mandate.Revoked))
    renamed = [r.position for r in registry.told(Pole.Renamed)]
    assert len(renamed) == sum(done)
    assert all(position < end for position in renamed)
    assert not try_to(0)


def test_two_voters_for_the_last_seat_do_not_both_vote(tmp_path: Path) -> None:
    with make.registry(tmp_path, publish=False) as registry:
        one = {"one": voting.college("Un", MEMBER, 1)}
        publish(registry, voting.journey(approval(colleges=one)))
        pole = voting.register(registry)
        vote = open_vote(registry, pole)

        def try_to(number: int) -> bool:
            try:
                cast(registry, pole, vote, person(number))
            except CollegeFull:
                return False
            return True

        with ThreadPoolExecutor(4) as pool:
            assert sum(pool.map(try_to, range(1, 5))) == 1
        assert len(load(registry, pole).proposal(vote).ballots) == 1
