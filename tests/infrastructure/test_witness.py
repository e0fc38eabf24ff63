"""Witnesses: each that is honest cosigns what only grew, and none of the others stops anything."""

import shutil
from base64 import b64decode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

import pytest

from domain.checkpoint import Checkpoint
from domain.log import LOGS, Continuity, SignedLogs
from domain.note import SignedNote
from domain.roles import Role
from domain.trust_policy import NotAPolicy, TrustPolicy
from domain.witness import WitnessState, asked, cosignatures, size_told
from infrastructure.log_signer import Rewritten, RolledBack
from infrastructure.operator_policy import UnusablePolicy
from infrastructure.trust import logged, trusted
from infrastructure.witness import WitnessSeen
from infrastructure.witness_asker import PATIENCE
from interfaces.wiring import Product, Settings
from tests.infrastructure.test_public_log import grow, size_of
from tests.make import ORIGIN, begin
from tests.witness import Mood, Witness, grew, served


@dataclass
class Watched:
    """A registry, and the witnesses of its log."""

    product: Product
    witnesses: list[Witness]
    urls: list[str]
    folder: Path

    def trust(self, quorum: str = "all") -> None:
        """Let the log have its witnesses asked."""
        pairs = enumerate(zip(self.witnesses, self.urls, strict=True))
        lines = [f"witness W{n} {one.vkey} {url}" for n, (one, url) in pairs]
        names = " ".join(f"W{n}" for n in range(len(self.witnesses)))
        file = self.folder / "politique"
        file.write_text("\n".join([*lines, f"group tous {quorum} {names}", "quorum tous", ""]))
        self.product.log.trust(file)

    def ask(self) -> list[WitnessState]:
        return [seen.state for seen in self.product.log.witnesses.ask()]

    @property
    def latest(self) -> SignedNote:
        note = self.product.log.signer.latest()
        assert note
        return note


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    settings = Settings(home=tmp_path / "home", database="", origin=ORIGIN)
    begin(settings)
    with ExitStack() as stack:
        product = stack.enter_context(closing(Product(settings)))
        product.log.sign()
        logs = [str(key) for key in product.log.signer.verifiers()]
        witnesses = [
            Witness(f"temoin.exemple/{kind}", logs, tmp_path / f"{kind}.json", kind)
            for kind in (4, 6)
        ]
        urls = [stack.enter_context(served(witness)) for witness in witnesses]
        found = Watched(product, witnesses, urls, tmp_path)
        found.trust()
        yield found


# --- those that are honest ----------------------------------------------------------------------


def test_what_is_signed_gains_the_cosignatures_that_the_policy_asks_for(watched: Watched) -> None:
    product = watched.product
    before = watched.latest

    assert watched.ask() == [WitnessState.COSIGNED] * 2

    note = watched.latest
    assert note.text == before.text
    assert set(before.signatures) < set(note.signatures)
    policy = TrustPolicy.read(product.log.policy().encode())
    assert set(trusted(note, policy).witnesses) == {"W0", "W1"}
    assert product.log.note(size_of(note)) == note
    assert product.log.signer.witnessed() == note
    assert logged(product.log.proof_of("3"), policy).witnesses.keys() == {"W0", "W1"}


def test_a_log_that_grows_is_cosigned_from_where_each_saw_it_last(watched: Watched) -> None:
    for times in (3, 1, 40, 9):
        grow(watched.product, times)
        watched.product.log.sign()
        assert watched.ask() == [WitnessState.COSIGNED] * 2

    assert [witness.asked for witness in watched.witnesses] == [4, 4], "no question is lost"
    assert watched.ask() == [WitnessState.COSIGNED] * 2
    assert [witness.asked for witness in watched.witnesses] == [4, 4], "nor asked again"


def test_a_witness_that_saw_more_than_we_remember_is_asked_from_there(watched: Watched) -> None:
    watched.ask()
    grow(watched.product, 5)
    watched.product.log.sign()
    (watched.product.settings.signing / "witnesses.json").unlink()

    assert watched.ask() == [WitnessState.COSIGNED] * 2
    assert [witness.asked for witness in watched.witnesses] == [3, 3]


