"""Checks a bundle of proof with the product's own code, and recomputes every verdict in it.

No registry is needed. Everything is looked at before the answer: each fault is told with the index
of the event that it is about, or else with the file.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from domain import bundle
from domain.bundle import (
    LARGEST_NUMBER,
    BundleDamaged,
    BundleManifest,
    key_file,
    policy_of,
)
from domain.checkpoint import Checkpoint
from domain.errors import Damaged
from domain.note import SignedNote, VerifierKey
from domain.tiles import WIDTH
from domain.trust_policy import TrustPolicy
from infrastructure.bundle_entries import BundleEntries
from infrastructure.bundle_events import BundleEvents
from infrastructure.bundle_files import BundleFault, BundleFiles
from infrastructure.bundle_told import EventTold, told_of
from infrastructure.given_file import NotRead, content_of, given
from infrastructure.plain_zip import PlainZip
from infrastructure.signatures import signed_at
from infrastructure.trust import judged, policy_in

OTHER_AUTHORITY = (
    "Rien ne dit que quelque chose ait été changé : demandez à qui tient le journal par quelle "
    "autorité il le fait horodater, puis à elle sa racine."
)
NOT_STAMPED = (
    "Rien ne dit que quelque chose ait été changé, ni quand ce dossier existait : demandez à qui "
    "tient le journal un dossier dont le point de contrôle soit horodaté."
)
OF_STAMPS = frozenset({OTHER_AUTHORITY, NOT_STAMPED})
"""What to do, where only the stamp that is asked for is not there."""

MOST_TOLD = 100
"""Events of which the entry is told beside what does not hold in them."""


class NoRoot(NotRead):
    """A file has no certificate of an authority that could be trusted."""

    code = "bundle.no_root"

    def __init__(self, file: Path) -> None:
        reason = f"« {file} » ne contient aucun certificat racine (PEM) : demandez-le à l'autorité."
        super().__init__(reason=reason)


@dataclass
class CheckedBundle:
    """What was found of a bundle."""

    checkpoint: Checkpoint
    pole: str | None
    name: str | None = None
    """Of the pole, as its own events say it."""
    keys: tuple[VerifierKey, ...] = ()
    witnesses: dict[str, int] = field(default_factory=dict)
    """By name, the second in which each signed."""
    stamps: dict[str, str] = field(default_factory=dict)
    """By day, when an authority stamped it, and which."""
    told: dict[int, EventTold] = field(default_factory=dict)
    """By index, what the events are in which something does not hold."""
    events: int = 0
    steps: int = 0
    verdicts: int = 0
    faults: list[BundleFault] = field(default_factory=list)


def is_bundle(file: Path) -> bool:
    """Whether a file is of the kind that bundles are, or is called as they are.

    A pipe is none, which nobody may ever fill.
    """
    if file.exists() and not file.is_file():
        raise NotRead(reason=f"« {file} » n'est pas un fichier ordinaire.")
    with given(file) as content:
        return content.read(2) == b"PK" or file.suffix.lower() == ".zip"


def check_bundle(
    file: Path,
    policy: Path | None = None,
    *,
    anchors: Path | None = None,
    judging: bool = True,
) -> CheckedBundle:
    """Check a bundle by a policy, else by its own: who trusts only that trusts its maker.

    Args:
        anchors: the roots, in PEM, of the authorities whose stamps are believed; there must be one.
        judging: whether steps are followed and verdicts recomputed, and not only bytes compared.
    """
    by = None if policy is None else (policy.name, policy_in(policy))
    roots = None if anchors is None else roots_in(anchors)
    with given(file) as content:
        reading = _BundleReading(BundleFiles(PlainZip(content)))
        return reading.check(by, roots, judging=judging)


def note_of_bundle(file: Path) -> SignedNote:
    """The note that a bundle ends with; what else it holds is not looked at."""
    with given(file) as content:
        return _BundleReading(BundleFiles(PlainZip(content))).note


def roots_in(file: Path) -> bytes:
    """The certificates of authorities in a file; one without a root is refused."""
    from cryptography.x509 import load_pem_x509_certificates  # long to load, rarely used

    content = content_of(file)
    try:
        known = load_pem_x509_certificates(content)
    except ValueError:
        known = []
    if not any(one.issuer == one.subject for one in known):
        raise NoRoot(file=file)
    return content


class _BundleReading:
    """One reading of a bundle."""

    def __init__(self, files: BundleFiles) -> None:
        self._files = files
        try:
            self.note = SignedNote.read(files.read(bundle.CHECKPOINT))
            self._checkpoint = Checkpoint.read(self.note.text)
        except Damaged as error:
            said = error.say("fr").rstrip(".")
            raise BundleDamaged(reason=f"{bundle.CHECKPOINT} : {said}") from None
        if self._checkpoint.size > LARGEST_NUMBER:
            raise BundleDamaged(reason=f"{bundle.CHECKPOINT} : sa taille est démesurée")
        self._found = CheckedBundle(self._checkpoint, None, faults=files.faults)

    def check(
        self,
        policy: tuple[str, TrustPolicy] | None,
        anchors: bytes | None,
        *,
        judging: bool,
    ) -> CheckedBundle:
        found, files = self._found, self._files
        self._check_manifest()
        if found.pole is None and self._checkpoint.size > WIDTH * len(files.names):
            raise BundleDamaged(reason=f"{bundle.CHECKPOINT} : sa taille dépasse ce qu'il contient")
        self._check_signatures()
        stamps = dict(self._stamps(anchors))
        entries = BundleEntries(files, self.note, self._checkpoint)
        events = BundleEvents(files, partial=found.pole is not None, judging=judging)
        events.check(
            entries.of_log([told.size for told in stamps.values()])
            if found.pole is None
            else entries.of_pole()
        )
        found.name = events.name
        found.events, found.steps, found.verdicts = events.events, events.steps, events.verdicts
        for name, told in stamps.items():
            if told.origin != self._checkpoint.origin or entries.roots.get(told.size) != told.root:
                files.fault(name, "ce qui y est horodaté n'est pas ce journal à cette taille")
        if anchors is not None and not any(name.endswith(".tsr") for name in files.names):
            files.fault(bundle.STAMPS, "il n'y a aucun horodatage", remedy=NOT_STAMPED)
        if found.pole is not None and events.poles != {found.pole}:
            files.fault(bundle.MANIFEST, "les événements ne sont pas ceux de ce seul pôle")
        files.check_names()
        if policy is not None:
            trust, doubts = judged(self.note, policy[1])
            found.witnesses = trust.witnesses if trust else {}
            for doubt in doubts:
                files.faults.append(BundleFault(policy[0], None, doubt.reason, doubt.remedy))
        indexes = {fault.index for fault in files.faults if fault.index is not None}
        found.told = told_of(entries, sorted(indexes)[:MOST_TOLD])
        return found

    def _check_manifest(self) -> None:
        order = self._files.zip.names
        if order != [*sorted(self._files.names - {bundle.MANIFEST}), bundle.MANIFEST]:
            self._files.fault(bundle.MANIFEST, "les fichiers ne sont pas dans leur ordre")
        manifest = BundleManifest.read(self._files.read(bundle.MANIFEST), self._checkpoint)
        if manifest is None:
            self._files.fault(bundle.MANIFEST, "il n'est pas écrit de la seule façon admise")
            if any(name.startswith("preuves/") for name in order):
                self._found.pole = "?"
        else:
            self._found.pole = manifest.pole
        told = manifest.files if manifest else {}
        for name in order:
            digest, is_whole = self._files.zip.hashed(name)
            if not is_whole:
                self._files.fault(name, "son contenu n'est pas celui que dit le zip")
            if name != bundle.MANIFEST and manifest and told.get(name) != digest:
                self._files.fault(name, "son empreinte n'est pas celle du manifeste")
        for name in sorted(set(told) - self._files.names):
            self._files.fault(name, "le manifeste le nomme, et il manque")

    def _check_signatures(self) -> None:
        keys = self._keys()
        found = self._found
        origin = found.checkpoint.origin
        if self._files.read(bundle.POLICY) != policy_of(origin, keys).encode():
            self._files.fault(bundle.POLICY, "elle n'est pas celle des clés du dossier")
        by_id = {(key.name, key.id): key for key in keys}
        for line in self.note.signatures:
            key = by_id.pop((line.name, line.key), None)
            if key is None:
                self._files.fault(
                    bundle.CHECKPOINT, f"« {line.name} » signe d'une clé inconnue, ou deux fois"
                )
            elif (second := signed_at(found.checkpoint, key, line)) is None:
                self._files.fault(
                    bundle.CHECKPOINT, f"la signature de « {key.name} » n'est pas la sienne"
                )
            elif not bundle.is_of_log(key, origin):
                found.witnesses[key.name] = second
        for name, _ in by_id:
            self._files.fault(bundle.CHECKPOINT, f"il y manque une signature de « {name} »")
        if not any(bundle.is_of_log(key, origin) for key in keys):
            self._files.fault(bundle.CHECKPOINT, "aucune clé du journal ne l'a signé")
        found.keys = tuple(keys)

    def _stamps(self, anchors: bytes | None) -> Iterator[tuple[str, Checkpoint]]:
        """The checkpoints that authorities stamped, by the file of what they stamped."""
        from infrastructure.time_token import OtherAuthority, TokenInvalid, holds  # long to load

        for name in sorted(self._files.names):
            day = re.fullmatch(rf"{bundle.STAMPS}(\d{{4}}-\d\d-\d\d)\.tsr", name)
            if day is None:
                continue
            base = name.removesuffix(".tsr")
            kinds = ("tsr", "pem", "note")
            answer, certificates, note = (self._files.held(f"{base}.{kind}") for kind in kinds)
            try:
                at, authority = holds(answer, certificates, note, anchors=anchors)
                yield f"{base}.note", Checkpoint.read(SignedNote.read(note).text)
            except Damaged as error:
                self._files.fault(f"{base}.note", error.say("fr").rstrip("."))
            except TokenInvalid as error:
                remedy = OTHER_AUTHORITY if isinstance(error, OtherAuthority) else None
                self._files.fault(name, f"l'horodatage ne tient pas : {error}", remedy=remedy)
            else:
                self._found.stamps[day[1]] = f"{at:%d/%m/%Y à %H:%M} UTC, {authority}"

    def _keys(self) -> list[VerifierKey]:
        keys = []
        for name in sorted(name for name in self._files.names if name.startswith("cles/")):
            content = self._files.read(name)
            try:
                key = VerifierKey.read(content.decode("utf-8", "replace").removesuffix("\n"))
            except Damaged as error:
                self._files.fault(name, error.say("fr").rstrip("."))
                continue
            if key_file(key) != name or f"{key}\n".encode() != content:
                self._files.fault(name, "la clé n'est pas écrite de la seule façon admise")
            self._files.held(name)
            keys.append(key)
        return keys
