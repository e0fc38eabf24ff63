"""Every clause of every shipped journey, in the users' words; and no clause can change unseen.

The tables say when each condition holds and when it does not, and who may go from where to where
with what. The last tests change every definition in every small way there is, and ask that the
tables notice.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest

from domain.errors import Refused
from domain.given import InputRefused
from domain.journey import Journey
from domain.pole import PoleFacts
from domain.rights import RoleNotHeld, Who
from domain.roles import Role
from domain.rules import CompiledJourney, FaultyJourney, compile_journey, fact_types
from domain.workflow import NotFromHere, take
from infrastructure.guards import Cel
from tests import make

TYPES = fact_types(PoleFacts)
MERGED = "6f1b6a3e-0c57-4c1c-9b54-6a8f2b1d7e90"

# --- facts, in words --------------------------------------------------------------------------

A_POLE: Mapping[str, Any] = {
    "members.total": 5,
    "members.ess_enterprises": 1,
    "members.other_enterprises": 1,
    "members.public_bodies": 1,
    "members.art9_partners": 1,
    "territory.delimited": True,
    "evidence.kinds": ("strategy", "charter_form"),
    "recognitions.article9_in_force": 1,
    "charter.signed": True,
    "stage.before_dormancy": "emergence",
    "silence.months": 3,
    "silence.contact_attempts": 1,
    "silence.days_since_attempt": 30,
    "commitments.open": 0,
}
"""A pole of five members that has just what each condition asks for."""

NOBODY = {name: 0 for name in A_POLE if name.startswith("members.")}
PLENTY: Mapping[str, Any] = dict.fromkeys(NOBODY, 9)
ALL_CRITERIA = ("cooperation", "social_use", "long_term", "contracts")

Example = tuple[str, Mapping[str, Any], bool | None]
"""What is the case, how that differs from the plainest pole, and whether the condition holds."""


def without(*names: str) -> dict[str, Any]:
    """Facts of which nothing was ever recorded."""
    return dict.fromkeys(names)


def known(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a pole; what is `None` is not known."""
    facts = {**A_POLE, **changes}
    there = {name: value for name, value in facts.items() if value is not None}
    beside = {f"{name}_known": name in there for name in facts if f"{name}_known" in TYPES}
    return {**beside, **there}


# --- the conditions ---------------------------------------------------------------------------

