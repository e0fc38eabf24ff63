"""Definitions without a fault, and one planted fault of each kind, with where it stands."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

from domain.journey import Journey

Written = dict[str, Any]
Places = set[tuple[str, str]]

FACTS: Mapping[str, str] = {
    "members.total": "int",
    "members.total_known": "bool",
    "members.ess": "int",
    "place.delimited": "bool",
    "place.name": "string",
    "place.name_known": "bool",
    "signed.on": "timestamp",
    "evidence.kinds": "list",
}
HANDLERS = ("announce",)

TITLE = {"fr": "Titre", "en": "Title"}
ROLES = ("registrar", "coordinator", "network", "reviewer")
"""The last of them is the definition's own."""


def clause(id_: str, when: Any, **more: Any) -> Written:
    return {"id": id_, "when": when, "say": TITLE, "source": "un texte", **more}


def asked(kind: str, **more: Any) -> Written:
    return {"type": kind, "title": TITLE, **more}


def way(to: str | None = "s1", /, **more: Any) -> Written:
    return {"title": TITLE, "from": ["s0"], "to": to, "by": ["registrar"], **more}


def deadline(**more: Any) -> Written:
    return {"title": TITLE, "source": "un texte", "period": "2 months", **more}


def approval(**more: Any) -> Written:
    jury = {"jury": {"title": TITLE, "roles": ["network"]}}
    return {"source": "un texte", "colleges": jury, **more}


conditions = st.sampled_from(
    [
        "members.total >= 3",
        "members.total > 1 && members.ess < 5",
        "place.delimited",
        "!(place.name in ['Lens', 'Lille'])",
        "'charter' in evidence.kinds || 'strategy' in evidence.kinds",
        "signed.on < timestamp('2020-01-01T00:00:00Z')",
        "members.total > members.ess",
        "members.total + members.ess >= 4",
        "evidence.kinds.exists(kind, kind == 'charter')",
        "now > signed.on",
        "members.total_known && members.total != 2",
    ]
)


@st.composite
def definitions(draw: st.DrawFn) -> Written:
    """A definition of a few states in a row, and ways between them, with nothing wrong in it."""
    count = draw(st.integers(3, 6))
    states: Written = {f"s{n}": {"title": TITLE} for n in range(count)}
    last = f"s{count - 1}"
    states[last]["final"] = True
    ends = [(f"s{n}", f"s{n + 1}") for n in range(count - 1)]
    ends += draw(
        st.lists(
            st.tuples(
                st.sampled_from([f"s{n}" for n in range(count - 1)]),
                st.sampled_from(list(states)),
            ),
            max_size=4,
        )
    )
    ways: Written = {}
    for number, (source, target) in enumerate(ends):
        ways[f"w{number}"] = {
            "title": TITLE,
            "from": [source],
            "to": draw(st.sampled_from([target, target, target, None]))
            if number >= count
            else target,
            "by": draw(st.lists(st.sampled_from(ROLES), min_size=1, max_size=2, unique=True)),
            "requires": [clause("alone", when) for when in draw(st.lists(conditions, max_size=1))],
        }
    return {
        "id": "trial",
        "version": draw(st.sampled_from(["2020-01", "2021-05-12"])),
        "source": ["un texte"],
        "facts": "TrialFacts",
        "initial": "s0",
        "states": states,
        "transitions": ways,
        "roles": {"reviewer": TITLE},
    }


def journey(written: Written) -> Journey:
    return Journey.model_validate(written)


# --- faults, one of each kind -------------------------------------------------------------------

Plant = Callable[[Written], Places]
"""Damages a definition; gives the codes that must be found, each with its place, and no others."""

PLANTS: list[Plant] = []


def plant(make: Plant) -> Plant:
    PLANTS.append(make)
    return make


def add(written: Written, **ways: Any) -> None:
    written["transitions"] |= ways


def leaving(written: Written, state: str) -> list[str]:
    return [name for name, way_ in written["transitions"].items() if state in way_["from"]]


@plant
def version_that_is_no_date(written: Written) -> Places:
    written["version"] = "2021-13"
    return {("bad-version", "version")}


@plant
def two_states_of_one_name(written: Written) -> Places:
    written["states"] = [{"id": name, **state} for name, state in written["states"].items()]
    written["states"].append(deepcopy(written["states"][0]))
    return {("duplicate-id", "states")}


@plant
def two_transitions_of_one_name(written: Written) -> Places:
    listed = [{"id": name, **made} for name, made in written["transitions"].items()]
    written["transitions"] = [*listed, deepcopy(listed[0])]
    return {("duplicate-id", "transitions")}


