"""Signed notes, checkpoints, proofs in files, policies: read exactly, or refused in a sentence."""

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.checkpoint import Checkpoint, NotACheckpoint, signed_bytes
from domain.errors import Damaged
from domain.logged import LogProof, NotAProof
from domain.note import (
    SIGNATURE_BYTES,
    KeyKind,
    NotAKey,
    NotANote,
    NoteSignature,
    SignedNote,
    VerifierKey,
)
from domain.trust_policy import NotAPolicy, TrustPolicy
from tests.examples import settings

# The worked example of C2SP signed-note.
KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
NOTE = (
    "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONnc"
    "AlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
# Its other note, the text of which has an empty line.
VERSES = (
    "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n"
    "— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU"
    "0xMcXxj99ihAQwaqP3ZekRwNtIc=\n"
)
# The text of the worked example of C2SP tlog-checkpoint; its signature, and the cosignature that
# C2SP tlog-cosignature adds.
CHECKPOINT = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
SIGNED = (
    "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2"
    "q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
)
COSIGNED = (
    "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2"
    "oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
)


def a_key(name: str, kind: KeyKind = KeyKind.ED25519_COSIGNATURE, byte: int = 7) -> VerifierKey:
    return VerifierKey(name, kind, bytes([byte]) * (1312 if kind == 6 else 32))


def test_the_example_of_the_specification_is_read_and_said_again() -> None:
    key, note = VerifierKey.read(KEY), SignedNote.read(NOTE.encode())

    assert str(key) == KEY
    assert str(note) == NOTE
    assert note.text == "This is an example message.\n"
    assert note.signatures[0].is_of(key)
    assert not note.signatures[0].is_of(a_key("example.com/foo"))


def test_the_text_of_a_note_may_have_empty_lines() -> None:
    note = SignedNote.read(VERSES.encode())

    assert str(note) == VERSES
    assert note.text.splitlines()[1:3] == ["trafitto da un raggio di sole:", ""]
    assert note.text.endswith("ed è subito sera.\n")


def test_a_name_that_no_signature_could_have_is_told_so() -> None:
    """What ML-DSA-44 signs tells the length of each name in one byte (C2SP tlog-cosignature)."""
    longest, too_long = str(a_key("é" * 127 + "x")), str(a_key("é" * 128))
    policy = f"witness w {too_long}\nquorum w\n".encode()

    assert str(VerifierKey.read(longest)) == longest
    for read in (lambda: VerifierKey.read(too_long), lambda: TrustPolicy.read(policy)):
        with pytest.raises(Damaged, match="un nom compte 255 octets au plus"):
            read()
    with pytest.raises(NotACheckpoint, match="255 octets"):
        Checkpoint.read(CHECKPOINT.replace("example", "x" * 300))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"text\n",
        NOTE.encode().removesuffix(b"\n"),
        NOTE.replace("\n\n", "\n").encode(),
        NOTE.replace("— ", "- ").encode(),
        NOTE.replace("—", "—  ").encode(),
        NOTE.replace("aQM=", "aQN=").encode(),  # the same bytes, in another base64
        NOTE.replace("aQM=", "aQM").encode(),
        NOTE.replace("example.com/foo", "a+b").encode(),
        NOTE.replace("message", "mess\tage").encode(),
        NOTE.encode() + b"\n",
        (NOTE + NOTE.partition("\n\n")[2] * 64).encode(),
        "é".encode("latin-1") + NOTE.encode(),
        b"x" * 2_000_000,
    ],
)
def test_what_is_no_note_is_refused_in_a_sentence(content: bytes) -> None:
    with pytest.raises(NotANote) as refused:
        SignedNote.read(content)
    assert refused.value.say("fr").endswith(".")