EXAMPLES: Mapping[str, list[Example]] = {
    "mix": [
        ("une entreprise de l'ESS et une autre", {}, True),
        ("plusieurs de chaque", PLENTY, True),
        ("aucune entreprise de l'ESS", {"members.ess_enterprises": 0}, False),
        ("aucune autre entreprise", {"members.other_enterprises": 0}, False),
        ("ni l'une ni l'autre", NOBODY, False),
        ("que des entreprises de l'ESS", NOBODY | {"members.ess_enterprises": 3}, False),
        ("que d'autres entreprises", NOBODY | {"members.other_enterprises": 3}, False),
        (
            "les deux, et personne d'autre",
            NOBODY | {"members.ess_enterprises": 1, "members.other_enterprises": 1},
            True,
        ),
        (
            "aucune reconnaissance, aucun contact",
            {"recognitions.article9_in_force": 0, "silence.contact_attempts": 0},
            True,
        ),
        ("silence de rien", {"silence.months": 0}, True),
        ("membres jamais enregistrés", without(*NOBODY), None),
    ],
    "size": [
        ("cinq organisations", {}, True),
        ("six organisations", {"members.total": 6}, True),
        ("quatre organisations", {"members.total": 4}, False),
        ("quatre, dont beaucoup de chaque sorte", {**PLENTY, "members.total": 4}, False),
        (
            "quatre, et bien d'autres nombres",
            {"members.total": 4, "silence.months": 9, "silence.contact_attempts": 9,
             "recognitions.article9_in_force": 9},
            False,
        ),
        ("membres jamais enregistrés", without(*NOBODY), None),
    ],
    "strategy": [
        ("la stratégie est au dossier", {}, True),
        ("elle y est seule", {"evidence.kinds": ("strategy",)}, True),
        ("une autre pièce y est", {"evidence.kinds": ("charter_form", "plan")}, False),
        ("rien n'y fut jamais versé", without("evidence.kinds"), None),
    ],
    "assessed": [
        ("les quatre critères", {}, True),
        *(
            (
                f"tous sauf {one}",
                {"input.criteria_met": tuple(c for c in ALL_CRITERIA if c != one)},
                False,
            )
            for one in ALL_CRITERIA
        ),
        *((f"{one} seul", {"input.criteria_met": (one,)}, False) for one in ALL_CRITERIA),
        ("aucun", {"input.criteria_met": ()}, False),
        ("on ne l'a pas dit", without("input.criteria_met"), None),
        (
            "aucun, mais d'autres pièces",
            {"input.criteria_met": (), "evidence.kinds": ALL_CRITERIA},
            False,
        ),
    ],
    "public": [
        ("une collectivité", {}, True),
        ("plusieurs", {"members.public_bodies": 3}, True),
        ("aucune", {**PLENTY, "members.public_bodies": 0, "silence.months": 9}, False),
        ("une seule, et rien d'autre", {**NOBODY, "members.public_bodies": 1,
         "silence.months": 0, "silence.contact_attempts": 0, "recognitions.article9_in_force": 0},
         True),
        ("membres jamais enregistrés", without(*NOBODY), None),
    ],
    "territory": [
        ("le territoire est délimité", {}, True),
        ("il ne l'est pas", {"territory.delimited": False}, False),
        ("on n'en sait rien", without("territory.delimited"), None),
        ("on ne sait que lui", without(*NOBODY, "evidence.kinds", "stage.before_dormancy"), True),
    ],
    "article9": [
        ("une reconnaissance est en vigueur", {}, True),
        ("deux le sont", {"recognitions.article9_in_force": 2}, True),
        (
            "aucune ne l'est",
            {**PLENTY, "recognitions.article9_in_force": 0, "silence.months": 9},
            False,
        ),
        ("une l'est, et rien d'autre n'est connu", {**NOBODY, "silence.months": 0,
         "silence.contact_attempts": 0}, True),
    ],
    "partner": [
        ("une autre personne nommée par l'article 9", {}, True),
        ("plusieurs", {"members.art9_partners": 2}, True),
        ("aucune", {**PLENTY, "members.art9_partners": 0, "silence.months": 9}, False),
        ("une, et rien d'autre", {**NOBODY, "members.art9_partners": 1, "silence.months": 0,
         "silence.contact_attempts": 0, "recognitions.article9_in_force": 0}, True),
        ("membres jamais enregistrés", without(*NOBODY), None),
    ],
    "none_left": [
        ("aucune reconnaissance n'est plus en vigueur", {**PLENTY,
         "recognitions.article9_in_force": 0, "silence.months": 9}, True),
        ("une l'est encore", {**NOBODY, "silence.months": 0, "silence.contact_attempts": 0}, False),
        ("deux le sont", {"recognitions.article9_in_force": 2}, False),
    ],
    "silence": [
        ("douze mois sans nouvelle", {"silence.months": 12}, True),
        ("treize mois", {"silence.months": 13}, True),
        ("onze mois", {"silence.months": 11}, False),
        ("trois mois, et de grands nombres", dict.fromkeys(NOBODY, 99) | {
         "silence.months": 3, "silence.contact_attempts": 99,
         "recognitions.article9_in_force": 99}, False),
    ],
    "contact": [
        ("contacté une fois", {}, True),
        ("contacté deux fois", {"silence.contact_attempts": 2}, True),
        ("jamais contacté", {**PLENTY, "silence.contact_attempts": 0, "silence.months": 24}, False),
        ("contacté une fois, et rien d'autre", {**NOBODY, "silence.months": 0,
         "recognitions.article9_in_force": 0}, True),
    ],
    "news": [
        ("un fait d'il y a trois mois", {}, True),
        ("onze mois", {"silence.months": 11}, True),
        ("douze mois", {"silence.months": 12}, False),
        ("treize mois, et de petits nombres", {"silence.months": 13}, False),
        ("trois mois, et de grands nombres", dict.fromkeys(NOBODY, 99) | {
         "silence.contact_attempts": 99, "recognitions.article9_in_force": 99}, True),
    ],
    "waited": [
        ("contacté il y a trente jours", {}, True),
        ("trente et un", {"silence.days_since_attempt": 31}, True),
        ("vingt-neuf", {"silence.days_since_attempt": 29}, False),
        ("vingt-neuf, et de grands nombres", dict.fromkeys(NOBODY, 99) | {
         "silence.days_since_attempt": 29, "silence.months": 99, "silence.contact_attempts": 99,
         "recognitions.article9_in_force": 99}, False),
        ("trente, et rien d'autre", {**NOBODY, "silence.months": 0,
         "silence.contact_attempts": 0, "recognitions.article9_in_force": 0}, True),
        ("jamais contacté", without("silence.days_since_attempt"), None),
    ],
    "signed": [
        ("la charte est signée", {}, True),
        ("elle ne l'est pas", {"charter.signed": False}, False),
        ("on ne sait qu'elle", without(*NOBODY, "evidence.kinds", "territory.delimited"), True),
        ("elle ne l'est pas, le territoire est délimité",
         {"charter.signed": False, "territory.delimited": True}, False),
    ],
    "capacity": [
        ("le président signe", {"input.capacity": "president"}, True),
        ("la directrice signe", {"input.capacity": "director"}, True),
        ("un mandataire signe", {"input.capacity": "mandate"}, True),
        ("la trésorière signe", {"input.capacity": "treasurer"}, False),
        ("on ne sait pas qui signe", without("input.capacity"), None),
        (
            "la trésorière, d'un pôle qui fut président",
            {"input.capacity": "treasurer", "stage.before_dormancy": "president",
             "input.signature": "president"},
            False,
        ),
    ],
    "no_open_commitment": [
        ("aucun engagement financier en cours", {"commitments.open": 0}, True),
        ("un engagement financier en cours", {"commitments.open": 1}, False),
        ("plusieurs", {"commitments.open": 9}, False),
    ],
    "successor_named": [
        ("dissous", {"input.reason": "dissolved"}, True),
        ("dissous, sans successeur", {"input.reason": "dissolved", "input.successor": ""}, True),
        ("fusionné, successeur nommé", {"input.reason": "merged_into",
         "input.successor": MERGED}, True),
        ("scindé, successeur nommé", {"input.reason": "split_into",
         "input.successor": MERGED}, True),
        ("fusionné, successeur non nommé", {"input.reason": "merged_into",
         "input.successor": None}, None),
        ("scindé, successeur non nommé", {"input.reason": "split_into",
         "input.successor": None}, None),
        ("fusionné, successeur vide", {"input.reason": "merged_into", "input.successor": ""},
         False),
        ("scindé, successeur vide", {"input.reason": "split_into", "input.successor": ""}, False),
        (
            "dissous, successeur vide, d'un pôle qui fut tel",
            {"input.reason": "dissolved", "input.successor": "",
             "stage.before_dormancy": "merged_into"},
            True,
        ),
        ("on ne sait ni l'un ni l'autre", {"input.reason": None, "input.successor": None}, None),
    ],
    "evidence_charter_form": [
        ("le formulaire de signature est au dossier", {}, True),
        ("il y est seul", {"evidence.kinds": ("charter_form",)}, True),
        ("seule la stratégie y est", {"evidence.kinds": ("strategy",)}, False),
        ("rien n'y fut jamais versé", without("evidence.kinds"), None),
    ],
}  # fmt: skip

