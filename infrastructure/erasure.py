"""Where persons are forgotten, step by step, by whoever answers for their data."""

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from application.command import By
from application.erasure import EXEMPTIONS, RecordErased, RequestErasure, holds, may_decide
from application.personal import PersonalPlace, places
from application.privacy_execution import unchecked
from domain.dates import paris_day
from domain.document import PartOfAMessage
from domain.erasure import Erasure, ErasureGround, ErasureId, Exemption, HeldValue
from domain.errors import Conflict, JalonError, NotFound, Refused, Unavailable
from domain.personal import KeysUnreachable
from domain.values import Frozen
from infrastructure.documents import PURPOSE
from infrastructure.event_store.failure import STORE_ERRORS, explain
from infrastructure.event_store.registry import Registry
from infrastructure.person_found import NobodyFound, PersonFound, document_of
from infrastructure.personal import PersonRoom

log = logging.getLogger("jalon")


class ErasureHeld(Refused):
    """The law keeps everything that it was asked to erase; the refusal is recorded."""

    code = "erasure.held"
    fr = (
        "Rien n'est effacé : RGPD, article {exemption} ({why}). Le refus est enregistré sous "
        "{erasure} ; la personne doit en être informée."
    )
    en = (
        "Nothing is erased: GDPR, article {exemption} ({why}). The refusal is recorded under "
        "{erasure}; the person must be told."
    )


class AlreadyForgotten(Conflict):
    """Somebody else asked for the same at the same time, and it is done."""

    code = "erasure.already"
    fr = (
        "Cette personne vient d'être effacée par une autre demande, faite au même moment : il n'y "
        "a plus rien à effacer d'elle."
    )
    en = "This person has just been erased by another request: there is nothing left to erase."


class ForgettingUnfinished(Unavailable):
    """An erasure was asked for, and is not yet carried out whole."""

    code = "erasure.unfinished"
    fr = (
        "L'effacement {erasure} est demandé et n'est pas fini : {reason} Il le sera à la prochaine "
        "ouverture du registre, ou par « jalon privacy resume »."
    )
    en = (
        "The erasure {erasure} was asked for and is not finished: {reason} It will be when the "
        "registry is next opened, or by “jalon privacy resume”."
    )


class ErasureReceipt(Frozen):
    """What was decided of a person, and what proves it; it names nobody."""

    erasure: UUID
    ground: ErasureGround | None
    requested_at: datetime
    refused: Exemption | None
    erased_at: datetime | None
    """None while it is not done."""
    values: int
    documents: int
    held: tuple[HeldValue, ...]
    data: tuple[str, ...]
    """What was erased, in words: of which kind, never what it said."""
    kept: tuple[str, ...]
    """What was kept, in words."""
    position: int
    """The event by which it was decided; its proof is asked for by that."""
    size: int
    root: str
    """The log that the receipt is of: so many events, under that root."""


class ErasureForeseen(Frozen):
    """What an erasure would destroy for ever, and what the law would keep of it."""

    destroyed: tuple[PersonalPlace, ...]
    documents: tuple[UUID, ...]
    held: tuple[HeldValue, ...]
    unchecked: tuple[str, ...]
    """The requests of this person, by their codes, of whom the identity is not yet checked."""


class CameBack(Frozen):
    """Erased values that are there again, and what was done about it."""

    values: int
    keys: int
    cleaned: bool


