"""Where persons are forgotten, step by step, by whoever answers for their data."""

import logging
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Literal
from uuid import UUID, uuid4

from application.command import By
from application.erasure import EXEMPTIONS, RecordErased, RequestErasure, holds, may_decide
from application.privacy_execution import unchecked
from domain.dates import paris_day
from domain.document import PartOfAMessage
from domain.erasure import Erasure, ErasureGround, ErasureId, Exemption
from domain.errors import JalonError, NotFound, Unavailable
from domain.personal import KeysUnreachable
from infrastructure.coming_back import destroy
from infrastructure.documents import PURPOSE
from infrastructure.erasure_told import (
    AlreadyForgotten,
    Busy,
    DamagedBefore,
    ErasureForeseen,
    ErasureHeld,
    ErasureReceipt,
    ForgettingUnfinished,
    damage_of,
    receipt_of,
)
from infrastructure.event_store.failure import STORE_ERRORS, explain
from infrastructure.event_store.registry import Registry
from infrastructure.person_found import NobodyFound, PersonFound, document_of
from infrastructure.person_request import must_be_of_no_request
from infrastructure.personal import PersonRoom

log = logging.getLogger("jalon")

OfRequest = UUID | Literal[False] | None
"""A request that an erasure answers; `False` where it is said to be none, nothing where neither."""


class ErasureRoom:
    """Forgets persons.

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
        request: OfRequest = None,
        damaged: bool = False,
    ) -> ErasureReceipt:
        """Forget a person as far as nothing holds what is kept of them.

        Args:
            refused: why whoever decides keeps all of it; nothing is erased then.
            same_person: whether another name, that a correction joins to theirs, is theirs too.
            request: the request that is answered thereby.
            damaged: whether what verifications find damaged is erased too; that it was is recorded.

        Refused, once that is recorded, where the law holds everything. Where somebody else asks
        for the same at the same time, one is done, and the other is told so.
        """
        before = self._meant(person, by, same_person, request)
        with self._keys.database.erasing():
            try:
                found = self._meant(person, by, same_person, request)
            except NobodyFound:
                raise AlreadyForgotten from None
            return self._forget(found, before, by, right, refused, damaged=damaged)

    def _forget(
        self,
        found: PersonFound,
        before: PersonFound,
        by: By,
        right: ErasureGround,
        refused: Exemption | None,
        *,
        damaged: bool,
    ) -> ErasureReceipt:
        foreseen = self._foreseen(found)
        is_less = {*found.places} < {*before.places}
        if is_less and not foreseen.destroyed and not found.documents:
            raise AlreadyForgotten
        damage = "" if refused else " ; ".join(foreseen.damage)
        if damage and not damaged:
            raise DamagedBefore(damage=damage)
        erasure = ErasureId(uuid4())
        asked = RequestErasure(
            erasure=erasure,
            right=right,
            refs=tuple(dict.fromkeys(place.ref for place in found.places)),
            documents=foreseen.documents,
            held=foreseen.held,
            refused=refused,
            ground=f"RGPD, article {right.value}",
            reason=damage or None,
        )
        self._notes.begin(erasure)
        self._registry.do(asked, by)
        receipt = self._carry_out(erasure, by)
        if receipt.refused and not refused:
            raise ErasureHeld(
                exemption=receipt.refused.value, why=EXEMPTIONS[receipt.refused], erasure=erasure
            )
        return receipt

    def foresee(
        self,
        person: str,
        by: By,
        *,
        same_person: bool | None = None,
        request: OfRequest = None,
    ) -> ErasureForeseen:
        """What forgetting a person would destroy and keep, today; nothing is done of it."""
        return self._foreseen(self._meant(person, by, same_person, request))

    def _meant(
        self, person: str, by: By, same_person: bool | None, request: OfRequest
    ) -> PersonFound:
        asked = request or None
        found = self._persons.meant(person, by, same_person=same_person, request=asked)
        if request is None:
            must_be_of_no_request(self._registry, found)
        return found

    def _foreseen(self, found: PersonFound) -> ErasureForeseen:
        for id_ in found.documents:
            document = document_of(self._registry, id_)
            if document and document.part_of and document.part_of not in found.documents:
                raise PartOfAMessage(message=document.part_of)
        held = holds(self._registry, found.places, self._today)
        kept = {one.ref for one in held}
        named = {p.subject for p in found.places if p.ref in kept and p.purpose == PURPOSE}
        destroyed = tuple(place for place in found.places if place.ref not in kept)
        documents = tuple(id_ for id_ in found.documents if id_ not in named)
        return ErasureForeseen(
            destroyed=destroyed,
            documents=documents,
            held=tuple(held),
            unchecked=tuple(unchecked(self._registry, found.places, self._today)),
            damage=tuple(damage_of(self._registry, {place.ref for place in destroyed}, documents)),
        )

    def _carry_out(self, id_: ErasureId, by: By) -> ErasureReceipt:
        try:
            erasure = self._execute(id_, by)
        except (Unavailable, *STORE_ERRORS) as error:
            said = error if isinstance(error, JalonError) else explain(error).details["reason"]
            raise ForgettingUnfinished(erasure=id_, reason=said) from error
        return receipt_of(self._registry, erasure)

    def _execute(self, id_: ErasureId, by: By) -> Erasure:
        """Carry out what was asked for, from wherever it was left."""
        erasure = self._load(id_)
        if erasure.exemption is None:
            refs = erasure.to_erase
            destroy(self._registry, id_, refs, erasure.documents)
            self._registry.do(RecordErased(erasure=id_), by)
            if not self._journal.scrub():
                raise Busy
        self._notes.finish(id_)
        return self._load(id_)

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
        may_decide(self._registry, by, paris_day(self._registry.clock()))
        return receipt_of(self._registry, self._load(id_))