STAGES = ("emergence", "charter_signed", "experimentation", "recognised")


def was_there(stage: str) -> list[Example]:
    """Before the silence, the pole stood at this stage and no other."""
    return [
        *((f"il était à {s}", {"stage.before_dormancy": s}, s == stage) for s in STAGES),
        ("on ne sait pas où il était", without("stage.before_dormancy"), None),
        ("il était ailleurs", {"stage.before_dormancy": "aaa"}, False),
        ("ailleurs encore", {"stage.before_dormancy": "zzz"}, False),
    ]


WAS_THERE_OR_LAPSED: list[Example] = [
    (f"{words}, une reconnaissance en vigueur", changes, holds)
    for words, changes, holds in was_there("experimentation")
] + [
    (
        "il était reconnu, et plus aucune reconnaissance n'est en vigueur",
        {"stage.before_dormancy": "recognised", "recognitions.article9_in_force": 0},
        True,
    ),
    (
        "il était reconnu, et deux le sont",
        {"stage.before_dormancy": "recognised", "recognitions.article9_in_force": 2},
        False,
    ),
    (
        "il était en émergence, sans reconnaissance",
        {"stage.before_dormancy": "emergence", "recognitions.article9_in_force": 0,
         "silence.months": 0, "silence.contact_attempts": 0},
        False,
    ),
    (
        "il était ailleurs, sans reconnaissance",
        {"stage.before_dormancy": "zzz", "recognitions.article9_in_force": 0},
        False,
    ),
    (
        "il était à un autre nom encore, sans reconnaissance",
        {"stage.before_dormancy": "aaa", "recognitions.article9_in_force": 0},
        False,
    ),
    (
        "il était reconnu, de petits nombres partout et une reconnaissance",
        {**NOBODY, "stage.before_dormancy": "recognised", "silence.months": 0,
         "silence.contact_attempts": 0},
        False,
    ),
    (
        "il était reconnu, de grands nombres partout et aucune reconnaissance",
        {**PLENTY, "stage.before_dormancy": "recognised", "silence.months": 9,
         "silence.contact_attempts": 9, "recognitions.article9_in_force": 0},
        True,
    ),
]  # fmt: skip
"""Of the rules of 2026: a recognition may have ended during the silence."""