@given(st.data())
@settings(deadline=None, max_examples=400)
def test_a_note_of_other_bytes_is_another_note(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(NOTE.encode()) - 1))
    content = bytearray(NOTE.encode())
    content[at] ^= data.draw(st.integers(1, 255))

    try:
        found = SignedNote.read(bytes(content))
    except NotANote:
        return
    assert str(found).encode() == bytes(content)
    assert found != SignedNote.read(NOTE.encode())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "example.com/foo",
        KEY.replace("530d903a", "530d903b"),
        KEY.replace("530d903a", "530D903A"),
        KEY[:-1] + "l",
        KEY.replace("Aeky", "Beky"),
        KEY.replace("example.com/foo", "example com"),
        KEY + "AA",
    ],
)
def test_what_is_no_key_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(NotAKey) as refused:
        VerifierKey.read(text)
    assert refused.value.say("fr").endswith(".")


@given(st.sampled_from(KeyKind), st.integers(0, 255))
@settings(deadline=None)
def test_a_key_is_read_as_it_is_written(kind: KeyKind, byte: int) -> None:
    key = a_key("temoin.exemple/w1", kind, byte)

    assert VerifierKey.read(str(key)) == key


def test_a_checkpoint_is_read_as_it_is_written() -> None:
    found = Checkpoint.read(CHECKPOINT)

    assert (found.origin, found.size) == ("example.com/behind-the-sofa", 20852163)
    assert str(found) == CHECKPOINT


def test_the_cosigned_checkpoint_of_the_specification_is_read_and_said_again() -> None:
    note = SignedNote.read(f"{CHECKPOINT}\n{SIGNED}{COSIGNED}".encode())
    log, witness = note.signatures

    assert str(note) == f"{CHECKPOINT}\n{SIGNED}{COSIGNED}"
    assert note.text == CHECKPOINT
    assert (log.name, len(log.value)) == (
        "example.com/behind-the-sofa",
        SIGNATURE_BYTES[KeyKind.ED25519],
    )
    assert (witness.name, len(witness.value)) == (
        "witness.example.com/w1",
        SIGNATURE_BYTES[KeyKind.ED25519_COSIGNATURE],
    )
    assert int.from_bytes(witness.value[:8]) == 1679315147


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n1\n",
        CHECKPOINT + "more\n",
        CHECKPOINT.replace("20852163", "020852163"),
        CHECKPOINT.replace("20852163", "-1"),
        CHECKPOINT.replace("20852163", str(2**63)),
        CHECKPOINT.replace("q2I=", "q2J="),
        CHECKPOINT.replace("q2I=", "q2I"),
        CHECKPOINT.replace("CsUY", ""),
        CHECKPOINT.removeprefix("example.com/behind-the-sofa"),
    ],
)
def test_what_is_no_checkpoint_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(NotACheckpoint) as refused:
        Checkpoint.read(text)
    assert refused.value.say("fr").endswith(".")


def test_what_is_signed_of_a_checkpoint_is_what_the_specifications_say() -> None:
    found = Checkpoint.read(CHECKPOINT)
    name = "witness.example.com/w1"

    log = signed_bytes(found, a_key(name, KeyKind.ED25519))
    witness = signed_bytes(found, a_key(name), 1679315147)
    quantum = signed_bytes(found, a_key(name, KeyKind.MLDSA44_COSIGNATURE), 1679315147)

    assert log == CHECKPOINT.encode()
    assert witness == b"cosignature/v1\ntime 1679315147\n" + CHECKPOINT.encode()
    assert quantum == (
        b"subtree/v1\n\x00"
        + bytes([len(name)])
        + name.encode()
        + (1679315147).to_bytes(8, "big")
        + bytes([27])
        + b"example.com/behind-the-sofa"
        + (0).to_bytes(8, "big")
        + (20852163).to_bytes(8, "big")
        + found.root
    )


def a_proof() -> LogProof:
    note = SignedNote(
        CHECKPOINT, (NoteSignature("example.com/behind-the-sofa", b"abcd", b"x" * 64),)
    )
    return LogProof(b'{"i":7}', 7, (bytes(32), bytes(range(32))), note)