@plant
def two_clauses_of_one_name(written: Written) -> Places:
    same = [clause("twice", "place.delimited"), clause("twice", "members.ess > 2")]
    add(written, planted=way(requires=same))
    return {("duplicate-id", "planted")}


@plant
def two_inputs_of_one_name(written: Written) -> Places:
    add(written, planted=way(input=[{"id": "why", **asked("text")}] * 2))
    return {("duplicate-id", "planted")}


@plant
def state_without_a_name(written: Written) -> Places:
    written["states"]["s1"]["title"] = {"fr": "Un", "en": ""}
    return {("missing-sentence", "s1")}


@plant
def clause_said_in_one_language(written: Written) -> Places:
    add(written, planted=way(requires=[clause("c", "place.delimited", say={"fr": "Oui."})]))
    return {("missing-sentence", "planted / c")}


@plant
def clause_said_in_no_language(written: Written) -> Places:
    add(written, planted=way(requires=[clause("c", "place.delimited", say={"fr": " "})]))
    return {("missing-sentence", "planted / c")}


@plant
def initial_state_that_is_missing(written: Written) -> Places:
    written["initial"] = "nowhere"
    return {("missing-target", "initial")}


@plant
def way_to_a_state_that_is_missing(written: Written) -> Places:
    add(written, planted=way("nowhere"))
    return {("missing-target", "planted")}


@plant
def way_from_a_state_that_is_missing(written: Written) -> Places:
    written["transitions"]["w0"]["from"].append("nowhere")
    return {("missing-target", "w0")}


@plant
def worklist_of_a_state_that_is_missing(written: Written) -> Places:
    written["worklists"] = {"mine": {"title": TITLE, "states": ["s0", "nowhere"]}}
    return {("missing-state", "mine")}


@plant
def replacement_that_is_missing(written: Written) -> Places:
    written["replaces"] = {"old": "nowhere"}
    return {("missing-state", "replaces")}


@plant
def exit_that_names_no_way(written: Written) -> Places:
    written["states"]["s0"]["exits"] = ["nowhere", *leaving(written, "s0")]
    return {("dangling-exit", "s0")}


@plant
def exit_that_names_a_way_from_elsewhere(written: Written) -> Places:
    add(written, planted=way(**{"from": ["s1"]}))
    written["states"]["s0"]["exits"] = ["planted", *leaving(written, "s0")]
    return {("dangling-exit", "s0")}


@plant
def way_that_is_not_among_the_exits(written: Written) -> Places:
    written["states"]["s0"]["exits"] = leaving(written, "s0")
    add(written, planted=way())
    return {("dangling-exit", "s0")}


@plant
def way_from_nowhere(written: Written) -> Places:
    add(written, planted=way(**{"from": []}))
    return {("unused-transition", "planted")}


@plant
def state_out_of_reach(written: Written) -> Places:
    written["states"]["island"] = {"title": TITLE}
    add(written, planted=way("s1", **{"from": ["island"]}))
    return {("unreachable-state", "island")}


@plant
def state_that_nothing_leaves(written: Written) -> Places:
    written["states"]["pit"] = {"title": TITLE}
    add(written, planted=way("pit"))
    return {("dead-state", "pit")}


@plant
def state_left_by_nobody(written: Written) -> Places:
    written["states"]["pit"] = {"title": TITLE}
    add(written, planted=way("pit"), out=way("s0", by=[], **{"from": ["pit"]}))
    return {("dead-state", "pit"), ("no-role", "out")}


@plant
def final_state_that_is_left(written: Written) -> Places:
    written["states"]["end"] = {"title": TITLE, "final": True}
    add(written, planted=way("end"), out=way("s0", **{"from": ["end"]}))
    return {("final-state-left", "end")}


@plant
def first_state_that_is_final(written: Written) -> Places:
    written["states"]["s0"] |= {"final": True}
    return {("initial-final", "s0"), ("final-state-left", "s0")}


@plant
def loop_without_end(written: Written) -> Places:
    written["states"]["turn"] = {"title": TITLE}
    out = way("s1", **{"from": ["turn"]})
    back = way("turn", trigger="automatic", by=["system"], **{"from": ["turn"]})
    add(written, planted=way("turn"), out=out, back=back)
    return {("automatic-cycle", "turn")}


