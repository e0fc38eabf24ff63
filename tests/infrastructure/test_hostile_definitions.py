"""Definitions meant to do harm end in one sentence, within a second, in little memory.

Each is given to `jalon journey publish` in a process of its own, under the limits of the system:
what goes on for too long, or takes too much, is ended by it and fails here.
"""

import os
import random
import re
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from domain.rules import FaultyJourney
from infrastructure.guards import LONGEST, Cel
from infrastructure.reference import MOST_VALUES, REFERENCE, read_journey
from interfaces.cli.main import main
from interfaces.store import create
from interfaces.wiring import Settings
from tests.examples import settings

SECONDS = 1.0
"""Of processor time, beside what it takes to begin."""

MEGABYTES = 90
"""Beside what it takes to begin, which is about a hundred: two hundred in all."""

HEAD = """id: hostile
version: "2030-01"
source: [product rule]
facts: PoleFacts
initial: a
"""
STATES = "states: {a: {}, b: {final: true}}\n"


@dataclass(frozen=True)
class Seen:
    code: int
    said: str
    seconds: float
    megabytes: float


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry with its journeys."""
    folder = tmp_path_factory.mktemp("hostile") / "home"
    create(Settings(home=folder, database=""))
    return folder


def publish(home: Path, file: Path) -> Seen:
    """Publish a file in a process of its own, under limits."""
    out = file.with_suffix(".said")
    child = os.fork()
    if child == 0:  # the copy of this process: it never comes back to the tests
        try:
            os.dup2(os.open(out, os.O_CREAT | os.O_WRONLY | os.O_TRUNC), 2)
            resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
            own = 1024 * int(re.findall(r"VmSize:\s+(\d+)", _status())[0])
            resource.setrlimit(resource.RLIMIT_AS, (own + 400 * 2**20, own + 400 * 2**20))
            sys.stderr = os.fdopen(2, "w")
            sys.argv = ["jalon", "--home", str(home), "journey", "publish", str(file)]
            main()
        except SystemExit as end:
            sys.stderr.flush()
            os._exit(int(end.code or 0))
        except BaseException as error:  # noqa: BLE001  # whatever it is, the parent is told
            sys.stderr.write(f"Traceback {error!r}")
            sys.stderr.flush()
            os._exit(99)
    _, ended, used = os.wait4(child, 0)
    said = out.read_text("utf-8")
    code = os.waitstatus_to_exitcode(ended)
    return Seen(code, said, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def _status() -> str:
    return Path("/proc/self/status").read_text("utf-8")


@pytest.fixture(scope="module")
def beginning(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """A publication that is refused at once."""
    file = tmp_path_factory.mktemp("beginning") / "parcours.yaml"
    file.write_text("")
    return min((publish(home, file) for _ in range(2)), key=lambda seen: seen.seconds)


def clause(when: str) -> str:
    """A definition with one condition."""
    quoted = "'" + when.replace("'", "''") + "'"
    return (
        HEAD
        + STATES
        + "transitions: {t: {from: [a], to: b, requires: [{id: c, say: {fr: x}, source: y, "
        + f"when: {quoted}}}]}}}}\n"
    )


def laughs(levels: int, times: int = 9) -> str:
    lines = ["l0: &l0 [ha]"]
    lines += [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * times)}]" for n in range(1, levels + 1)]
    return "\n".join(lines) + "\n"


def merges(levels: int, times: int = 9) -> str:
    lines = ["m0: &m0 {a: 1}"]
    lines += [
        f"m{n}: &m{n} {{<<: [{', '.join([f'*m{n - 1}'] * times)}]}}" for n in range(1, levels + 1)
    ]
    return "\n".join(lines) + "\n"


def nested(depth: int) -> str:
    """Conditions within conditions, each over a list of its own."""
    kinds = "evidence.kinds"
    opened = "".join(f"{kinds}.all(v{n}, " for n in range(depth))
    return f"{opened}true{')' * depth}"


MANY = "".join(f"  s{n}: {{}}\n" for n in range(MOST_VALUES))

REFUSED: dict[str, str | bytes] = {
    "billion laughs": HEAD + STATES + "transitions: {}\n" + laughs(12),
    "billion laughs in the states": HEAD + laughs(12) + "states: *l12\ntransitions: {}\n",
    "a billion merges": HEAD + merges(12) + "states: *m12\ntransitions: {}\n",
    "an anchor in itself": HEAD + "states: &s {a: *s}\ntransitions: {}\n",
    "an alias of nothing": HEAD + "states: *s\ntransitions: {}\n",
    "deep lists": "[" * 100_000,
    "deep blocks": "\n".join(" " * n + "a:" for n in range(1300)),
    "deep dashes": "- " * 100_000,
    "ten megabytes": b"x" * 10_000_000,
    "a megabyte of states": HEAD + "states:\n" + MANY + "transitions: {}\n",
    "a megabyte of one word": HEAD + f"states: {'x' * 900_000}\ntransitions: {{}}\n",
    "a name of a megabyte": HEAD + f"? {'x' * 900_000}\n: y\n",
    "a megabyte of quotes": '"' * 900_000,
    "a megabyte of braces": "{}" * 450_000,
    "UTF-16": HEAD.encode("utf-16"),
    "Latin-1": HEAD.encode() + "# é".encode("latin-1"),
    "zeros": b"\x00" * 1000,
    "a Python object": "!!python/object/apply:os.system ['echo']",
    "a Python name": HEAD + "states: !!python/name:os.system\ntransitions: {}\n",
    "a tag of its own": HEAD + "states: !x {a: {}}\ntransitions: {}\n",
    "bytes": HEAD + "states: !!binary aGE=\ntransitions: {}\n",
    "an empty whole number": HEAD + "states: !!int ''\ntransitions: {}\n",
    "the same state twice": HEAD + "states: {a: {}, a: {final: true}}\ntransitions: {}\n",
    "the same member twice": HEAD + STATES + "initial: b\ntransitions: {}\n",
    "a state that is a number": HEAD + "states: {a: 3}\ntransitions: {}\n",
    "a state without a name": HEAD + "states: {a: {}, ~: {}}\ntransitions: {}\n",
    "a list as a name": HEAD + "states: {[a]: {}}\ntransitions: {}\n",
    "not a number": HEAD + "states: {a: {sets: {x: .nan}}}\ntransitions: {}\n",
    "infinity": HEAD + "states: {a: {sets: {x: -.inf}}}\ntransitions: {}\n",
    "a huge number": HEAD + f"states: {{a: {{sets: {{x: {'9' * 4000}}}}}}}\ntransitions: {{}}\n",
    "a number too huge": HEAD
    + f"states: {{a: {{sets: {{x: {'9' * 9000}}}}}}}\ntransitions: {{}}\n",
    "a huge hexadecimal": HEAD
    + f"states: {{a: {{sets: {{x: 0x{'f' * 90000}}}}}}}\ntransitions: {{}}\n",
    "a day that does not exist": HEAD.replace("2030-01", "2030-13") + STATES + "transitions: {}\n",
    "a piece of evidence of sixty letters": HEAD
    + STATES
    + f"transitions: {{t: {{from: [a], evidence: {{{'e' * 60}: {{title: {{fr: x}}}}}}}}}}\n",
    "two documents": HEAD + STATES + "transitions: {}\n---\n" + HEAD,
    "nothing": "",
    "a list": "- a\n- b\n",
    "parentheses": clause("(" * 300 + "true" + ")" * 300),
    "a megabyte of parentheses": clause("(" * 450_000 + "true" + ")" * 450_000),
    "unclosed parentheses": clause("(" * 900),
    "a megabyte of conditions": clause("true" + " || true" * 100_000),
    "a megabyte of text": clause("'" + "a" * 900_000 + "' == 'b'"),
    "many negations": clause("!" * 3_999),
    "many lists": clause("[" * 300 + "]" * 300 + " == []"),
    "an expression that is none": clause("((((((((members.total"),
    "a division that fails": clause("1 / members.total"),
    "a hundred thousand letters": clause("a" * 100_000),
}
"""What is refused, and why it should be."""

SLOW: dict[str, str] = {
    "five comprehensions in one another": clause(nested(5)),
    "ten comprehensions in one another": clause(nested(10)),
    "a pattern that goes back": clause(f"'{'a' * 3000}'.matches('(a+)+(a+)+(a+)+b')"),
    "a pattern of patterns": clause("stage.before_dormancy.matches('((a{100}){100}){100}')"),
    "a pattern of choices": clause("stage.before_dormancy.matches('(a?){500}(a){500}')"),
    "a long sum": clause("members.total" + " + 1" * 200 + " > 1"),
}
"""What is allowed, and must not take long."""


def sentence(seen: Seen, beginning: Seen) -> str:
    assert "Traceback" not in seen.said, seen.said[-500:]
    assert seen.seconds - beginning.seconds < SECONDS, seen
    assert seen.megabytes - beginning.megabytes < MEGABYTES, seen
    return seen.said.rstrip("\n")


@pytest.mark.parametrize("name", REFUSED)
def test_it_ends_in_one_sentence(name: str, home: Path, beginning: Seen, tmp_path: Path) -> None:
    content = REFUSED[name]
    file = tmp_path / "parcours.yaml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())

    seen = publish(home, file)

    said = sentence(seen, beginning)
    assert seen.code == 4, seen
    assert said.startswith("La définition ne peut pas être publiée")
    assert "\n" not in said
    assert "Input should" not in said
    assert len(said) < 800


@pytest.mark.parametrize("name", SLOW)
def test_what_is_allowed_takes_no_longer(
    name: str, home: Path, beginning: Seen, tmp_path: Path
) -> None:
    file = tmp_path / "parcours.yaml"
    file.write_text(SLOW[name].replace("2030-01", f"2030-{1 + sorted(SLOW).index(name):02}"))

    seen = publish(home, file)

    sentence(seen, beginning)
    assert seen.code in (0, 4), seen


def test_the_largest_definition_that_is_read_is_read_in_a_second(
    home: Path, beginning: Seen, tmp_path: Path
) -> None:
    """As many long conditions as a file may hold."""
    condition = "members.total > 1" + " || members.total > 1" * 180
    clauses = ", ".join(
        f"{{id: c{n}, when: {condition}, say: {{fr: x}}, source: y}}" for n in range(220)
    )
    file = tmp_path / "parcours.yaml"
    file.write_text(
        HEAD.replace("2030-01", "2031-01")
        + STATES
        + f"transitions: {{t: {{from: [a], to: b, requires: [{clauses}]}}}}\n"
    )
    assert 800_000 < file.stat().st_size < 1_000_000

    seen = publish(home, file)

    sentence(seen, beginning)


def test_an_anchor_may_save_one_from_writing_twice(tmp_path: Path) -> None:
    file = tmp_path / "parcours.yaml"
    file.write_text(
        HEAD
        + STATES
        + "transitions:\n"
        + "  t: {from: [a], to: b, requires: &same [{id: c, when: 'true', say: {fr: x}, "
        + "source: y}]}\n"
        + "  u: {from: [b], to: a, requires: *same}\n"
    )

    journey = read_journey(file)

    assert journey.transition["t"].requires == journey.transition["u"].requires


def test_a_date_without_quotes_is_the_text_that_it_is(tmp_path: Path) -> None:
    file = tmp_path / "parcours.yaml"
    file.write_text(HEAD.replace('"2030-01"', "2030-01-31") + STATES + "transitions: {}\n")

    assert read_journey(file).version == "2030-01-31"


def test_the_longest_condition_that_is_read_means_what_it_says() -> None:
    longest = f"'{'a' * (LONGEST - 8)}' != ''"

    assert Cel({}).compile(longest)(Cel({}).lay_out({})) is True
    with pytest.raises(FaultyJourney, match="4000 caractères"):
        Cel({}).compile(f"{longest} ")


def test_the_deepest_condition_that_is_read_means_what_it_says() -> None:
    deepest = "(" * 32 + "true" + ")" * 32

    assert Cel({}).compile(deepest)(Cel({}).lay_out({})) is True
    with pytest.raises(FaultyJourney, match="trop imbriquée"):
        Cel({}).compile(f"({deepest})")


def test_a_variable_is_told_from_a_text_that_names_one() -> None:
    cel = Cel({"var.last": "string"})
    laid = cel.lay_out({"var.last": "var.last"})

    assert cel.compile("var.last == 'var.last' && 'var.' + 'last' == var.last")(laid) is True
    assert cel.compile("var.last", "string")(laid) == "var.last"


def test_a_condition_that_would_run_for_ever_is_given_up_soon() -> None:
    cel = Cel({"evidence.kinds": "list", "text": "string"})
    laid = cel.lay_out({"evidence.kinds": ("kind",) * 200, "text": "a" * 20_000})
    patterns = ["text.matches('(a+)+(a+)+(a+)+b')", "text.matches('(a?){300}(a){300}$')"]

    for expression in (nested(5).replace("true", "text != ''"), nested(8), *patterns):
        start = time.process_time()
        cel.compile(expression)(laid)
        assert time.process_time() - start < SECONDS


# Anything at all.


def mangled(text: str, seed: int) -> str:
    """A definition in which some pieces were lost, doubled, or put elsewhere."""
    dice = random.Random(seed)  # noqa: S311  # not a secret
    pieces = re.split(r"(\s+|[{}\[\]:,])", text)
    for _ in range(dice.randint(1, 6)):
        here, there = dice.randrange(len(pieces)), dice.randrange(len(pieces))
        pieces[here] = dice.choice(
            [
                "",
                pieces[there],
                pieces[here] * 2,
                dice.choice(
                    ["&a", "*a", "<<", "~", "!!str", "? ", "- ", "0x_", "1e9", "true", "{"]
                ),
            ]
        )
    return "".join(pieces)


VALID = clause("members.total >= 5 && 'strategy' in evidence.kinds")

atoms = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
names = st.sampled_from(
    ["id", "states", "transitions", "initial", "a", "sets", "from", "requires", "when", "input"]
)
trees = st.recursive(
    atoms,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4),
    max_leaves=12,
)


def shipped() -> Iterator[str]:
    for path in sorted((REFERENCE / "journeys").glob("*.yaml")):
        yield path.read_text("utf-8")


def reads_or_refuses(file: Path, text: str) -> None:
    file.write_bytes(text.encode("utf-8", "replace"))
    said = ""
    try:
        assert read_journey(file).ref
    except FaultyJourney as refusal:
        said = str(refusal)
    assert "\n" not in said


@settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 2**32))
def test_a_definition_spoilt_anywhere_is_read_or_refused(seed: int, tmp_path: Path) -> None:
    texts = [VALID, *shipped()]

    reads_or_refuses(tmp_path / "parcours.yaml", mangled(texts[seed % len(texts)][:4000], seed))


@settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(tree=st.dictionaries(names, trees, max_size=8))
def test_any_tree_of_values_is_read_or_refused(tree: dict[str, object], tmp_path: Path) -> None:
    reads_or_refuses(tmp_path / "parcours.yaml", yaml.safe_dump(tree, allow_unicode=True))


@settings(deadline=None, max_examples=200)
@given(
    pieces=st.lists(
        st.sampled_from(
            ["(", ")", "[", "]", "'", '"', "\\", "&&", "||", "!", "members.total", ">=", "5",
             ".all(x,", " in ", "?", ":", "{", "}", "r'", "//", "\n", "b'", "has(", "1.5", "-", "é"]
        ),
        max_size=30,
    )
)  # fmt: skip
def test_any_text_is_compiled_or_refused(pieces: list[str]) -> None:
    with suppress(FaultyJourney):
        Cel({"members.total": "int"}).compile("".join(pieces))