def examples(ref: str, way: str, clause: str) -> list[Example]:
    if ref in OWN:
        if (way, clause) == ("resume_experimentation", "was_there"):
            return WAS_THERE_OR_LAPSED
        if clause == "contact":
            return EXAMPLES["waited"]
    if clause == "was_there":
        return was_there(way.removeprefix("resume_"))
    return EXAMPLES[clause]


# --- the ways ---------------------------------------------------------------------------------

COORDINATION = {"coordinator", "regional_coordinator", "registrar"}
ENDINGS = ("dissolved", "merged_into", "split_into", "withdrew_claim", "never_existed")
FIRST = "pole@2011-09"
CHARTER = "pole@2014-09-19"
LAW = "pole@2015-04-18"
REGISTER_S_OWN = "pole@2026-11-01"
WITH_COMMITMENTS = "pole@2026-11-23"
OWN = (REGISTER_S_OWN, WITH_COMMITMENTS)

VERSIONS: Mapping[str, tuple[str, ...]] = {
    FIRST: ("emergence", "experimentation", "dormant", "ended"),
    CHARTER: ("emergence", "charter_signed", "experimentation", "dormant", "ended"),
    LAW: (*STAGES, "dormant", "ended"),
    make.LATEST: (*STAGES, "dormant", "ended"),
    REGISTER_S_OWN: (*STAGES, "dormant", "ended"),
    WITH_COMMITMENTS: (*STAGES, "dormant", "ended"),
}