@plant
def loop_that_may_have_no_end(written: Written) -> Places:
    written["states"] |= {"left": {"title": TITLE}, "right": {"title": TITLE}}
    more = [clause("more", "members.total > members.ess")]
    go = {"trigger": "automatic", "by": None}
    add(
        written,
        planted=way("left"),
        there=way("right", **go, **{"from": ["left"]}),
        back=way("left", **go, requires=more, **{"from": ["right"]}),
    )
    return {("automatic-cycle", "left")}


@plant
def automatic_way_that_asks(written: Written) -> Places:
    add(written, planted=way(trigger="automatic", input={"why": asked("text")}))
    return {("automatic-needs-input", "planted")}


@plant
def automatic_way_that_would_like_to_know(written: Written) -> Places:
    maybe = {"why": asked("text", required=False)}
    add(
        written,
        planted=way(trigger="automatic", input=maybe, requires=[clause("c", "place.delimited")]),
    )
    return {("automatic-needs-input", "planted")}


@plant
def choices_that_nothing_can_be(written: Written) -> Places:
    add(written, planted=way(input={"grade": asked("integer", options=["1", "2"])}))
    return {("impossible-input", "planted / grade")}


@plant
def handler_that_is_missing(written: Written) -> Places:
    add(written, planted=way(before=["announce"], after=["vanish"]))
    return {("missing-script", "planted")}


@plant
def way_that_no_role_opens(written: Written) -> Places:
    add(written, planted=way(by=[]))
    return {("no-role", "planted")}


@plant
def way_whose_permission_nobody_holds(written: Written) -> Places:
    written["states"]["s0"]["rights"] = {"Review": []}
    add(written, planted=way(by=None, permissions=["Review"]))
    return {("no-role", "planted")}


@plant
def case_that_nobody_may_begin(written: Written) -> Places:
    written["creation"] = {"by": []}
    return {("no-role", "creation")}


@plant
def list_that_nobody_sees(written: Written) -> Places:
    written["worklists"] = {"mine": {"title": TITLE, "states": ["s0"], "by": []}}
    return {("no-role", "mine")}


@plant
def way_that_takes_two_roles_at_once(written: Written) -> Places:
    written["states"]["s0"]["rights"] = {"Review": ["coordinator"]}
    add(written, planted=way(permissions=["Review"]))
    return {("several-roles", "planted")}


@plant
def way_open_to_all(written: Written) -> Places:
    add(written, planted=way(by=None))
    return {("open-to-all", "planted")}


@plant
def role_that_nobody_knows(written: Written) -> Places:
    add(written, planted=way(by=["registrar", "roi"]))
    return {("unknown-role", "planted")}


@plant
def role_of_a_group_that_nobody_knows(written: Written) -> Places:
    written["states"]["s1"]["groups"] = {"staff": ["roi"]}
    return {("unknown-role", "s1")}


@plant
def role_that_a_deadline_waits_for_and_nobody_knows(written: Written) -> Places:
    written["states"]["s1"]["deadlines"] = {"answer": deadline(waits_for=["roi"])}
    return {("unknown-role", "s1 / answer")}


@plant
def right_without_effect(written: Written) -> Places:
    written["permissions"] = ["View"]
    written["states"]["s1"]["rights"] = {"Review": ["registrar"], "View": ["registrar"]}
    return {("ineffective-permission-map", "s1")}


@plant
def college_where_nobody_sits(written: Written) -> Places:
    empty = {"jury": {"title": TITLE, "roles": []}}
    add(written, planted=way(approval=approval(colleges=empty)))
    return {("impossible-vote", "planted / jury")}


@plant
def vote_that_nobody_opens(written: Written) -> Places:
    add(written, planted=way(approval=approval(opened_by=[])))
    return {("impossible-vote", "planted")}


@plant
def clause_that_compares_unlike_things(written: Written) -> Places:
    add(written, planted=way(requires=[clause("c", "members.total >= 'three'")]))
    return {("bad-expression", "planted / c")}


@plant
def several_clauses_that_are_none(written: Written) -> Places:
    wrong = [clause("a", "1 +"), clause("b", "members.ess"), clause("c", "place.delimited")]
    add(written, planted=way(requires=wrong))
    return {("bad-expression", "planted / a"), ("bad-expression", "planted / b")}


@plant
def fact_that_nobody_knows(written: Written) -> Places:
    add(written, planted=way(requires=[clause("c", "members.totl >= 3")]))
    return {("unknown-fact", "planted / c")}


@plant
def input_of_another_step(written: Written) -> Places:
    add(written, other=way(input={"grade": asked("integer")}))
    add(written, planted=way(requires=[clause("c", "input.grade >= 10")]))
    return {("unknown-fact", "planted / c")}


