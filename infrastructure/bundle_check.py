"""Checks a bundle of proof with the product's own code, and recomputes every verdict in it.

No registry is needed. Everything is looked at before the answer: each fault is told with the index
of the event that it is about, or else with the file.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from domain import bundle
from domain.bundle import BundleDamaged, BundleManifest, key_file, policy_of
from domain.checkpoint import Checkpoint
from domain.errors import Damaged
from domain.note import SignedNote, VerifierKey
from infrastructure.bundle_entries import BundleEntries
from infrastructure.bundle_events import BundleEvents
from infrastructure.bundle_files import BundleFault, BundleFiles
from infrastructure.plain_zip import PlainZip, opened
from infrastructure.signatures import signed_at
from infrastructure.trust import policy_in, trusted


@dataclass
class CheckedBundle:
    """What was found of a bundle."""

    checkpoint: Checkpoint
    pole: str | None
    keys: tuple[VerifierKey, ...] = ()
    witnesses: dict[str, int] = field(default_factory=dict)
    """By name, the second in which each signed."""
    stamps: dict[str, str] = field(default_factory=dict)
    """By day, when an authority stamped it, and which."""
    events: int = 0
    steps: int = 0
    verdicts: int = 0
    faults: list[BundleFault] = field(default_factory=list)


def is_bundle(file: Path) -> bool:
    """Whether a file is of the kind that bundles are, whatever it is called."""
    with opened(file) as content:
        return content.read(2) == b"PK" or file.suffix.lower() == ".zip"


def check_bundle(file: Path, policy: Path | None = None, *, judging: bool = True) -> CheckedBundle:
    """Check a bundle by a policy, else by its own: who trusts only that trusts its maker.

    Args:
        judging: whether steps are followed and verdicts recomputed, and not only bytes compared.
    """
    with opened(file) as content:
        reading = _BundleReading(BundleFiles(PlainZip(content)))
        return reading.check(policy, judging=judging)


class _BundleReading:
    """One reading of a bundle."""

    def __init__(self, files: BundleFiles) -> None:
        self._files = files
        try:
            self._note = SignedNote.read(files.read(bundle.CHECKPOINT))
            self._checkpoint = Checkpoint.read(self._note.text)
        except Damaged as error:
            said = error.say("fr").rstrip(".")
            raise BundleDamaged(reason=f"{bundle.CHECKPOINT} : {said}") from None
        self._found = CheckedBundle(self._checkpoint, None, faults=files.faults)

    def check(self, policy: Path | None, *, judging: bool) -> CheckedBundle:
        found, files = self._found, self._files
        self._check_manifest()
        self._check_signatures()
        stamps = dict(self._stamps())
        entries = BundleEntries(files, self._note, self._checkpoint)
        events = BundleEvents(files, partial=found.pole is not None, judging=judging)
        events.check(
            entries.of_log([told.size for told in stamps.values()])
            if found.pole is None
            else entries.of_pole()
        )
        found.events, found.steps, found.verdicts = events.events, events.steps, events.verdicts
        for name, told in stamps.items():
            if told.origin != self._checkpoint.origin or entries.roots.get(told.size) != told.root:
                files.fault(name, "ce qui y est horodaté n'est pas ce journal à cette taille")
        if found.pole is not None and events.poles != {found.pole}:
            files.fault(bundle.MANIFEST, "les événements ne sont pas ceux de ce seul pôle")
        files.check_names()
        if policy is not None:
            found.witnesses = trusted(self._note, policy_in(policy)).witnesses
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
        for line in self._note.signatures:
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

    def _stamps(self) -> Iterator[tuple[str, Checkpoint]]:
        """The checkpoints that authorities stamped, by the file of what they stamped."""
        from infrastructure.time_token import TokenInvalid, holds  # long to load, rarely used

        for name in sorted(self._files.names):
            day = re.fullmatch(rf"{bundle.STAMPS}(\d{{4}}-\d\d-\d\d)\.tsr", name)
            if day is None:
                continue
            base = name.removesuffix(".tsr")
            kinds = ("tsr", "pem", "note")
            answer, certificates, note = (self._files.held(f"{base}.{kind}") for kind in kinds)
            try:
                at, authority = holds(answer, certificates, note)
                yield f"{base}.note", Checkpoint.read(SignedNote.read(note).text)
            except Damaged as error:
                self._files.fault(f"{base}.note", error.say("fr").rstrip("."))
            except TokenInvalid as error:
                self._files.fault(name, f"l'horodatage ne se vérifie pas ({error})")
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