class ErasureRoom:
    """Forgets persons, and sees to it that they stay so.

    An erasure is noted beside the keys, then recorded, then carried out: the keys are destroyed
    and what they opened is noted as erased, in one transaction; the sealed values are deleted; it
    is recorded that it was done; the files are scrubbed. Cut short anywhere, whoever opens the
    registry next takes it up, and each step may be taken twice.
    """

    def __init__(self, registry: Registry, persons: PersonRoom) -> None:
        self._registry = registry
        self._persons = persons
        self._journal = registry.journal
        self._keys = registry.keys
        self._notes = registry.keys.notes

    # Forgetting.

    def forget(
        self,
        person: str,
        by: By,
        *,
        right: ErasureGround,
        refused: Exemption | None = None,
        same_person: bool | None = None,
    ) -> ErasureReceipt:
        """Forget a person as far as nothing holds what is kept of them.

        Args:
            refused: why whoever decides keeps all of it; nothing is erased then.
            same_person: whether another name, that a correction joins to theirs, is theirs too.

        Refused, once that is recorded, where the law holds everything. Where somebody else asks
        for the same at the same time, one is done, and the other is told so.
        """
        before = self._persons.find(person, by).settled(same_person=same_person)
        with self._keys.database.erasing():
            try:
                found = self._persons.find(person, by).settled(same_person=same_person)
            except NobodyFound:
                raise AlreadyForgotten from None
            return self._forget(found, before, by, right, refused)

    def _forget(
        self,
        found: PersonFound,
        before: PersonFound,
        by: By,
        right: ErasureGround,
        refused: Exemption | None,
    ) -> ErasureReceipt:
        foreseen = self._foreseen(found)
        is_less = {*found.places} < {*before.places}
        if is_less and not foreseen.destroyed and not found.documents:
            raise AlreadyForgotten
        erasure = ErasureId(uuid4())
        asked = RequestErasure(
            erasure=erasure,
            right=right,
            refs=tuple(dict.fromkeys(place.ref for place in found.places)),
            documents=foreseen.documents,
            held=foreseen.held,
            refused=refused,
            ground=f"RGPD, article {right.value}",
        )
        self._notes.begin(erasure)
        self._registry.do(asked, by)
        receipt = self._carry_out(erasure, by)
        if receipt.refused and not refused:
            raise ErasureHeld(
                exemption=receipt.refused.value, why=EXEMPTIONS[receipt.refused], erasure=erasure
            )
        return receipt

    def foresee(self, person: str, by: By, *, same_person: bool | None = None) -> ErasureForeseen:
        """What forgetting a person would destroy and keep, today; nothing is done of it."""
        return self._foreseen(self._persons.find(person, by).settled(same_person=same_person))

    def _foreseen(self, found: PersonFound) -> ErasureForeseen:
        for id_ in found.documents:
            document = document_of(self._registry, id_)
            if document and document.part_of and document.part_of not in found.documents:
                raise PartOfAMessage(message=document.part_of)
        held = holds(self._registry, found.places, self._today)
        kept = {one.ref for one in held}
        named = {p.subject for p in found.places if p.ref in kept and p.purpose == PURPOSE}
        return ErasureForeseen(
            destroyed=tuple(place for place in found.places if place.ref not in kept),
            documents=tuple(id_ for id_ in found.documents if id_ not in named),
            held=tuple(held),
            unchecked=tuple(unchecked(self._registry, found.places, self._today)),
        )

    def _carry_out(self, id_: ErasureId, by: By) -> ErasureReceipt:
        try:
            erasure = self._execute(id_, by)
        except (Unavailable, *STORE_ERRORS) as error:
            said = error if isinstance(error, JalonError) else explain(error).details["reason"]
            raise ForgettingUnfinished(erasure=id_, reason=said) from error
        return self._receipt_of(erasure)

    def _execute(self, id_: ErasureId, by: By) -> Erasure:
        """Carry out what was asked for, from wherever it was left."""
        erasure = self._load(id_)
        if erasure.exemption is None:
            refs = erasure.to_erase
            self._destroy(id_, refs, erasure.documents)
            self._registry.do(RecordErased(erasure=id_), by)
            if not self._journal.scrub():
                raise Busy
        self._notes.finish(id_)
        return self._load(id_)

    def _destroy(self, id_: UUID, refs: Iterable[str], documents: Iterable[UUID]) -> None:
        """Destroy keys, note what they opened, delete what was sealed under them."""
        gone = [*refs]
        found = places(self._registry, self._journal.subjects_of(gone))
        keys = {(place.subject, place.purpose) for place in found}
        keys |= {(document, PURPOSE) for document in documents}
        self._notes.forget(id_, [*gone, *map(str, documents)], keys)
        self._journal.forget_sealed(*gone)

    def _load(self, id_: UUID) -> Erasure:
        erasure = self._registry.load(Erasure, id_)
        if erasure is None:
            raise NotFound(name=id_)
        return erasure

    @property
    def _today(self) -> date:
        return paris_day(self._registry.clock())

    def resume(self, by: By) -> list[UUID]:
        """Finish every erasure that was cut short once it was recorded; gives those finished."""
        done = list[UUID]()
        if self._notes.unfinished():
            with self._keys.database.erasing():
                for id_, _ in self._notes.unfinished():
                    if self._registry.load(Erasure, id_):
                        self._execute(ErasureId(id_), by)
                        done.append(id_)
        return done

    def never_begun(self, *, let_go: bool = False) -> list[datetime]:
        """When erasures were asked for that were cut short before anything was recorded or erased.

        Args:
            let_go: whether they are forgotten about, once whoever asks is told.
        """
        if not self._notes.unfinished():
            return []
        with self._keys.database.erasing():  # none is under way
            found = [
                (id_, at)
                for id_, at in self._notes.unfinished()
                if self._registry.load(Erasure, id_) is None
            ]
            for id_, _ in found if let_go else ():
                self._notes.finish(id_)
        return [datetime.fromtimestamp(at, UTC) for _, at in found]

    def take_up(self, by: Callable[[], By]) -> None:
        """The same as the registry is opened, which serves all the same where it cannot be.

        Args:
            by: in whose name, asked only where something is left to be done.
        """
        try:
            done = self.resume(by()) if self._notes.unfinished() else []
        except KeysUnreachable as error:  # whoever asks for a value is told so
            log.info("%s", error)
        except (JalonError, *STORE_ERRORS) as error:
            said = error if isinstance(error, JalonError) else explain(error).details["reason"]
            log.warning("Un effacement de personne reste peut-être à finir. %s", said)
        else:
            if done:
                log.warning("Effacements de personnes finis à l'ouverture : %s.", len(done))

    def receipt(self, id_: UUID, by: By) -> ErasureReceipt:
        """What proves that a person was forgotten, or why they were not."""
        may_decide(by.role)
        return self._receipt_of(self._load(id_))

    def _receipt_of(self, erasure: Erasure) -> ErasureReceipt:
        history = self._registry.history(erasure.id)
        asked, last = history[0], history[-1]
        size = self._journal.size()
        lay = places(self._registry, dict.fromkeys(erasure.refs, erasure.id))
        gone = frozenset(erasure.erased or ())
        return ErasureReceipt(
            erasure=erasure.id,
            ground=erasure.right,
            requested_at=asked.recorded_at,
            refused=erasure.exemption,
            erased_at=last.recorded_at if erasure.erased is not None else None,
            values=len(erasure.erased or ()),
            documents=len(erasure.documents) if erasure.erased is not None else 0,
            held=erasure.held,
            data=tuple(dict.fromkeys(one.holds.fr for one in lay if one.ref in gone)),
            kept=tuple(dict.fromkeys(one.holds.fr for one in lay if one.ref not in gone)),
            position=last.position,
            size=size,
            root=self._journal.root(size).hex(),
        )

    # What comes back.

    def erased(self) -> dict[str, UUID]:
        """Everything that was erased, by the notes beside the keys and by the journal."""
        told = {
            ref: recorded.stream
            for recorded in self._registry.told(Erasure.PersonErased)
            if isinstance(recorded.event, Erasure.PersonErased)
            for ref in recorded.event.refs
        }
        return told | self._notes.forgotten()

    def reapply(self, erased: Mapping[str, UUID], by: By) -> int:
        """Erase again what an older copy of the registry brought back; count the erasures.

        Args:
            erased: as it was known before that copy was put back.
        """
        by_erasure: dict[UUID, list[str]] = {}
        for ref, erasure in erased.items():
            by_erasure.setdefault(erasure, []).append(ref)
        again = 0
        for id_, gone in by_erasure.items():
            refs = [ref for ref in gone if not _is_identity(ref)]
            documents = [UUID(ref) for ref in gone if _is_identity(ref)]
            self._destroy(id_, refs, documents)
            known = self._registry.load(Erasure, id_)
            if known is None or known.erased is None:
                redo = RecordErased(
                    erasure=ErasureId(id_), again=tuple(refs), documents=tuple(documents)
                )
                self._registry.do(redo, by)
                again += 1
        if by_erasure:
            self._journal.scrub()
        return again

    def check(self, by: By, *, clean: bool = False) -> CameBack:
        """Look for what was erased and is there again; destroy it, where that is asked."""
        may_decide(by.role)
        erased = self.erased()
        back = self._journal.subjects_of([ref for ref in erased if not _is_identity(ref)])
        found = places(self._registry, back)
        keys = {(place.subject, place.purpose) for place in found}
        keys |= {(UUID(ref), PURPOSE) for ref in erased if _is_identity(ref)}
        opened = [named for named in keys if self._keys.key(*named) is not None]
        idle = self._idle_keys()
        if clean and (back or opened):
            self.reapply(erased, by)
        if clean:
            for named in idle:
                self._keys.destroy(*named)
        return CameBack(values=len(back), keys=len({*opened, *idle}), cleaned=clean)

    def _idle_keys(self) -> list[tuple[UUID, str]]:
        """The keys under which nothing is sealed: an older key store brings back those of persons
        who were erased, and they would open what any older copy of the registry still has.

        One that may be of an act under way is none of them; nor is one made before the last
        restoration, which may open what that restoration left out.
        """
        subjects = {ref: UUID(row.subject) for ref, row in self._journal.sealed().items()}
        needed = {(place.subject, place.purpose) for place in places(self._registry, subjects)}
        since, until = self._journal.last_restored(), time.time() - UNDER_WAY
        return [
            (subject, purpose)
            for subject, purpose, made in self._keys.made()
            if purpose != PURPOSE and (subject, purpose) not in needed and since <= made < until
        ]


UNDER_WAY = 300
"""Seconds during which a key that opens nothing may be of an act under way (product rule)."""


class Busy(Unavailable):
    """Somebody reads an earlier state out of the log of writes of SQLite."""

    code = "erasure.busy"
    fr = "Les clés sont détruites, mais un autre programme lit encore l'état d'avant."
    en = "The keys are destroyed, but another program still reads the state of before."


def _is_identity(ref: str) -> bool:
    """Whether what was erased is a document, by its identity, and not a sealed value."""
    return len(ref) == 36