def ways(ref: str) -> dict[str, dict[str, Any]]:
    """Who may go from where to where, on which conditions, with what; as the rules of then say."""
    states = VERSIONS[ref]
    awake = [s for s in states if s in STAGES]
    enter: dict[str, Any] = {
        "from": {s for s in ("emergence", "charter_signed") if s in states},
        "to": "experimentation",
        "by": {"network", "coordinator"},
        "requires": ("mix", "size", "strategy", "assessed", "public"),
        "input": {"criteria_met": ("texts", True, ALL_CRITERIA)},
    }
    if ref in (make.LATEST, *OWN):
        enter |= {
            "by": {"coordinator", "committee_member"},
            "requires": ("mix", "strategy", "territory"),
            "input": {},
        }
    found: dict[str, dict[str, Any]] = {
        "enter_experimentation": enter,
        "fall_silent": {
            "from": set(awake),
            "to": "dormant",
            "by": COORDINATION,
            "requires": ("silence", "contact"),
        },
        "end": {
            "from": {*awake, "dormant"},
            "to": "ended",
            "by": {"pole_representative", "registrar"},
            "requires": ("successor_named",),
            "input": {"reason": ("text", True, ENDINGS), "successor": ("id", False, ())},
        },
    }
    for stage in awake:
        found[f"resume_{stage}"] = {
            "from": {"dormant"},
            "to": stage,
            "by": {*COORDINATION, "pole_representative"},
            "requires": ("was_there", "news"),
        }
    if "charter_signed" in states:
        found["sign_charter"] = {
            "from": {"emergence", "experimentation"},
            "to": "charter_signed",
            "by": {"pole_representative"},
            "requires": ("capacity", "evidence_charter_form"),
            "input": {
                "signature": ("id", True, ()),
                "capacity": ("text", True, ("president", "director", "mandate")),
            },
        }
    if "recognised" in states:
        found["recognise"] = {
            "from": {"emergence", "charter_signed", "experimentation"},
            "to": "recognised",
            "by": {"registrar"},
            "requires": ("article9", "mix", "partner", "strategy", "territory"),
        }
        found["lapse"] = {
            "from": {"recognised"},
            "to": "experimentation",
            "by": {"registrar", "system"},
            "requires": ("none_left",),
        }
    if ref in OWN:
        found["sign_charter"] |= {"requires": ("signed", "evidence_charter_form"), "input": {}}
        found["resume_recognised"]["requires"] = ("was_there", "article9", "news")
    if ref == WITH_COMMITMENTS:
        found["end"]["requires"] = ("successor_named", "no_open_commitment")
    return {name: {"input": {}, **way} for name, way in found.items()}


GOOD_INPUT: Mapping[str, Any] = {
    "criteria_met": list(ALL_CRITERIA),
    "signature": MERGED,
    "capacity": "president",
    "reason": "dissolved",
    "successor": MERGED,
}
BAD_INPUT: Mapping[str, list[Any]] = {
    "text": [3, True, ["president"], "treasurer"],
    "texts": ["cooperation", 3, ["cooperation", 3], [*ALL_CRITERIA, "treasurer"]],
    "id": ["somebody", 3],
}


def facts_for(way: str) -> dict[str, Any]:
    """A pole of which every condition of a way holds."""
    changes: dict[str, Any] = {"stage.before_dormancy": way.removeprefix("resume_")}
    if way == "fall_silent":
        changes["silence.months"] = 12
    if way == "lapse":
        changes["recognitions.article9_in_force"] = 0
    return known(changes)


# --- what the tables find ---------------------------------------------------------------------


