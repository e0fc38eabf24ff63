"""The smallest registry of which a bundle has something of everything; and bundles, forged."""

import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from application.journey import PublishJourney
from application.pole import MovePole, RegisterPole, RenamePole
from domain.bundle import MANIFEST
from domain.dates import PartialDate
from domain.errors import JalonError
from domain.journey import Journey
from domain.pole import Pole, PoleId
from domain.roles import Role
from infrastructure.bundle import BundleWriter
from infrastructure.bundle_check import check_bundle
from infrastructure.bundle_signed import Witnessed, keys_in, stamps_of
from infrastructure.event_store.registry import Registry
from infrastructure.log_folder import LogFolder
from infrastructure.log_signer import LogSigner
from infrastructure.log_tree import LogTree
from infrastructure.operator_policy import OperatorPolicy
from infrastructure.outside import TimeAuthority
from infrastructure.plain_zip import PlainZip, PlainZipWriter
from infrastructure.public_log import PublicLog
from infrastructure.stamp import Stamps
from infrastructure.verifiers import verify
from tests import make

SHORT = Journey.model_validate(
    {
        "id": "pole",
        "version": "2021-05-12",
        "source": ["règle d'essai"],
        "facts": "PoleFacts",
        "initial": "emergence",
        "states": {"emergence": None, "charter_signed": None, "experimentation": {"final": True}},
        "transitions": {
            "sign": {
                "from": ["emergence"],
                "to": "charter_signed",
                "by": ["registrar"],
                "requires": [
                    {
                        "id": "heard",
                        "when": "silence.months < 12",
                        "say": {"fr": "Il donne des nouvelles.", "en": "It is heard of."},
                        "source": "règle d'essai",
                    }
                ],
            },
            "begin": {
                "from": ["charter_signed"],
                "to": "experimentation",
                "by": ["registrar"],
            },
        },
    }
)
"""A journey of two steps, the first of which asks for something."""

DAY = PartialDate(make.TODAY.isoformat())


@dataclass
class Small:
    """A registry with its signed log, and how bundles of it are written."""

    registry: Registry
    log: PublicLog
    pole: PoleId
    other: PoleId

    def write(
        self, file: Path, pole: UUID | None = None, positions: list[int] | None = None
    ) -> Path:
        note = self.log.sign()
        signed = Witnessed.of(note, keys_in(self.log.policy()))
        writer = BundleWriter(self.registry.journal, self.log.tree, signed)
        stamps = stamps_of(self.log, signed.checkpoint, whole=pole is None)
        known = self.registry.load(Pole, pole) if pole else None
        name = known.names[0].value if known else None
        writer.write(file, pole=pole, name=name, positions=positions or [], stamps=stamps)
        return file


@contextmanager
def small(folder: Path, authority: TimeAuthority | None = None) -> Iterator[Small]:
    """Two poles; one of them has taken both steps, the other none."""
    folder.mkdir(exist_ok=True)
    with make.registry(folder, publish=False) as registry:
        registry.do(PublishJourney(journey=SHORT), make.by(Role.ADMINISTRATOR))
        poles = [
            PoleId(registry.do(RegisterPole(name=name, occurred_on=DAY), make.by()).answer)
            for name in ("Tétris", "Évaléco")
        ]
        for transition in ("sign", "begin"):
            step = MovePole(pole=poles[0], transition=transition, occurred_on=DAY)
            registry.do(step, make.by())
        registry.do(RenamePole(pole=poles[1], name="Évaléco Sud"), make.by())
        signing = LogFolder(folder / "signing")
        signer = LogSigner(signing, "registre.exemple.fr/journal", LogTree(registry.journal))
        policy = OperatorPolicy(signing, None)
        stamps = Stamps(signing, authority, registry.clock)
        log = PublicLog(registry.journal, signer, policy, stamps, registry.clock)
        yield Small(registry, log, *poles)


# --- forging ------------------------------------------------------------------------------------


def contents(file: Path) -> dict[str, bytes]:
    """The files of a bundle, in their order."""
    with file.open("rb") as opened:
        archive = PlainZip(opened)
        return {name: archive.read(name) for name in archive.names}


def written(target: Path, files: Mapping[str, bytes], *, mend: bool = True) -> Path:
    """A zip of some files, as Jalon would write it.

    Args:
        mend: whether whoever forged it also wrote the manifest again.
    """
    files = dict(files)
    manifest = files.pop(MANIFEST)
    if mend:
        told = json.loads(manifest)
        told["fichiers"] = {name: sha256(data).hexdigest() for name, data in files.items()}
        text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        manifest = text.encode()
    with target.open("wb") as opened:
        writer = PlainZipWriter(opened)
        for name in sorted(files):
            writer.add(name, [files[name]])
        writer.add(MANIFEST, [manifest])
        writer.close()
    return target


# --- those who check ----------------------------------------------------------------------------

Found = tuple[int, str]
"""The exit code, and everything that is said of what does not hold."""


def by_script(file: Path, *options: str) -> Found:
    """What `verify.py` finds."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = verify.main([str(file), *options])
    assert "Traceback" not in err.getvalue()
    told = (
        f"{f'index {place}' if isinstance(place, int) else place} : {reason}"
        for place, reason in verify.faults
    )
    return code, "\n".join(told)


def by_product(file: Path, policy: Path | None = None) -> Found:
    """What `jalon audit check` finds."""
    try:
        faults = check_bundle(file, policy).faults
    except JalonError as error:
        return 3, str(error)
    told = [f"index {f.index}" if f.index is not None else f.file for f in faults]
    told += [f.remedy for f in faults[:1] if f.remedy]
    return (3 if faults else 0), "\n".join(told)


CHECKERS: dict[str, Callable[[Path], Found]] = {"verify.py": by_script, "jalon": by_product}


def place_in(name: str, content: bytes, at: int) -> str:
    """What must be named of a file of which the byte at a place changed: an event, or the file."""
    if name == MANIFEST:
        return "" if b'"fichiers":{' in content[:at] else name  # the file that it names wrongly
    if name == "etats.jsonl":
        line = content[:at].count(b"\n")
        told = re.match(rb'\{"i":(\d+)', content.split(b"\n")[line])
        assert told
        return f"index {int(told[1])}"
    if name.startswith("preuves/"):
        return f"index {name.removeprefix('preuves/').removesuffix('.tlog-proof')}"
    if name.startswith("tile/0/"):
        return f"index {at // 32}"
    if name.startswith("tile/entries/"):
        index, end = -1, 0
        while end <= at:
            index, end = index + 1, end + 2 + int.from_bytes(content[end : end + 2])
        return f"index {index}"
    return name
