"""A history as W3C PROV, in the two forms that the PROV library writes and reads back.

Agents are accounts, and those for whom they act; they are named by identity, never a person by
name. An activity is a command, named by the identity that its events share. Entities are facts,
one an event, the things they are about, documents by their hashes, mandates, and versions of
journeys. Names are URNs that never change: `urn:uuid:` for what has an identity in the registry,
`urn:jalon:` for the rest.

Source: W3C PROV-DM, PROV-N (Recommendations of 30 April 2013) and PROV-JSONLD (Member Submission).
"""

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from uuid import UUID

from prov.constants import PROV, PROV_LABEL, PROV_ROLE, PROV_TYPE
from prov.identifier import Namespace, QualifiedName
from prov.model import ProvDocument

from application.provenance import Provenances, ProvFormat
from application.wording import tell
from domain.case import Moved
from domain.document import Document
from domain.kernel import Event, Recorded
from domain.roles import Role

OURS = Namespace("jalon", "urn:jalon:")
IDENTITIES = Namespace("uuid", "urn:uuid:")

_IDENTITY = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")


def write_provenance(history: Provenances, form: ProvFormat) -> str:
    """The history of a pole as PROV; the same history gives the same text."""
    document = provenance_of(history)
    text = document.get_provn() if form is ProvFormat.PROVN else document.serialize(format=form)
    return f"{text}\n"


def provenance_of(history: Provenances) -> ProvDocument:
    """The history of a pole, as the PROV library knows it."""
    document = ProvDocument()
    document.add_namespace(OURS)
    document.add_namespace(IDENTITIES)
    writer = _Writer(document, history)
    for recorded in history.events:
        writer.tell(recorded)
    return document