def findings(compiled: CompiledJourney, ref: str, way: str) -> Iterator[str]:
    """Everything in which a way of a definition is not what the tables say."""
    told = ways(ref)[way]
    clauses = {c.clause.id: c for c in compiled.clauses.get(way, ())}
    if set(clauses) != set(told["requires"]):
        yield f"{way}: other conditions, {sorted(clauses)}"
        return
    for name, compiled_clause in clauses.items():
        for words, changes, holds in examples(ref, way, name):
            facts = known({"input.criteria_met": ALL_CRITERIA, **changes})
            if compiled_clause.guard(compiled.lay_out({**facts, "now": make.NOW})) is not holds:
                yield f"{way} / {name}: {words}"
    given = {name: GOOD_INPUT[name] for name, (_, asked, _) in told["input"].items() if asked}
    yield from _who_goes_where(compiled, ref, way, told, given)
    yield from _what_is_given(compiled, way, told, given)


def attempt(compiled: CompiledJourney, way: str, state: str, role: str, **given: Any) -> str:
    """Where a step leads, or the code of its refusal."""
    who = Who(frozenset({role}))
    try:
        facts = facts_for(way)
        return take(compiled, state, facts, way, who=who, now=make.NOW, given=given).to
    except Refused as refusal:
        return refusal.code


def _who_goes_where(
    compiled: CompiledJourney, ref: str, way: str, told: Mapping[str, Any], given: Mapping[str, Any]
) -> Iterator[str]:
    for state in VERSIONS[ref]:
        for role in Role:
            wanted = told["to"] if role in told["by"] else RoleNotHeld.code
            wanted = wanted if state in told["from"] else NotFromHere.code
            if attempt(compiled, way, state, role, **given) != wanted:
                yield f"{way}: {role} from {state}"


def _what_is_given(
    compiled: CompiledJourney, way: str, told: Mapping[str, Any], given: Mapping[str, Any]
) -> Iterator[str]:
    state, role = min(told["from"]), min(told["by"])

    def said(**changes: Any) -> str:
        filled = {name: value for name, value in {**given, **changes}.items() if value is not None}
        return attempt(compiled, way, state, role, **filled)

    refused, taken = InputRefused.code, told["to"]
    if said(colour="blue") != refused:
        yield f"{way}: anything may be given"
    for name, (kind, required, options) in told["input"].items():
        if said(**{name: None}) != (refused if required else taken):
            yield f"{way}: whether {name} may be left out"
        if said(**{name: GOOD_INPUT[name]}) != taken:
            yield f"{way}: {name} is not taken"
        for bad in BAD_INPUT[kind]:
            if said(**{name: bad}) != refused:
                yield f"{way}: {name} = {bad!r}"
        for option in options if kind == "text" else ():
            if said(**{name: option, **_successor(told)}) != taken:
                yield f"{way}: {name} = {option}"


def _successor(told: Mapping[str, Any]) -> dict[str, str]:
    return {"successor": MERGED} if "successor" in told["input"] else {}


@cache
def shipped() -> dict[str, Journey]:
    return {journey.ref: journey for journey in make.journeys() if journey.id == "pole"}


# --- the definitions are what the tables say ---------------------------------------------------


def test_every_shipped_version_is_in_the_tables() -> None:
    assert set(shipped()) == set(VERSIONS)


@pytest.mark.parametrize("ref", VERSIONS)
def test_a_version_has_its_stages_and_its_ways(ref: str) -> None:
    journey = shipped()[ref]

    assert tuple(journey.state) == VERSIONS[ref]
    assert journey.initial == "emergence"
    assert [state.id for state in journey.states if state.final] == ["ended"]
    assert set(journey.transition) == set(ways(ref))


@pytest.mark.parametrize(
    ("ref", "way"), [(ref, way) for ref in VERSIONS for way in ways(ref)], ids=str
)
def test_a_way_asks_for_what_the_tables_say(ref: str, way: str) -> None:
    assert list(findings(make.journey(ref), ref, way)) == []


@pytest.mark.parametrize("clause", [*EXAMPLES, "was_there"])
def test_every_condition_is_shown_to_hold_and_to_fail(clause: str) -> None:
    seen = {holds for *_, holds in examples(FIRST, "resume_emergence", clause)}

    assert seen >= {True, False}


