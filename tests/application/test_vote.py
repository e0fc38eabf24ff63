"""A step that takes a vote: opened, voted by distinct persons, closed, taken."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from application.command import Command
from application.history_in_words import pole_history
from application.pole import MigratePole, MovePole, RecordPastStep
from application.register import pole_why
from application.vote import CloseVote, DeclareRecusal, OpenVote, WithdrawVote
from application.world import Moment
from domain.dates import PartialDate
from domain.errors import JalonError
from domain.given import InputRefused
from domain.pole import Pole, PoleId
from domain.proposal import (
    AlreadyVoted,
    BeforeTheVote,
    CollegeFull,
    NoAbstention,
    NoSuchVote,
    NotInCollege,
    OtherInput,
    VoteOver,
    VoterExcluded,
    VoteStanding,
)
from domain.rights import RoleNotHeld, Who
from domain.roles import Role
from domain.rules import fact_values
from domain.values import Personal
from domain.vote import Choice
from domain.workflow import ClauseNotHeld, NotFromHere, NotVoted, Verdict, offers
from infrastructure.event_store.registry import Registry
from tests import make
from tests.application import voting
from tests.application.voting import (
    FUNDER,
    MEMBER,
    SECRETARY,
    approval,
    cast,
    choose,
    college,
    load,
    open_vote,
    person,
    publish,
    register,
)

FOR, AGAINST, ABSTAIN = Choice


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    """A registry in which nothing is published yet."""
    with make.registry(tmp_path, publish=False) as made:
        yield made


@pytest.fixture
def pole(registry: Registry) -> PoleId:
    """A pole whose choice is voted by a committee of three."""
    publish(registry, voting.journey())
    return register(registry)


def pole_under(registry: Registry, **more: Any) -> PoleId:
    """A pole whose choice is voted by another rule."""
    publish(registry, voting.journey(approval(**more)))
    return register(registry)


def moment(registry: Registry, day: str = "2024-06-03") -> Moment:
    return Moment(known=registry.journal.size(), in_force=make.day(day))


def clause(registry: Registry, pole: UUID) -> tuple[Verdict, str]:
    """What is said of the vote among the clauses of the choice."""
    way = next(w for w in pole_why(registry, pole, moment(registry)) if w.transition == "choose")
    found = next(line for line in way.clauses if line.clause == "approved")
    return found.verdict, found.sentence


# --- carried, and not ---------------------------------------------------------------------------


def test_a_step_waits_for_its_vote_and_is_taken_once_it_is_carried(
    registry: Registry, pole: PoleId
) -> None:
    with pytest.raises(ClauseNotHeld, match="Un vote l'a adopté"):
        choose(registry, pole)
    vote = open_vote(registry, pole)
    cast(registry, pole, vote, person(1))
    with pytest.raises(ClauseNotHeld):
        choose(registry, pole)
    cast(registry, pole, vote, person(2))

    (moved,) = choose(registry, pole)

    assert isinstance(moved, Pole.Moved)
    assert [(f.clause, f.verdict) for f in moved.verdicts] == [("approved", Verdict.HELD)]
    assert moved.verdicts[0].values == {"approvals.carried": ["choose"]}
    assert load(registry, pole).state_on(make.TODAY) == "chosen"


def test_why_and_offers_say_what_the_vote_says(registry: Registry, pole: PoleId) -> None:
    rule = "Un vote l'a adopté : plus de pour que de contre ; quorum : 1/2 des sièges ; "
    rule += "collège : Comité (3 sièges)."
    vote = open_vote(registry, pole)
    cast(registry, pole, vote, person(1))

    def offered() -> str:
        told = load(registry, pole)
        compiled = registry.compiled(told.journey)
        known = fact_values(told.facts_on(make.TODAY, registry.load))
        facts = known | told.engine_facts_on(make.TODAY, compiled.journey, known)
        who = Who(frozenset({SECRETARY}))
        return offers(compiled, "asked", facts, who=who, now=make.NOW)["choose"]

    assert clause(registry, pole) == (Verdict.FAILED, rule)
    assert offered() == "closed"
    cast(registry, pole, vote, person(2))
    assert clause(registry, pole) == (Verdict.HELD, rule)
    assert offered() == "open"


def test_the_state_of_a_vote_is_told_beside_the_clause(registry: Registry, pole: PoleId) -> None:
    vote = open_vote(registry, pole)
    cast(registry, pole, vote, person(1))

    way = pole_why(registry, pole, moment(registry))[0]

    assert way.votes == (
        "Vote en cours (Comité : 1 pour, 0 contre, 0 abstention) : "
        f"il manque 1 votant. Vote {vote}.",
    )
    assert set(way.clauses[0].unblocked_by) == {Role.COMMITTEE_MEMBER}


def test_a_vote_that_is_closed_is_decided_by_those_who_came(
    registry: Registry, pole: PoleId
) -> None:
    vote = open_vote(registry, pole)
    cast(registry, pole, vote, person(1), FOR)
    cast(registry, pole, vote, person(2), ABSTAIN)
    assert clause(registry, pole)[0] is Verdict.FAILED

    registry.do(CloseVote(pole=pole, vote=vote), person(98, SECRETARY))

    assert clause(registry, pole)[0] is Verdict.HELD
    with pytest.raises(VoteOver, match="clos"):
        cast(registry, pole, vote, person(3))


def test_a_rejected_step_may_be_put_to_another_vote(registry: Registry, pole: PoleId) -> None:
    vote = open_vote(registry, pole)
    with pytest.raises(VoteStanding, match=str(vote)):
        open_vote(registry, pole)
    cast(registry, pole, vote, person(1), AGAINST)
    cast(registry, pole, vote, person(2), AGAINST)

    again = open_vote(registry, pole)
    cast(registry, pole, again, person(1))
    cast(registry, pole, again, person(2))

    assert clause(registry, pole)[0] is Verdict.HELD


def test_what_was_voted_is_what_is_done(registry: Registry, pole: PoleId) -> None:
    vote = open_vote(registry, pole, amount=30_000)
    for number in (1, 2):
        cast(registry, pole, vote, person(number))

    for given in ({"amount": 30_001}, {}):
        with pytest.raises(OtherInput, match="amount : 30000"):
            choose(registry, pole, **given)
    (moved,) = choose(registry, pole, amount=30_000)

    assert isinstance(moved, Pole.Moved)
    assert moved.input == {"amount": 30_000}


def test_the_last_vote_carried_is_the_one_that_holds(registry: Registry, pole: PoleId) -> None:
    for amount in (30_000, 20_000):
        vote = open_vote(registry, pole, amount=amount)
        for number in (1, 2):
            cast(registry, pole, vote, person(number))

    with pytest.raises(OtherInput, match="20000"):
        choose(registry, pole, amount=30_000)
    choose(registry, pole, amount=20_000)


def test_a_vote_decides_of_the_stay_in_which_it_was_held(registry: Registry, pole: PoleId) -> None:
    vote = open_vote(registry, pole)
    for number in (1, 2):
        cast(registry, pole, vote, person(number))
    choose(registry, pole)
    registry.do(MovePole(pole=pole, transition="reopen"), person(99, SECRETARY))

    assert clause(registry, pole)[0] is Verdict.FAILED
    with pytest.raises(ClauseNotHeld):
        choose(registry, pole)
    with pytest.raises(VoteOver, match="est quittée, ou ses règles ont changé"):
        cast(registry, pole, vote, person(3))


def test_a_vote_decides_under_the_rules_under_which_it_was_held(
    registry: Registry, pole: PoleId
) -> None:
    vote = open_vote(registry, pole)
    for number in (1, 2):
        cast(registry, pole, vote, person(number))
    stricter = voting.journey(approval(majority="unanimous"), "2024-02-01")
    publish(registry, stricter)

    registry.do(MigratePole(pole=pole, to=stricter.ref), make.by())

    assert clause(registry, pole)[0] is Verdict.FAILED
    with pytest.raises(VoteOver, match="ses règles ont changé"):
        cast(registry, pole, vote, person(3))


def test_a_draft_is_judged_on_the_votes_that_were_held(registry: Registry, pole: PoleId) -> None:
    vote = open_vote(registry, pole)
    for number, choice in ((1, FOR), (2, FOR), (3, AGAINST)):
        cast(registry, pole, vote, person(number), choice)
    case = load(registry, pole)

    def carried(**rule: Any) -> Any:
        draft = voting.journey(approval(**rule), "2030-01-01")
        return case.engine_facts_on(make.TODAY, draft, {})["approvals.carried"]

    assert carried() == ("choose",)
    assert carried(majority="unanimous") == ()


# --- who votes ----------------------------------------------------------------------------------


def test_a_person_votes_once(registry: Registry, pole: PoleId) -> None:
    vote = open_vote(registry, pole)
    cast(registry, pole, vote, person(1))

    for choice in (FOR, AGAINST):
        with pytest.raises(AlreadyVoted):
            cast(registry, pole, vote, person(1), choice)


def test_a_person_with_two_roles_votes_once(registry: Registry) -> None:
    both = {
        "committee": college("Comité", "committee_member", 2),
        "money": college("Financeurs", "funder", 2),
    }
    pole = pole_under(registry, colleges=both, quorum=1, carried_by="each_college")
    vote = open_vote(registry, pole)
    cast(registry, pole, vote, person(1, MEMBER))

    with pytest.raises(AlreadyVoted):
        cast(registry, pole, vote, person(1, FUNDER))
    cast(registry, pole, vote, person(2, FUNDER))

    assert clause(registry, pole)[0] is Verdict.FAILED  # one of two in each: not yet settled


def test_whoever_opens_a_vote_takes_no_part_in_it(registry: Registry) -> None:
    pole = pole_under(registry, opened_by=["committee_member"])
    vote = open_vote(registry, pole, person(1))

    with pytest.raises(VoterExcluded, match="soumis cette étape"):
        cast(registry, pole, vote, person(1))


def test_only_those_who_sit_vote(registry: Registry, pole: PoleId) -> None:
    vote = open_vote(registry, pole)

    with pytest.raises(NotInCollege, match=r"agissez ne siège dans aucun collège\. .*Comité"):
        cast(registry, pole, vote, person(1, FUNDER))
    with pytest.raises(NotInCollege, match=r"agissez ne siège pas dans « other »\. .*Comité"):
        cast(registry, pole, vote, person(1), college="other")


def test_only_those_who_may_open_it_close_it(registry: Registry, pole: PoleId) -> None:
    vote = open_vote(registry, pole)

    for command in (CloseVote(pole=pole, vote=vote), WithdrawVote(pole=pole, vote=vote)):
        with pytest.raises(RoleNotHeld, match="secrétariat"):
            registry.do(command, person(1))
    with pytest.raises(RoleNotHeld, match="secrétariat"):
        open_vote(registry, pole, person(1))


def test_a_college_has_no_more_voters_than_seats(registry: Registry, pole: PoleId) -> None:
    vote = open_vote(registry, pole)
    for number in (1, 2, 3):
        cast(registry, pole, vote, person(number))

    with pytest.raises(CollegeFull, match="Comité"):
        cast(registry, pole, vote, person(4))


def test_any_two_registrars_decide_where_the_rule_says_two(registry: Registry) -> None:
    any_two = {"registrars": college("Tenue du registre", "registrar", None)}
    pole = pole_under(registry, colleges=any_two, quorum=2, majority="unanimous", abstention=False)
    vote = open_vote(registry, pole)

    with pytest.raises(NoAbstention):
        cast(registry, pole, vote, person(1, Role.REGISTRAR), ABSTAIN)
    cast(registry, pole, vote, person(1, Role.REGISTRAR))
    cast(registry, pole, vote, person(2, Role.REGISTRAR))

    assert clause(registry, pole)[0] is Verdict.HELD
    with pytest.raises(VoteOver, match="acquis"):
        cast(registry, pole, vote, person(3, Role.REGISTRAR), AGAINST)


# --- standing aside -----------------------------------------------------------------------------


def test_who_stands_aside_counts_for_nothing_even_once_they_voted(
    registry: Registry, pole: PoleId
) -> None:
    vote = open_vote(registry, pole)
    for number in (1, 2):
        cast(registry, pole, vote, person(number))
    assert clause(registry, pole)[0] is Verdict.HELD

    registry.do(DeclareRecusal(pole=pole, vote=vote, motive=Personal(text="…")), person(2))

    assert clause(registry, pole)[0] is Verdict.FAILED
    with pytest.raises(VoterExcluded, match="déporté"):
        cast(registry, pole, vote, person(2))
    with pytest.raises(VoterExcluded, match="déjà déportée"):
        registry.do(DeclareRecusal(pole=pole, vote=vote), person(2))
    with pytest.raises(ClauseNotHeld):
        choose(registry, pole)


def test_the_motive_of_a_recusal_is_sealed(registry: Registry, pole: PoleId) -> None:
    text = "Ma sœur Jeanne Dupont préside le pôle."
    vote = open_vote(registry, pole)

    (declared,) = registry.do(
        DeclareRecusal(pole=pole, vote=vote, motive=Personal(text=text)), person(2)
    ).events

    assert isinstance(declared, Pole.RecusalDeclared)
    assert declared.motive
    opened = registry.unseal(declared.motive, event=Pole.RecusalDeclared, field="motive")
    assert opened == text
    assert "Dupont" not in str(registry.history(pole))


# --- refused ------------------------------------------------------------------------------------


def test_only_what_the_journey_puts_to_the_vote_is_voted(registry: Registry, pole: PoleId) -> None:
    def opened(transition: str, **given: Any) -> Command:
        return OpenVote(pole=pole, transition=transition, input=given)

    refused: list[tuple[Command, type[JalonError]]] = [
        (opened("leave"), NotVoted),
        (opened("reopen"), NotFromHere),
        (opened("choose", amount="much"), InputRefused),
        (opened("choose", colour="red"), InputRefused),
    ]
    for command, refusal in refused:
        with pytest.raises(refusal):
            registry.do(command, person(99, SECRETARY))


def test_a_vote_that_does_not_exist_is_not_found(registry: Registry, pole: PoleId) -> None:
    with pytest.raises(NoSuchVote):
        cast(registry, pole, uuid4(), person(1))


def test_nothing_takes_place_in_a_vote_before_it_is_opened(
    registry: Registry, pole: PoleId
) -> None:
    vote = open_vote(registry, pole)

    with pytest.raises(BeforeTheVote, match="3 juin 2024"):
        cast(registry, pole, vote, person(1), occurred_on=PartialDate("2024-06-02"))
    with pytest.raises(BeforeTheVote, match="1er janvier 2024"):
        registry.do(
            OpenVote(pole=pole, transition="choose", occurred_on=PartialDate("2023-12-31")),
            person(99, SECRETARY),
        )


def test_a_vote_that_was_called_off_decides_nothing(registry: Registry, pole: PoleId) -> None:
    vote = open_vote(registry, pole)
    cast(registry, pole, vote, person(1))
    registry.do(WithdrawVote(pole=pole, vote=vote), person(99, SECRETARY))

    with pytest.raises(VoteOver, match="retiré"):
        cast(registry, pole, vote, person(2))
    decided = open_vote(registry, pole)
    for number in (1, 2):
        cast(registry, pole, decided, person(number))
    with pytest.raises(VoteOver, match="acquis"):
        registry.do(WithdrawVote(pole=pole, vote=decided), person(99, SECRETARY))


# --- the past -----------------------------------------------------------------------------------


def test_a_vote_asked_about_at_a_past_day_is_told_as_it_was(
    registry: Registry, pole: PoleId
) -> None:
    early = PartialDate("2024-05-02")
    command = OpenVote(pole=pole, transition="choose", occurred_on=early)
    vote = registry.do(command, person(99, SECRETARY)).answer
    cast(registry, pole, vote, person(1), occurred_on=early)
    cast(registry, pole, vote, person(2))

    def votes(day: str) -> list[str]:
        told = pole_why(registry, pole, moment(registry, day))[0].votes
        return [sentence.partition(" (")[0] for sentence in told]

    assert votes("2024-05-01") == []
    assert votes("2024-05-02") == ["Vote en cours"]
    assert votes("2024-06-03") == ["Adopté"]
    too_early = MovePole(pole=pole, transition="choose", occurred_on=PartialDate("2024-05-20"))
    with pytest.raises(ClauseNotHeld):
        registry.do(too_early, person(99, SECRETARY))


def test_whether_a_past_step_was_voted_is_not_known_here(registry: Registry, pole: PoleId) -> None:
    past = RecordPastStep(
        pole=pole, transition="choose", source="procès-verbal", occurred_on=PartialDate("2024-02")
    )

    (moved,) = registry.do(past, make.by()).events

    assert isinstance(moved, Pole.Moved)
    assert [f.verdict for f in moved.verdicts] == [Verdict.NOT_CHECKED]


def test_a_past_step_does_not_go_against_a_vote_that_is_known(
    registry: Registry, pole: PoleId
) -> None:
    open_vote(registry, pole)

    with pytest.raises(ClauseNotHeld):
        registry.do(
            RecordPastStep(pole=pole, transition="choose", source="procès-verbal"), make.by()
        )


def test_the_history_of_a_pole_tells_its_votes(registry: Registry, pole: PoleId) -> None:
    vote = open_vote(registry, pole)
    cast(registry, pole, vote, person(1), AGAINST)
    registry.do(DeclareRecusal(pole=pole, vote=vote), person(2))
    registry.do(CloseVote(pole=pole, vote=vote), person(99, SECRETARY))

    told = pole_history(registry, pole, moment(registry))[1:]

    assert [(line.title, line.detail) for line in told] == [
        ("Vote ouvert", "« Retenir »"),
        ("Bulletin", "contre"),
        ("Déport", "une personne ne prend pas part au vote"),
        ("Vote clos", "les bulletins reçus décident ; plus aucun n'est admis"),
    ]
    assert {line.vote for line in told} == {vote}


# --- definitions --------------------------------------------------------------------------------


def test_a_transition_of_any_name_may_be_voted(registry: Registry) -> None:
    """Names that come from elsewhere hold quotes and accents."""
    definition = voting.journey()
    way = definition.transitions[0].model_copy(update={"id": 'l\'« "élu" \\ »'})
    named = definition.model_copy(update={"transitions": (way, *definition.transitions[1:])})
    publish(registry, named)
    pole = register(registry)
    vote = registry.do(OpenVote(pole=pole, transition=way.id), person(99, SECRETARY)).answer
    for number in (1, 2):
        cast(registry, pole, vote, person(number))

    told = load(registry, pole).engine_facts_on(make.TODAY, named, {})
    assert told["approvals.carried"] == (way.id,)
    assert pole_why(registry, pole, moment(registry))[0].clauses[0].verdict is Verdict.HELD