@plant
def piece_that_no_fact_holds(written: Written) -> Places:
    written["variables"] = {"seen": {"expression": "evidence.kind == ''"}}
    return {("unknown-fact", "variables / seen")}


@plant
def input_of_two_types(written: Written) -> Places:
    add(written, one=way(input={"grade": asked("integer")}))
    add(written, planted=way(input={"grade": asked("text")}))
    return {("input-type-conflict", "planted")}


@plant
def clause_still_to_be_written(written: Written) -> Places:
    add(written, planted=way(requires=[clause("c", {"unresolved": "python:here.ready()"})]))
    return {("unresolved-clause", "planted / c")}


@plant
def value_still_to_be_written(written: Written) -> Places:
    written["variables"] = {"seen": {"expression": {"unresolved": "here/seen"}}}
    return {("unresolved-value", "variables / seen")}


@plant
def value_still_to_be_written_that_nobody_reads(written: Written) -> Places:
    unread = {"expression": {"unresolved": "here/seen"}, "in_history": False}
    written["variables"] = {"seen": unread}
    return {("unresolved-value", "variables / seen")}


@plant
def clause_that_is_always_true(written: Written) -> Places:
    add(written, planted=way(requires=[clause("c", "members.total < 3 || members.total > 2")]))
    return {("constant-clause", "planted / c")}


@plant
def clause_that_every_choice_fulfils(written: Written) -> Places:
    given = {"mention": asked("text", options=["bien", "assez bien"])}
    held = [clause("c", "input.mention in ['bien', 'assez bien', 'passable']")]
    add(written, planted=way(input=given, requires=held))
    return {("constant-clause", "planted / c")}


@plant
def clause_that_is_never_true(written: Written) -> Places:
    add(written, planted=way(requires=[clause("c", "members.ess > 5 && members.ess < 3")]))
    return {("constant-clause", "planted / c")}


@plant
def clause_about_a_fact_that_is_not_known(written: Written) -> Places:
    add(written, planted=way(requires=[clause("c", "!members.total_known && members.total > 3")]))
    return {("constant-clause", "planted / c")}


@plant
def clauses_that_contradict_each_other(written: Written) -> Places:
    both = [clause("few", "members.ess < 3"), clause("many", "members.ess >= 3")]
    add(written, planted=way(requires=both))
    return {("contradictory-clauses", "planted")}


@plant
def clauses_of_which_two_at_most_are_true(written: Written) -> Places:
    three = [
        clause("a", "members.ess > 1 || place.delimited"),
        clause("b", "members.ess > 1 || !place.delimited"),
        clause("c", "members.ess < 2"),
    ]
    add(written, planted=way(requires=three))
    return {("contradictory-clauses", "planted")}


@plant
def variable_that_is_not_declared(written: Written) -> Places:
    written["states"]["s1"]["sets"] = {"seen": "yes"}
    return {("unknown-variable", "s1")}


@plant
def value_of_another_type(written: Written) -> Places:
    written["variables"] = {"since": {"type": "date"}}
    written["states"]["s1"]["sets"] = {"since": "yesterday"}
    return {("bad-value", "s1")}


@plant
def default_of_another_type(written: Written) -> Places:
    written["variables"] = {"times": {"type": "integer", "default": "three"}}
    return {("bad-value", "variables / times")}


@plant
def deadline_that_nothing_follows(written: Written) -> Places:
    written["states"]["s1"]["deadlines"] = {"answer": deadline()}
    return {("deadline-no-way-out", "s1 / answer")}


@plant
def deadline_counted_from_no_date(written: Written) -> Places:
    counted = deadline(counted_from="members.total", waits_for=["registrar"])
    written["states"]["s1"]["deadlines"] = {"answer": counted}
    return {("deadline-not-a-date", "s1 / answer")}


@plant
def deadline_counted_from_nothing(written: Written) -> Places:
    counted = deadline(counted_from="signed.at", waits_for=["registrar"])
    written["states"]["s1"]["deadlines"] = {"answer": counted}
    return {("unknown-fact", "s1 / answer")}


@plant
def deadline_of_another_state(written: Written) -> Places:
    written["states"]["s1"]["deadlines"] = {"answer": deadline(waits_for=["registrar"])}
    add(written, planted=way(requires=[clause("c", "'answer' in deadlines.passed")]))
    return {("unknown-deadline", "planted / c")}


@plant
def vote_on_nothing(written: Written) -> Places:
    add(written, planted=way(requires=[clause("c", "'w0' in approvals.carried")]))
    return {("unknown-approval", "planted / c")}