# --- and nothing in them can change unseen ------------------------------------------------------

OPERATORS = (">=", "<=", ">", "<", "==", "!=")
_OPERATOR = re.compile(r">=|<=|==|!=|>|<")
_NUMBER = re.compile(r"\b\d+\b")
_WORD = re.compile(r"'[^']*'")
_FACT = re.compile(r"[a-z_]+\.[a-z0-9_]+\b(?!\()")
OTHER_OPERATOR = {"&&": "||", "||": "&&", ".all(": ".exists("}


def mutants_of(when: str, types: Mapping[str, str]) -> Iterator[str]:
    """A condition, changed in every small way."""
    yield from ("true", "false", f"!({when})")
    for match in _OPERATOR.finditer(when):
        for other in OPERATORS:
            yield f"{when[: match.start()]}{other}{when[match.end() :]}"
    for match in _NUMBER.finditer(when):
        for step in (-1, 1):
            yield f"{when[: match.start()]}{int(match[0]) + step}{when[match.end() :]}"
    for match in _WORD.finditer(when):
        yield f"{when[: match.start()]}'other'{when[match.end() :]}"
        # A list without one of its words.
        for place in (f"{match[0]}, ", f", {match[0]}"):
            if place in when:
                yield when.replace(place, "", 1)
    for sign, other in OTHER_OPERATOR.items():
        if sign in when:
            yield when.replace(sign, other)
        if sign in ("&&", "||"):
            parts = when.split(f" {sign} ")
            yield from (
                f" {sign} ".join(parts[:n] + parts[n + 1 :]) for n in range(len(parts)) if parts[1:]
            )
    if when.startswith("!"):
        yield when[1:]
    for match in _FACT.finditer(when):
        if match[0] not in types:
            continue
        for other, kind in types.items():
            if kind == types[match[0]]:
                yield f"{when[: match.start()]}{other}{when[match.end() :]}"


LAPSED = (
    "stage.before_dormancy == 'experimentation' || "
    "(stage.before_dormancy == 'recognised' && recognitions.article9_in_force {} 0)"
)
EQUIVALENT: Mapping[str, str] = {
    LAPSED.format("<="): "a number of recognitions is never below nought",
    "recognitions.article9_in_force <= 0": "a number of recognitions is never below nought",
    "commitments.open <= 0": "a number of commitments is never below nought",
    "recognitions.article9_in_force < 1": "a number of recognitions is never below nought",
    "!(input.reason in ['merged_into', 'split_into']) || input.successor > ''": (
        "no text comes before the empty one"
    ),
}
"""Changes that change nothing, and why."""


def spoilt(way: dict[str, Any], states: tuple[str, ...]) -> Iterator[tuple[str, dict[str, Any]]]:
    """A way, changed in every small way, and the change in words."""
    types = {**TYPES, **{f"input.{i['id']}": _TYPE[i["type"]] for i in way["input"]}}
    for place, clause in enumerate(way["requires"]):
        others = way["requires"][:place], way["requires"][place + 1 :]
        yield f"without {clause['id']}", way | {"requires": [*others[0], *others[1]]}
        for when in mutants_of(clause["when"], types):
            if when not in (clause["when"], *EQUIVALENT):
                changed = [*others[0], clause | {"when": when}, *others[1]]
                yield f"{clause['id']}: {when}", way | {"requires": changed}
    yield from _held_by(way)
    for state in states:
        if state in way["from"]:
            yield f"not from {state}", way | {"from": [s for s in way["from"] if s != state]}
        else:
            yield f"from {state}", way | {"from": [*way["from"], state]}
        if state != way["to"]:
            yield f"to {state}", way | {"to": state}
    yield "to nowhere", way | {"to": None}
    yield "of itself", way | {"trigger": "automatic"}
    yield "in a group", way | {"groups": ["jury"]}
    yield "by right", way | {"permissions": ["write"]}
    yield from _asked(way)
    yield "other evidence", way | {"evidence": [{"id": "other", "title": {"fr": "x"}}]}
    if way["evidence"]:
        yield "no evidence", way | {"evidence": []}