def test_a_proof_in_a_file_is_read_as_it_is_written() -> None:
    proof = a_proof()
    written = str(proof).encode()

    assert LogProof.read(written) == proof
    assert written.split(b"\n")[:3] == [
        b"c2sp.org/tlog-proof@v1",
        b"extra " + b64encode(b'{"i":7}'),
        b"index 7",
    ]


@given(st.data())
@settings(deadline=None, max_examples=400)
def test_a_proof_of_other_bytes_is_another_proof(data: st.DataObject) -> None:
    written = str(a_proof()).encode()
    content = bytearray(written)
    content[data.draw(st.integers(0, len(written) - 1))] ^= data.draw(st.integers(1, 255))

    try:
        found = LogProof.read(bytes(content))
    except Damaged:
        return
    assert str(found).encode() == bytes(content)
    assert found != a_proof()


@pytest.mark.parametrize("content", [b"", b"c2sp.org/tlog-proof@v1\n", NOTE.encode(), b"\n\n"])
def test_what_is_no_proof_is_refused_in_a_sentence(content: bytes) -> None:
    with pytest.raises(NotAProof) as refused:
        LogProof.read(content)
    assert refused.value.say("fr").endswith(".")


# --- policies -----------------------------------------------------------------------------------

NAMES = ("X1", "X2", "X3", "Y1", "Y2", "Y3")
WITNESSES = "".join(f"witness {n} {a_key('w/' + n, byte=i)}\n" for i, n in enumerate(NAMES))
LOG = f"log {a_key('registre.exemple/journal', KeyKind.ED25519, 99)}\n"
GROUPS = (
    "group X-witnesses 2 X1 X2 X3\ngroup Y-witnesses any Y1 Y2 Y3\n"
    "group X-and-Y all X-witnesses Y-witnesses\nquorum X-and-Y\n"
)


@pytest.mark.parametrize(
    ("signed", "is_met"),
    [
        ("", False),
        ("X1 X2", False),
        ("X1 Y1", False),
        ("X1 X3 Y2", True),
        ("X1 X2 X3 Y1 Y2 Y3", True),
        ("Y1 Y2 Y3 X2", False),
    ],
)
def test_the_quorum_of_the_example_of_the_specification(signed: str, is_met: bool) -> None:
    policy = TrustPolicy.read(f"# exemple\n\n{LOG}\t{WITNESSES}{GROUPS}".encode())

    assert policy.is_met(signed.split()) is is_met
    assert [log.key.name for log in policy.logs] == ["registre.exemple/journal"]


def test_a_policy_may_ask_for_no_witness_or_for_one() -> None:
    assert TrustPolicy.read(b"quorum none").is_met(())
    one = TrustPolicy.read(f"{WITNESSES}quorum Y2\n".encode())
    assert one.is_met({"Y2"})
    assert not one.is_met({"Y1"})


@pytest.mark.parametrize(
    "content",
    [
        "",
        LOG,
        "quorum X1",
        "quorum none\nquorum none",
        f"{WITNESSES}group G 4 X1 X2\nquorum G",
        f"{WITNESSES}group G 0 X1 X2\nquorum G",
        f"{WITNESSES}group G\nquorum none",
        f"{WITNESSES}group G any X1\ngroup H any X1\nquorum G",
        f"{WITNESSES}group G any H\ngroup H any X1\nquorum G",
        f"{WITNESSES}group X1 any X2\nquorum X1",
        f"{WITNESSES}group none any X2\nquorum none",
        f"{LOG}{LOG}quorum none",
        f"{WITNESSES}{WITNESSES}quorum none",
        "witness W x\nquorum W",
        "quorum none\x0b",
        "log\nquorum none",
        "quorum none\n" * 300,
    ],
)
def test_a_policy_at_fault_is_refused_with_its_line(content: str) -> None:
    with pytest.raises(NotAPolicy) as refused:
        TrustPolicy.read(content.encode())
    assert "ligne" in refused.value.say("fr")