def test_several_who_sign_and_ask_at_once_keep_every_cosignature(watched: Watched) -> None:
    with closing(Product(watched.product.settings)) as other, ThreadPoolExecutor(6) as pool:

        def one(number: int) -> None:
            product = (watched.product, other)[number % 2]
            grow(product, 2)
            product.log.sign()
            product.log.witnesses.ask()

        list(pool.map(one, range(6)))
    watched.product.log.sign()

    assert watched.ask() == [WitnessState.COSIGNED] * 2
    policy = TrustPolicy.read(watched.product.log.policy().encode())
    assert len(trusted(watched.latest, policy).witnesses) == 2
    assert len({(s.name, s.key) for s in watched.latest.signatures}) == 4


def test_a_witness_that_does_not_know_the_log_refuses(watched: Watched) -> None:
    watched.witnesses[0].logs = []
    watched.witnesses[1].logs = [
        key.replace("registre.localhost", "autre.localhost") for key in watched.witnesses[1].logs
    ]

    assert watched.ask() == [WitnessState.REFUSED] * 2
    for seen in watched.product.log.witnesses.seen():
        assert "il ne connaît pas ce journal ; donnez-lui" in seen.detail


# --- those that are not -------------------------------------------------------------------------

MUTANTS = {
    Mood.SILENT: WitnessState.SILENT,
    Mood.DRIPPING: WitnessState.SILENT,
    Mood.ENDLESS: WitnessState.SILENT,
    Mood.GARBAGE: WitnessState.MALFORMED,
    Mood.WRONG_KEY: WitnessState.NOT_ITS_OWN,
    Mood.WRONG_ROOT: WitnessState.NOT_ITS_OWN,
    Mood.SOMEBODY_ELSE: WitnessState.NOT_ITS_OWN,
    Mood.LYING_SIZE: WitnessState.OTHER_SIZE,
    Mood.TOO_SMALL_A_SIZE: WitnessState.OTHER_SIZE,
    Mood.ALWAYS_ANOTHER_SIZE: WitnessState.MALFORMED,
    Mood.ACCUSING: WitnessState.INCONSISTENT,
    Mood.FAULTY: WitnessState.REFUSED,
}


