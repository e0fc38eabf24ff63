"""Votes, counted by the product and by a naive count of its own; the rules that cannot be."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.vote import Approval, Ballot, Choice, Recusal, VoteOutcome, rule_of, tally
from tests.examples import settings

FOR, AGAINST, ABSTAIN = Choice


def approval(**more: Any) -> Approval:
    """One college of five, of which three vote by a simple majority, unless said."""
    college = {"title": {"fr": "Comité", "en": "Committee"}, "roles": ["member"], "seats": 5}
    plain = {"source": "product rule", "colleges": {"committee": college}, "quorum": 3}
    return Approval.model_validate({**plain, **more})


def two_colleges(**more: Any) -> Approval:
    """Networks (three seats) and the State (two)."""
    return approval(
        colleges={
            "networks": {"title": {"fr": "Réseaux"}, "roles": ["network"], "seats": 3},
            "state": {"title": {"fr": "État"}, "roles": ["funder"], "seats": 2},
        },
        **{"quorum": 1, **more},
    )


def voices(*choices: Choice, college: str = "committee") -> list[Ballot]:
    return [Ballot(f"{college} {n}", college, choice) for n, choice in enumerate(choices)]


# --- one vote at a time --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("majority", "said", "outcome"),
    [
        ("simple", [FOR, FOR, AGAINST, ABSTAIN, ABSTAIN], VoteOutcome.CARRIED),
        ("absolute", [FOR, FOR, AGAINST, ABSTAIN, ABSTAIN], VoteOutcome.REJECTED),
        ("absolute", [FOR, FOR, FOR, ABSTAIN, ABSTAIN], VoteOutcome.CARRIED),
        ("two_thirds", [FOR, FOR, AGAINST, ABSTAIN, ABSTAIN], VoteOutcome.CARRIED),
        ("two_thirds", [FOR, FOR, FOR, AGAINST, AGAINST], VoteOutcome.REJECTED),
        ("unanimous", [FOR, ABSTAIN, ABSTAIN, ABSTAIN, ABSTAIN], VoteOutcome.CARRIED),
        ("unanimous", [FOR, FOR, FOR, FOR, AGAINST], VoteOutcome.REJECTED),
        ("simple", [FOR, FOR, AGAINST, AGAINST, ABSTAIN], VoteOutcome.REJECTED),
        ("simple", [ABSTAIN] * 5, VoteOutcome.REJECTED),
    ],
)
def test_each_majority_counts_in_its_own_way(
    majority: str, said: list[Choice], outcome: VoteOutcome
) -> None:
    assert tally(approval(majority=majority), voices(*said)).outcome is outcome


def test_a_vote_is_open_as_long_as_the_others_can_change_it() -> None:
    assert tally(approval(), voices(FOR, FOR)).outcome is VoteOutcome.OPEN
    assert tally(approval(), voices(FOR, FOR, AGAINST)).outcome is VoteOutcome.OPEN
    assert tally(approval(), voices(FOR, FOR, FOR)).outcome is VoteOutcome.CARRIED
    assert tally(approval(), voices(AGAINST, AGAINST, AGAINST)).outcome is VoteOutcome.REJECTED


def test_a_vote_that_is_closed_is_decided_by_those_who_came() -> None:
    assert tally(approval(), voices(FOR, FOR, AGAINST), closed=True).outcome is VoteOutcome.CARRIED
    assert tally(approval(), voices(FOR, FOR), closed=True).outcome is VoteOutcome.NO_QUORUM


@pytest.mark.parametrize(
    ("tie", "chair", "outcome"),
    [
        ("rejected", FOR, VoteOutcome.REJECTED),
        ("carried", AGAINST, VoteOutcome.CARRIED),
        ("chair", FOR, VoteOutcome.CARRIED),
        ("chair", AGAINST, VoteOutcome.REJECTED),
    ],
)
def test_as_many_for_as_against(tie: str, chair: Choice, outcome: VoteOutcome) -> None:
    rule = approval(tie=tie, chair="member" if tie == "chair" else None)
    other = AGAINST if chair is FOR else FOR
    ballots = [Ballot("chair", "committee", chair, chair=tie == "chair"), *voices(other)]

    assert tally(rule, [*ballots, *voices(ABSTAIN, ABSTAIN)[1:]], closed=True).outcome is outcome


def test_a_recused_person_leaves_the_base_of_the_quorum() -> None:
    rule = approval(quorum="3/5")
    ballots = voices(FOR, FOR)

    assert tally(rule, ballots, closed=True).outcome is VoteOutcome.NO_QUORUM
    aside = [Recusal("x", "committee"), Recusal("y", "committee")]
    assert tally(rule, ballots, aside, closed=True).outcome is VoteOutcome.CARRIED


def test_a_quorum_that_too_few_are_left_to_reach_is_told_at_once() -> None:
    aside = [Recusal(name, "committee") for name in "xyz"]

    assert tally(approval(), voices(FOR), aside).outcome is VoteOutcome.NO_QUORUM


def test_every_college_must_carry_it_where_the_rule_says_so() -> None:
    ballots = [
        *voices(FOR, FOR, FOR, college="networks"),
        *voices(AGAINST, AGAINST, college="state"),
    ]

    assert tally(two_colleges(), ballots).outcome is VoteOutcome.CARRIED
    each = two_colleges(carried_by="each_college")
    assert tally(each, ballots).outcome is VoteOutcome.REJECTED


def test_without_a_number_of_seats_those_who_voted_are_all_there_are() -> None:
    college = {"any": {"title": {"fr": "Registre"}, "roles": ["registrar"]}}
    rule = approval(colleges=college, quorum=2, majority="unanimous")

    assert tally(rule, voices(FOR, college="any")).outcome is VoteOutcome.OPEN
    assert tally(rule, voices(FOR, FOR, college="any")).outcome is VoteOutcome.CARRIED
    assert tally(rule, voices(AGAINST, FOR, college="any")).outcome is VoteOutcome.REJECTED


def test_the_initiator_takes_no_part_unless_the_rule_lets_them() -> None:
    ballots = voices(FOR, FOR, FOR)

    assert tally(approval(), ballots, initiator=["committee 0"]).outcome is VoteOutcome.OPEN
    lets = approval(initiator_excluded=False)
    assert tally(lets, ballots, initiator=["committee 0"]).outcome is VoteOutcome.CARRIED


def test_whoever_stands_aside_votes_for_nobody_else() -> None:
    proxy = [*voices(FOR, FOR), Ballot("absent", "committee", FOR, holder="x")]

    assert tally(approval(), proxy).outcome is VoteOutcome.CARRIED
    told = tally(approval(), proxy, [Recusal("x", "committee")])
    assert told.counts[0].for_ == 2


# --- in words -----------------------------------------------------------------------------------


def test_a_tally_says_why_in_a_sentence() -> None:
    said = [
        tally(approval(), voices(FOR, FOR, FOR, AGAINST)).say.fr,
        tally(approval(), voices(FOR)).say.fr,
        tally(approval(), voices(FOR, FOR, AGAINST)).say.en,
    ]

    assert said == [
        "Adopté (Comité : 3 pour, 1 contre, 0 abstention) : il faut plus de pour que de contre.",
        "Vote en cours (Comité : 1 pour, 0 contre, 0 abstention) : il manque 2 votants.",
        "Vote open (Committee: 2 for, 1 against, 0 abstention): "
        "the remaining voices may still decide it.",
    ]


def test_a_rule_is_said_in_a_sentence() -> None:
    rule = rule_of(two_colleges(quorum="1/2", majority="absolute", carried_by="each_college"))

    assert rule.fr == (
        "Un vote l'a adopté : plus de la moitié de ceux qui votent, abstentions comprises, "
        "dans chaque collège ; quorum : 1/2 des sièges par collège ; "
        "collèges : Réseaux (3 sièges), État (2 sièges)."
    )
    assert rule_of(approval()).en == (
        "A vote has carried it: more for than against; quorum: 3 voters; "
        "college: Committee (5 seats)."
    )


# --- rules that cannot be -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"colleges": {}}, "au moins un collège"),
        ({"quorum": 6}, "dépasse le nombre des sièges"),
        ({"quorum": "6/5"}, "dépasse le nombre des sièges"),
        ({"quorum": 6, "quorum_of": "all"}, "dépasse le nombre des sièges"),
        ({"quorum": 0}, "quorum"),
        ({"quorum": "1/0"}, "quorum"),
        ({"tie": "chair"}, "voix prépondérante"),
        ({"chair": "member"}, "voix prépondérante"),
        ({"tie": "chair", "chair": "king"}, "ne siège dans aucun collège"),
        ({"tie": "carried", "majority": "unanimous"}, "égalité des voix"),
    ],
)
def test_a_rule_that_cannot_be_counted_is_refused(more: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        approval(**more)


def test_a_part_of_the_seats_needs_their_number() -> None:
    college = {"any": {"title": {"fr": "Registre"}, "roles": ["registrar"]}}

    with pytest.raises(ValidationError, match="nombre de sièges de chaque collège"):
        approval(colleges=college, quorum="1/2")


# --- whatever the vote --------------------------------------------------------------------------


@dataclass(frozen=True)
class Vote:
    """A rule, and those who voted or stood aside; the chair sits in the first college."""

    rule: Approval
    ballots: list[Ballot]
    recusals: list[Recusal]


@st.composite
def votes(draw: st.DrawFn) -> Vote:
    """No more voters than seats, each once."""
    seats = draw(st.lists(st.integers(1, 3), min_size=1, max_size=2))
    tie = draw(st.sampled_from(["rejected", "carried", "chair"]))
    usual = tie == "rejected"
    everything = ["simple", "absolute", "two_thirds", "unanimous"]
    raw = {
        "source": "product rule",
        "colleges": {
            f"c{n}": {"title": {"fr": f"C{n}"}, "roles": [f"r{n}"], "seats": number}
            for n, number in enumerate(seats)
        },
        "quorum": draw(st.integers(1, 4) | st.sampled_from(["1/2", "2/3", "1/1"])),
        "quorum_of": draw(st.sampled_from(["each_college", "all"])),
        "majority": draw(st.sampled_from(everything if usual else everything[:2])),
        "carried_by": draw(st.sampled_from(["each_college", "all"])),
        "tie": tie,
        "chair": "r0" if tie == "chair" else None,
    }
    try:
        rule = Approval.model_validate(raw)
    except ValidationError:
        assume(False)  # more voters asked than there are seats
        raise
    ballots, recusals = [], []
    for n, number in enumerate(seats):
        aside = draw(st.integers(0, number))
        recusals += [Recusal(f"aside {n} {m}", f"c{n}") for m in range(aside)]
        said = draw(st.lists(st.sampled_from(list(Choice)), max_size=number - aside))
        chaired = tie == "chair" and n == 0 and draw(st.booleans())
        ballots += [
            Ballot(f"voter {n} {m}", f"c{n}", choice, chair=chaired and m == 0)
            for m, choice in enumerate(said)
        ]
    return Vote(rule, ballots, recusals)


def naive(vote: Vote, ballots: list[Ballot]) -> VoteOutcome:
    """What those who voted decide, once nobody else will: counted with fractions and sets."""
    rule = vote.rule
    colleges = [college.id for college in rule.colleges]
    for group in [colleges] if rule.quorum_of == "all" else [[c] for c in colleges]:
        present = sum(b.college in group for b in ballots)
        base = sum(c.seats or 0 for c in rule.colleges if c.id in group)
        base -= sum(r.college in group for r in vote.recusals)
        share = Fraction(rule.quorum) * base if isinstance(rule.quorum, str) else rule.quorum
        if present < share or not present:
            return VoteOutcome.NO_QUORUM
    verdicts = []
    for group in [colleges] if rule.carried_by == "all" else [[c] for c in colleges]:
        here = [b for b in ballots if b.college in group]
        said = [b.choice for b in here]
        yes, no = said.count(FOR), said.count(AGAINST)
        if rule.majority == "unanimous":
            carried = no == 0
        elif rule.majority == "two_thirds":
            carried = yes + no > 0 and Fraction(yes, yes + no) >= Fraction(2, 3)
        else:
            base = yes + no if rule.majority == "simple" else len(said)
            share = Fraction(yes, base) if base else Fraction(0)
            chair = {b.choice for b in here if b.chair} == {FOR}
            even = share == Fraction(1, 2)
            carried = share > Fraction(1, 2) or (
                even and (rule.tie == "carried" or (rule.tie == "chair" and chair))
            )
        verdicts.append(carried and yes > 0)
    return VoteOutcome.CARRIED if all(verdicts) else VoteOutcome.REJECTED


def endings(vote: Vote) -> Iterator[list[Ballot]]:
    """Every way in which those who have not voted may still do so, or stay away."""
    empty: list[list[Ballot | None]] = []
    no_chair_yet = vote.rule.tie == "chair" and not any(b.chair for b in vote.ballots)
    for number, college in enumerate(vote.rule.colleges):
        taken = sum(b.college == college.id for b in vote.ballots)
        taken += sum(r.college == college.id for r in vote.recusals)
        for seat in range((college.seats or 0) - taken):
            chair = no_chair_yet and number == 0 and seat == 0
            late = [
                Ballot(f"late {college.id} {seat}", college.id, choice, chair=presides)
                for choice in Choice
                for presides in {False, chair}
            ]
            empty.append([None, *late])
    for filled in product(*empty):
        yield [*vote.ballots, *(ballot for ballot in filled if ballot)]


@given(votes())
def test_a_closed_vote_is_what_a_naive_count_says(vote: Vote) -> None:
    told = tally(vote.rule, vote.ballots, vote.recusals, closed=True)

    assert told.outcome is naive(vote, vote.ballots)


@settings(deadline=None, max_examples=60)  # each example counts thousands of votes
@given(votes())
def test_an_open_vote_is_decided_when_every_ending_is_the_same(vote: Vote) -> None:
    found = {naive(vote, ending) for ending in endings(vote)}

    told = tally(vote.rule, vote.ballots, vote.recusals).outcome
    assert told is (found.pop() if len(found) == 1 else VoteOutcome.OPEN)


@given(votes(), st.randoms(use_true_random=False), st.booleans())
def test_the_order_of_the_ballots_changes_nothing(vote: Vote, random: Any, closed: bool) -> None:
    told = tally(vote.rule, vote.ballots, vote.recusals, closed=closed)

    random.shuffle(vote.ballots)
    random.shuffle(vote.recusals)
    assert tally(vote.rule, vote.ballots, vote.recusals, closed=closed) == told


@given(votes(), st.data())
def test_nobody_counts_twice(vote: Vote, data: st.DataObject) -> None:
    """Neither in another college, nor by whoever represents them, nor with another choice."""
    told = tally(vote.rule, vote.ballots, vote.recusals)
    assume(vote.ballots)

    again = [
        Ballot(
            data.draw(st.sampled_from(vote.ballots)).voter,
            data.draw(st.sampled_from([c.id for c in vote.rule.colleges])),
            data.draw(st.sampled_from(list(Choice))),
            holder=data.draw(st.none() | st.just("holder")),
        )
        for _ in range(data.draw(st.integers(1, 4)))
    ]
    assert tally(vote.rule, [*vote.ballots, *again], vote.recusals) == told


@given(votes(), st.data())
def test_whoever_stands_aside_is_not_counted_whatever_is_cast(
    vote: Vote, data: st.DataObject
) -> None:
    assume(vote.recusals)
    told = tally(vote.rule, vote.ballots, vote.recusals)

    person = data.draw(st.sampled_from(vote.recusals)).person
    cast = [
        Ballot(person, "c0", data.draw(st.sampled_from(list(Choice)))),
        Ballot("absent", "c0", data.draw(st.sampled_from(list(Choice))), holder=person),
    ]
    assert tally(vote.rule, [*cast, *vote.ballots], vote.recusals) == told


@settings(deadline=None, max_examples=60)
@given(votes())
def test_what_is_decided_stays_decided_whoever_still_votes(vote: Vote) -> None:
    told = tally(vote.rule, vote.ballots, vote.recusals).outcome
    assume(told is not VoteOutcome.OPEN)

    for ending in endings(vote):
        assert tally(vote.rule, ending, vote.recusals).outcome is told
