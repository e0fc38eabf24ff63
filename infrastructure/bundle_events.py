"""The events of a bundle: states held against entries, steps followed, verdicts recomputed."""

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from uuid import UUID

import orjson
from pydantic import ValidationError

from domain import bundle
from domain.bundle import LoggedEvent
from domain.case import Moved
from domain.kernel import EVENTS, Recorded, instant_of
from domain.pole import Pole
from domain.provenance import Kind
from domain.rulebook import Rulebook
from domain.rules import CompiledJourney, FaultyJourney, compile_journey
from domain.unbroken import WayTaken
from domain.verdicts import mismatches
from infrastructure.bundle_files import LARGEST_FILE, BundleFiles
from infrastructure.event_store.mapper import read_state
from infrastructure.event_store.registry import facts_of
from infrastructure.guards import Cel


class BundleEvents:
    """What the events of a bundle say, in their order."""

    def __init__(self, files: BundleFiles, *, partial: bool, judging: bool) -> None:
        self._files = files
        self._partial = partial
        self._judging = judging
        self._last = 0
        self._versions: dict[str, int] = {}
        self._ways: dict[str, WayTaken] = {}
        self._journeys: dict[str, CompiledJourney] = {}
        self.poles: set[str] = set()
        """The poles of which something is shown."""
        self._names: dict[UUID, tuple[date, int, str]] = {}
        self._named: dict[UUID, UUID] = {}
        self.events = 0
        self.steps = 0
        self.verdicts = 0

    def check(self, entries: Iterator[tuple[int, bytes]]) -> None:
        lines = self._states()
        line = next(lines, None)
        for index, entry in entries:
            while line is not None and line[0] < index:
                self._fault(line[0], "cet état n'a pas d'entrée")
                line = next(lines, None)
            if line is None or line[0] > index:
                self._fault(index, "son état manque ou n'est pas écrit comme il faut")
                self._entry(index, entry)
                continue
            self._event(index, entry, line[1])
            line = next(lines, None)
        while line is not None:
            self._fault(line[0], "cet état n'a pas d'entrée")
            line = next(lines, None)

        for way in self._ways.values():
            for gap in way.gaps():
                reason = f"il part de « {gap.left} », le précédent mène à « {gap.reached} »"
                self._fault(gap.index, reason)

    def _fault(self, index: int, reason: str) -> None:
        self._files.fault(bundle.STATES, reason, index)

    def _states(self) -> Iterator[tuple[int, bytes]]:
        last = -1
        for number, line in enumerate(self._files.zip.lines(bundle.STATES, LARGEST_FILE), 1):
            found = bundle.read_state_line(line)
            if found is None or found[0] <= last:
                reason = f"la ligne {number} n'est pas écrite comme il faut"
                self._files.fault(bundle.STATES, reason)
                continue
            last = found[0]
            yield found

    def _entry(self, index: int, entry: bytes) -> LoggedEvent | None:
        """What an entry says, which must follow on those before it."""
        told = bundle.read_entry(entry)
        if told is None or told.index != index:
            self._fault(index, "son entrée n'est pas celle d'un événement de cette place")
            return None
        if told.recorded_at <= self._last:
            self._fault(index, "son heure ne suit pas celle du précédent")
        before = self._versions.get(told.stream, 0)
        if told.version != before + 1 and not (self._partial and told.version > before):
            self._fault(index, "sa version ne suit pas la précédente de son histoire")
        if told.topic.startswith("pole."):
            self.poles.add(told.stream)
        self._last = told.recorded_at
        self._versions[told.stream] = told.version
        return told

    def _event(self, index: int, entry: bytes, state: bytes) -> None:
        self.events += 1
        told = self._entry(index, entry)
        if told is None:
            return
        digest = urlsafe_b64encode(sha256(state).digest()).rstrip(b"=").decode()
        if digest != told.state_hash:
            self._fault(index, "son état n'est pas celui de son entrée")
            return
        try:
            plain = orjson.loads(state)
            identity = plain["meta"]["event_id"]
            _ = plain["kind"], plain["valid_from"]  # by which its place among steps is known
            definition = bundle.definition_in(told.topic, plain)
        except (ValueError, LookupError, TypeError):
            self._fault(index, "son état est illisible")
            return
        if identity != told.event_id:
            self._fault(index, "son identité n'est pas celle de son état")
        if definition and self._files.held(definition[0]) != definition[1]:
            reason = f"cette définition n'est pas celle que publie l'événement n° {index + 1}"
            self._files.fault(definition[0], reason)
        if definition and sha256(definition[1]).hexdigest() != plain.get("digest"):
            self._fault(index, "l'empreinte de la définition n'est pas la sienne")
        if self._judging:
            self._understand(told, state)

    def _understand(self, told: LoggedEvent, state: bytes) -> None:
        """Take in an event that the product knows; what a later version recorded is let be."""
        if told.topic not in EVENTS:
            return
        try:
            event = read_state(told.topic, state)
        except (ValidationError, ValueError):
            self._fault(told.index, "son état n'a pas la forme de son genre")
            return
        recorded = Recorded(
            told.index + 1,
            instant_of(told.recorded_at),
            UUID(told.stream),
            told.version,
            event,
        )
        self._ways.setdefault(told.stream, WayTaken()).hear(recorded)
        if self._partial:
            self._hear_name(recorded)
        if isinstance(event, Rulebook.JourneyPublished):
            self._publish(event, told.index)
        elif isinstance(event, Moved):
            self._recompute(event, told.index)

    def _hear_name(self, recorded: Recorded) -> None:
        """Take in a name of the one pole, or what corrects or retracts one."""
        event, place = recorded.event, recorded.event.meta.event_id
        if event.kind is not Kind.ASSERT and event.corrects:
            place = self._named.get(event.corrects, event.corrects)
        if event.kind is Kind.RETRACT:
            self._names.pop(place, None)
        elif isinstance(event, Pole.Registered | Pole.Renamed):
            version = self._names[place][1] if place in self._names else recorded.version
            self._names[place] = (recorded.in_force_from, version, event.name)
            self._named[event.meta.event_id] = place

    @property
    def name(self) -> str | None:
        """The last name that what is shown gives to the pole."""
        return max(self._names.values())[2] if self._names else None

    def _publish(self, event: Rulebook.JourneyPublished, index: int) -> None:
        journey = event.journey
        facts = facts_of(journey)
        if facts is None:
            self._fault(index, f"les faits de {journey.ref} ne sont pas connus ici")
            return
        try:
            self._journeys[journey.ref] = compile_journey(journey, facts, Cel)
        except FaultyJourney as fault:
            self._fault(index, fault.say("fr").rstrip("."))

    def _recompute(self, step: Moved, index: int) -> None:
        self.steps += 1
        self.verdicts += len(step.verdicts)
        compiled = self._journeys.get(step.journey)
        if compiled is None:
            self._fault(index, f"le parcours {step.journey} n'est pas du dossier")
            return
        for reason in mismatches(compiled, step, facts_of(compiled.journey) or {}):
            self._fault(index, reason)