@pytest.mark.parametrize("mood", MUTANTS)
def test_a_witness_that_misbehaves_is_told_and_stops_nobody(
    watched: Watched, mood: Mood, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Time enough for the honest one, however busy the machine is.
    monkeypatch.setattr("infrastructure.witness_asker.PATIENCE", 2.0)
    watched.witnesses[0].mood = mood
    before, began = watched.latest, monotonic()

    assert watched.ask() == [MUTANTS[mood], WitnessState.COSIGNED]

    assert monotonic() - began < 5
    assert len(watched.latest.signatures) == len(before.signatures) + 1
    assert watched.product.log.signer.witnessed() is None, "the quorum is not met"
    grow(watched.product, 3)
    assert size_of(watched.product.log.sign()) > size_of(before)
    watched.witnesses[0].mood = Mood.HONEST
    assert watched.ask() == [WitnessState.COSIGNED] * 2


@pytest.mark.parametrize("mood", [Mood.LYING_SIZE, Mood.TOO_SMALL_A_SIZE, Mood.ACCUSING])
def test_what_a_witness_says_against_the_log_is_kept_with_what_it_was_sent(
    watched: Watched, mood: Mood
) -> None:
    watched.ask()
    grow(watched.product, 3)
    watched.product.log.sign()
    watched.witnesses[0].mood = mood
    watched.ask()

    seen = watched.product.log.witnesses.seen()[0]
    assert seen.evidence
    kept = watched.product.settings.signing / seen.evidence
    ours = SignedNote.read(kept.with_name(f"{kept.name}.ours").read_bytes())
    theirs = SignedNote.read(kept.with_name(f"{kept.name}.theirs").read_bytes())
    assert ours.text == watched.latest.text
    assert size_of(theirs) < size_of(ours)
    assert kept.with_name(f"{kept.name}.answer").read_bytes()[:3] in (b"409", b"422")
    grow(watched.product, 3)
    watched.product.log.sign()  # their note is a part of this log: it accuses nobody


def test_an_address_that_leads_nowhere_is_silence(watched: Watched) -> None:
    watched.urls[0] = "http://127.0.0.1:9"
    watched.trust()

    assert watched.ask() == [WitnessState.SILENT, WitnessState.COSIGNED]


def test_a_silent_witness_does_not_hold_up_a_server(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its silence is not waited for: the log is signed, and cosigned by others."""
    monkeypatch.setattr("infrastructure.public_log.EVERY", 0.02)
    watched.witnesses[0].mood = Mood.SILENT
    watched.trust("any")
    with closing(Product(watched.product.settings)) as server, server.following():
        # What they saw before is asked for once.
        for waited in (PATIENCE + 3, *[PATIENCE - 1] * 4):
            grow(watched.product, 2)
            size, began = watched.product.journal.size(), monotonic()
            while size_of(watched.latest) < size:
                assert monotonic() - began < waited, "signing waits for nobody"
                sleep(0.01)
        while (note := server.log.signer.witnessed()) is None or size_of(note) < size:
            assert monotonic() - began < 10
            sleep(0.02)
    assert watched.witnesses[0].asked == 1, "who did not answer is left alone for a while"


# --- a log that was rolled back -----------------------------------------------------------------


def machine_put_back(watched: Watched, copy: Path) -> Product:
    """The whole machine as it was before, signatures included: nothing here remembers."""
    home = watched.product.settings.home
    watched.product.close()
    shutil.rmtree(home)
    shutil.copytree(copy, home)
    return Product(watched.product.settings)


def test_a_machine_that_was_put_back_whole_is_found_out_by_its_witness(watched: Watched) -> None:
    """Its own notes went back with it: what it signed since comes from who saw it."""
    watched.ask()
    home, copy = watched.product.settings.home, watched.folder / "hier"
    shutil.copytree(home, copy)
    grow(watched.product, 12)
    watched.product.log.sign()
    watched.ask()
    later = watched.latest

    with closing(machine_put_back(watched, copy)) as product:
        grow(product, 1)
        product.verify()  # it knows nothing of it
        before = product.log.signer.latest()
        with pytest.raises(RolledBack, match=f"{size_of(later)} ont déjà été signés"):
            product.log.sign()

        assert product.log.signer.latest() == before
        states = [seen.state for seen in product.log.witnesses.seen()]
        assert states == [WitnessState.CONTRADICTED] * 2
        with pytest.raises(RolledBack):
            product.verify()
        evidence = [seen.evidence for seen in product.log.witnesses.seen()]
        assert all(evidence)
        kept = (product.settings.signing / f"{evidence[0]}.theirs").read_bytes()
        assert SignedNote.read(kept).text == later.text
        grow(product, 60)
        with pytest.raises(Rewritten):
            product.log.sign()


def test_the_mutant_that_asks_no_witness_first_is_caught(watched: Watched) -> None:
    """Without the note that came back, the same machine would sign another history."""
    copy = watched.folder / "hier"
    watched.ask()
    shutil.copytree(watched.product.settings.home, copy)
    grow(watched.product, 5)
    watched.product.log.sign()
    watched.ask()
    later = Checkpoint.read(watched.latest.text)

    with closing(machine_put_back(watched, copy)) as product:
        grow(product, 60)
        other = Checkpoint.read(product.log.signer.sign(product.journal.size()).text)
        path = product.log.tree.consistency(later.size, other.size)

        assert not grew(later.size, other.size, later.root, other.root, path)
        states = [seen.state for seen in product.log.witnesses.ask()]
        assert states == [WitnessState.CONTRADICTED] * 2
        with pytest.raises(Rewritten):
            product.log.sign()
        second = "registre.exemple/journal-2"
        by = product.operator(Role.ADMINISTRATOR)
        product.log.rotate_log(
            second, lambda act: product.do(act.model_copy(update={"ground": "panne"}), by)
        )
        opened = product.journal.history(LOGS)[-1].event
        assert isinstance(opened, SignedLogs.Opened)
        assert opened.found is Continuity.REWRITTEN
        assert Checkpoint.read(SignedNote.read(opened.note.encode()).text) == later
        renamed = product.settings.model_copy(update={"origin": second})
        with closing(Product(renamed)) as under:
            grow(under, 3)
            assert size_of(under.log.sign()) == under.journal.size()


# --- the policy ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("quorum none\nwitness", NotAPolicy),
        ("", NotAPolicy),
        ("witness W {log} http://127.0.0.1\nquorum W", UnusablePolicy),
        ("witness W {key} ftp://x\nquorum W", UnusablePolicy),
        ("witness W {key} http://\nquorum W", UnusablePolicy),
        ("witness W {key} http://[x\nquorum W", UnusablePolicy),
        ("log {other}\nquorum none", UnusablePolicy),
        ("witness \udcff {key}\nquorum none", UnusablePolicy),
    ],
)
def test_a_policy_that_does_not_suit_changes_nothing(
    watched: Watched, line: str, error: type[Exception]
) -> None:
    before = watched.product.log.policy()
    log, key = watched.witnesses[0].logs[0], watched.witnesses[0].vkey
    other = Witness("autre.exemple", [], watched.folder / "x").vkey
    file = watched.folder / "autre"
    said = line.replace("{log}", log).replace("{key}", key).replace("{other}", other)
    file.write_bytes(said.encode("utf-8", "surrogateescape"))

    with pytest.raises(error):
        watched.product.log.trust(file)

    assert watched.product.log.policy() == before


# --- the form of what is sent -------------------------------------------------------------------

EXAMPLE = """\
old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
"""  # noqa: E501  # the request of the specification, byte for byte

ANSWER = """\
— witness.example/w1 CMp+6LWBU0anHGH5aNDTJkH/gj79sG+T6+iP2ThYN5krrDJbR1HDnucjL39QsZTSvVjyQLrdk3DXDqI5G2HgLatVs0pWh6Up69HVOw==
— witness.example/w1 I7rEps0pvK2UqkS2gSpVUDhrhVtQV9lgF6pRrWAvjJHjyWpW7VcE3SiOlVlbQNt64vWhO+DlkL0+UfzuOBMh9ChdMkP1vi/lCAsmlw==
— witness.example/w2 AWui8Sk55XjYLOijihBjhqEH6nS1ndDymE0a+6idX7pLcnoB+dhnz0854aLZgrrKbYKA7nC3HNJhm/kWl7oJlqU3rXXvpysAdyP3wQ==
"""  # noqa: E501  # the answer of the specification, byte for byte


def test_a_request_is_written_as_the_specification_shows_it() -> None:
    head, _, note = EXAMPLE.partition("\n\n")
    old, *hashes = head.split("\n")
    path = [b64decode(line) for line in hashes]

    assert asked(int(old.split()[1]), path, SignedNote.read(note.encode())) == EXAMPLE.encode()


def test_an_answer_is_read_as_the_specification_shows_it() -> None:
    lines = cosignatures(ANSWER.encode())

    assert lines
    assert [line.name for line in lines] == [
        f"witness.example/{name}" for name in ("w1", "w1", "w2")
    ]
    assert "".join(map(str, lines)) == ANSWER
    assert all(cosignatures(body) is None for body in (b"", b"\n", b"\xff\n", ANSWER.encode()[:-1]))


@pytest.mark.parametrize(
    ("kind", "body", "size"),
    [
        ("text/x.tlog.size", b"20852014\n", 20852014),
        ("Text/x.tlog.size ", b"0\n", 0),
        ("text/plain", b"12\n", None),
        ("text/x.tlog.size", b"12", None),
        ("text/x.tlog.size", b"012\n", None),
        ("text/x.tlog.size", b"-1\n", None),
        ("text/x.tlog.size", b"1" * 30 + b"\n", None),
    ],
)
def test_a_size_is_told_in_one_way(kind: str, body: bytes, size: int | None) -> None:
    assert size_told(kind, body) == size


def test_what_was_seen_is_kept_as_it_is_told(watched: Watched) -> None:
    watched.ask()

    for seen in watched.product.log.witnesses.seen():
        assert isinstance(seen, WitnessSeen)
        assert seen.size == size_of(watched.latest)
        assert seen.cosigned_at == seen.asked_at