class _Writer:
    """Writes the events of a history into a document, each thing that they name once."""

    def __init__(self, document: ProvDocument, history: Provenances) -> None:
        self._document = document
        self._history = history
        self._known: set[QualifiedName] = set()
        self._facts = {one.event.meta.event_id: one for one in history.events}
        self._latest: dict[UUID, UUID] = {}
        """Of each thing, the fact told last."""
        self._documents = {
            one.stream for one in history.events if isinstance(one.event, Document.Filed)
        }
        self._ends = {one.event.meta.correlation_id: one.recorded_at for one in history.events}

    def tell(self, recorded: Recorded) -> None:
        """Tell an event: the command that made it, who answers for it, on what it was decided."""
        meta = recorded.event.meta
        activity, fact = IDENTITIES[str(meta.correlation_id)], IDENTITIES[str(meta.event_id)]
        actor = self._actor(meta.actor, meta.role)
        if self._is_new(activity):
            ended = self._ends[meta.correlation_id]
            kind = {PROV_TYPE: OURS["Command"]}
            self._document.activity(activity, recorded.recorded_at, ended, kind)
            self._associate(activity, actor, recorded)
        self._document.entity(fact, _told(recorded))
        self._document.specializationOf(fact, self._thing(recorded))
        self._document.wasGeneratedBy(fact, activity, recorded.recorded_at)
        self._document.wasAttributedTo(fact, actor)
        self._rest(recorded, activity, fact)
        self._latest[recorded.stream] = meta.event_id

    def _associate(self, activity: QualifiedName, actor: QualifiedName, recorded: Recorded) -> None:
        """Who did it, in which role, under which mandate and then for whom."""
        meta, mandate = recorded.event.meta, None
        if meta.on_behalf_of:
            mandate = self._entity(IDENTITIES[str(meta.on_behalf_of)], "Mandate")
            principal = self._history.principals.get(meta.on_behalf_of)
            if principal:
                self._document.actedOnBehalfOf(actor, self._party(principal), activity)
        role = {PROV_ROLE: OURS[f"role/{meta.role}"]}
        self._document.wasAssociatedWith(activity, actor, mandate, None, role)
        cause = self._facts.get(meta.causation_id) if meta.causation_id else None
        if cause and cause.event.meta.correlation_id != meta.correlation_id:
            informant = IDENTITIES[str(cause.event.meta.correlation_id)]
            self._document.wasInformedBy(activity, informant)

    def _rest(self, recorded: Recorded, activity: QualifiedName, fact: QualifiedName) -> None:
        """What it was decided on, what it corrects, and where it was read."""
        event = recorded.event
        before = self._latest.get(recorded.stream)
        if before and self._facts[before].event.meta.correlation_id != event.meta.correlation_id:
            self._document.used(activity, IDENTITIES[str(before)])
        if event.corrects in self._facts:
            self._document.wasRevisionOf(fact, IDENTITIES[str(event.corrects)])
        if isinstance(event, Moved):
            self._document.used(activity, self._entity(OURS[f"journey/{event.journey}"], "Journey"))
        for named in dict.fromkeys(_IDENTITY.findall(event.model_dump_json())):
            if UUID(named) in self._documents and UUID(named) != recorded.stream:
                self._document.used(activity, IDENTITIES[named])
        if event.meta.source:
            digest = sha256(event.meta.source.encode()).hexdigest()
            said = {PROV_LABEL: event.meta.source}
            source = self._entity(OURS[f"source/{digest}"], "Source", said)
            self._document.hadPrimarySource(fact, source)

    # What events name, each told once.

    def _is_new(self, name: QualifiedName) -> bool:
        new = name not in self._known
        self._known.add(name)
        return new

    def _actor(self, account: UUID, role: Role) -> QualifiedName:
        name = IDENTITIES[str(account)]
        if self._is_new(name):
            kinds = [(PROV_TYPE, OURS["Account"])]
            if role is Role.SYSTEM:
                kinds.append((PROV_TYPE, PROV["SoftwareAgent"]))
            self._document.agent(name, kinds)
        return name

    def _party(self, party: str) -> QualifiedName:
        """For whom somebody acts: an organisation by its name, a pole or an account by identity."""
        kind, _, named = party.partition(":")
        if kind == "account":
            return self._actor(UUID(named), Role.PUBLIC)
        digest = sha256(party.encode()).hexdigest()
        name = OURS[f"party/{digest}"]
        if self._is_new(name):
            kinds = [(PROV_TYPE, PROV["Organization"]), (PROV_LABEL, named)]
            self._document.agent(name, kinds)
        return name

    def _thing(self, recorded: Recorded) -> QualifiedName:
        """What a fact is about; a document with the hash of its bytes, as they are kept."""
        event, told = recorded.event, dict[Any, Any]()
        if isinstance(event, Document.Filed):
            told = {
                OURS["ciphertextSha256"]: event.content.ciphertext,
                OURS["mediaType"]: event.media_type.value,
            }
        return self._entity(IDENTITIES[str(recorded.stream)], _concept(event), told)

    def _entity(
        self, name: QualifiedName, kind: str, told: Mapping[Any, Any] | None = None
    ) -> QualifiedName:
        if self._is_new(name):
            self._document.entity(name, {PROV_TYPE: OURS[kind], **(told or {})})
        return name


def _concept(event: Event) -> str:
    """The kind of thing that an event is about, as a class: `CharterSignature`."""
    words = event.TOPIC.partition(".")[0].split("_")
    return "".join(word.capitalize() for word in words)


def _told(recorded: Recorded) -> dict[Any, Any]:
    """What a fact is: its kind, its place in the log, its days, the title of what happened."""
    event = recorded.event
    title, _ = tell(event)
    told: dict[Any, Any] = {
        PROV_TYPE: OURS[event.TOPIC],
        PROV_LABEL: title,
        OURS["index"]: recorded.position - 1,
        OURS["version"]: recorded.version,
        OURS["kind"]: event.kind.value,
        OURS["occurredOn"]: str(event.occurred_on),
        OURS["precision"]: event.occurred_on.precision,
        OURS["recordedAt"]: recorded.recorded_at,
        OURS["inForceFrom"]: recorded.in_force_from.isoformat(),
    }
    if event.valid_to:
        told[OURS["inForceUntil"]] = event.valid_to.isoformat()
    if event.meta.ground:
        told[OURS["ground"]] = event.meta.ground
    return told