_TYPE = {"text": "string", "id": "string", "texts": "list", "integer": "int"}


def _held_by(way: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for role in Role:
        if role in way["by"]:
            yield f"not by {role}", way | {"by": [r for r in way["by"] if r != role]}
        else:
            yield f"by {role}", way | {"by": [*way["by"], role]}
    yield "by nobody", way | {"by": []}
    yield "by anybody", way | {"by": None}


def _asked(way: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for place, asked in enumerate(way["input"]):
        others = way["input"][:place], way["input"][place + 1 :]

        def given(*, others: Any = others, **changes: Any) -> dict[str, Any]:
            return way | {"input": [*others[0], asked | changes, *others[1]]}  # noqa: B023  # used at once

        yield f"without {asked['id']}", way | {"input": [*others[0], *others[1]]}
        yield f"{asked['id']} left out or not", given(required=not asked["required"])
        for kind in ("text", "texts", "id", "integer", "boolean", "date"):
            if kind != asked["type"]:
                yield f"{asked['id']} as {kind}", given(type=kind)
        yield f"{asked['id']} of one kind more", given(options=[*asked["options"], "treasurer"])
        for option in asked["options"]:
            fewer = [o for o in asked["options"] if o != option]
            yield f"{asked['id']} without {option}", given(options=fewer)
        if asked["options"]:
            yield f"{asked['id']} of any kind", given(options=[])


def alone(journey: Journey, way: Mapping[str, Any]) -> CompiledJourney | None:
    """A definition of one way; none, where it could not be published."""
    definition = journey.model_dump() | {"transitions": [way]}
    try:
        return compile_journey(Journey.model_validate(definition), TYPES, Cel)
    except FaultyJourney:
        return None


def distinct() -> Iterator[tuple[str, str]]:
    """The ways of all versions, those that are the same in several once."""
    seen = set()
    for ref, journey in shipped().items():
        for way in journey.transitions:
            content = (way.model_dump_json(), VERSIONS[ref])
            if content not in seen:
                seen.add(content)
                yield ref, way.id


@pytest.mark.parametrize(("ref", "name"), [*distinct()], ids=str)
def test_no_way_can_change_unseen(ref: str, name: str) -> None:
    journey = shipped()[ref]
    way = journey.transition[name].model_dump()
    tried, unseen = 0, []
    for change, mutant in spoilt(way, VERSIONS[ref]):
        compiled = alone(journey, mutant)
        tried += 1
        if compiled and next(findings(compiled, ref, name), None) is None:
            unseen.append(change)

    assert unseen == []
    assert tried > 30


def test_what_changes_nothing_is_explained() -> None:
    """Each of those changes says the same of every pole that the tables tell of."""
    scope = Cel({**TYPES, "input.reason": "string", "input.successor": "string"})
    for when, why in EQUIVALENT.items():
        ref, way, name = make.LATEST, "lapse", "none_left"
        if "dormancy" in when:
            ref, way, name = REGISTER_S_OWN, "resume_experimentation", "was_there"
        elif "commitments" in when:
            ref, way, name = WITH_COMMITMENTS, "end", "no_open_commitment"
        elif "article9" not in when:
            ref, way, name = make.LATEST, "end", "successor_named"
        compiled = make.journey(ref)
        clause = next(c for c in compiled.clauses[way] if c.clause.id == name)
        same = scope.compile(when)
        assert why
        for _, changes, holds in examples(ref, way, name):
            assert same(scope.lay_out(known(changes))) is holds
            assert clause.guard(compiled.lay_out(known(changes))) is holds
