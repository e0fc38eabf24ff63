"""What waits, for whom, since when; and who may act for whom."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from threading import Event as Signal
from uuid import UUID

from application.authority import authority
from application.case import CONCEPTS
from application.command import By
from application.following import FOLLOWINGS
from application.inbox import (
    CaseLine,
    Held,
    Holder,
    InboxLine,
    case_kinds,
    check_kind,
    inbox,
)
from application.inbox_beside import beside, merged
from application.kept import KeptAnswers
from application.listing import EVERY_LIST, LISTINGS
from application.mandate import MandateLine, mandates
from application.register import PoleLine
from application.stall import LONG, StallLine, stalls
from application.world import Moment
from domain.account import Account
from domain.dates import paris_day
from domain.errors import JalonError
from domain.mandate import EVERYWHERE
from domain.roles import Role
from infrastructure.event_store.failure import STORE_ERRORS
from interfaces.looking import Looking
from interfaces.what_waits import LinesOfDay

BREATH, SOON = 5.0, 60.0
"""Seconds between two times that what waits is asked ahead: at least, and while nothing happens."""

log = logging.getLogger("jalon.waiting")


@dataclass(frozen=True, slots=True)
class WaitingAsked:
    """What is asked of all that waits."""

    holder: Holder | None
    region: str | None
    kind: str | None
    as_operator: bool


class WaitingQuestions(Looking):
    """What waits for a role or a person, at a moment."""

    def cases(
        self,
        poles: Iterable[PoleLine],
        moment: Moment,
        region: str | None = None,
        *,
        as_operator: bool = False,
    ) -> Iterator[CaseLine]:
        """The cases beside the poles that may wait for somebody: of these poles, or of none.

        Args:
            region: where they are; one of no pole is nowhere, and waits in no region.
            as_operator: whether those of lists that only some may read are among them.
        """
        of = {line.id: line for line in poles}
        lists = EVERY_LIST if as_operator else LISTINGS
        for concept in [name for name in CONCEPTS if name in lists]:
            for line in self.what_waits.cases(concept, of, moment):
                if line.pole or region is None:
                    yield line

    def inbox(
        self,
        moment: Moment,
        *,
        role: Role | None = None,
        person: UUID | None = None,
        holder: Holder | None = None,
        region: str | None = None,
        kind: str | None = None,
        as_operator: bool = False,
    ) -> Sequence[InboxLine]:
        """What waits for a role, for a person, or for whoever it waits for; longest first.

        As long as nothing changes, the same object answers the same question about today.

        Args:
            holder: somebody as they act, in the place of a role or a person.
            kind: one kind of thing that waits, by its name; every kind, unless said.
            as_operator: whether what is not public is told too: that a contribution, or a request
                to exercise rights, came.
        """
        check_kind(kind)
        if role and holder is None:
            holder = Holder.of_role(role)
        if person:
            holder = Holder.of_mandates(self.held(person, moment, role=role), person)
        asked = WaitingAsked(holder, region, kind, as_operator)
        waiting = partial(self._inbox, moment, asked)
        return self.what_waits.ask(asked, moment, self.clock(), waiting)

    def _inbox(
        self, moment: Moment, asked: WaitingAsked, kept: KeptAnswers
    ) -> tuple[InboxLine, ...]:
        poles = self.register.lines(moment, region=asked.region)
        cases: list[PoleLine | CaseLine] = [*poles]
        cases += self.cases(poles, moment, asked.region, as_operator=asked.as_operator)
        if asked.kind:
            cases = [case for case in cases if asked.kind == getattr(case, "concept", "pole")]
        waiting = inbox(self.registry, cases, moment, holder=asked.holder, kept=kept)
        if asked.kind in case_kinds():
            return tuple(waiting)
        things = beside(
            self.registry,
            LinesOfDay(self.lists, moment),
            poles,
            moment,
            holder=asked.holder,
            region=asked.region,
            kind=asked.kind,
            as_operator=asked.as_operator,
            kept=kept,
        )
        return tuple(merged(waiting, things))

    def acting(self, by: By) -> Holder:
        """Somebody who is signed in, in the role in which they act, about what they hold it."""
        today = paris_day(self.clock())
        found = authority(self.registry.load, by, (), today)
        principal = found.mandates[0].principal if found.mandates else None
        about = sorted(found.relations) if found.is_bounded else [EVERYWHERE]
        return Holder(tuple(Held(one, by.role, principal) for one in about), by.actor)

    def waiting_for(self, account: UUID, moment: Moment) -> Sequence[InboxLine]:
        """What waits for somebody in any role that they hold today, or under a mandate."""
        known = self.registry.load(Account, account)
        grants = known.grants_on(paris_day(self.clock())) if known else ()
        held = [Held(grant.relation, grant.role) for grant in grants]
        held += [Held(one.relation, one.role, one.principal) for one in self.held(account, moment)]
        return self.inbox(moment, holder=Holder(tuple(held), account)) if held else []

    def inbox_of_others(self, by: By, moment: Moment) -> list[InboxLine]:
        """What somebody follows or began, and waits for others than them; longest first."""
        theirs = self.inbox(moment, holder=self.acting(by))
        mine = {(line.id, wait.key) for line in theirs for wait in line.waits}
        followed = set(self.lists.values(FOLLOWINGS, moment, "pole", follower=by.actor))
        found = []
        for line in self.inbox(moment):
            waits = tuple(wait for wait in line.waits if (line.id, wait.key) not in mine)
            if waits and (str(line.pole) in followed or self._began(line.id, by.actor)):
                found.append(line.model_copy(update={"waits": waits}))
        return found

    def _began(self, id_: UUID, account: UUID) -> bool:
        """Whether the first thing recorded of a thing was recorded by an account."""
        first = next(iter(self.registry.rows(id_)), None)
        return first is not None and first.read().event.meta.actor == account

    def held(self, person: UUID, moment: Moment, *, role: Role | None = None) -> list[MandateLine]:
        """The mandates that a person held, in one role or in any."""
        return [
            line
            for line in self.mandates(moment)
            if line.in_force and line.holder == person and role in (None, line.role)
        ]

    def stalls(
        self,
        moment: Moment,
        *,
        days: int = LONG,
        region: str | None = None,
        stage: str | None = None,
    ) -> Sequence[StallLine]:
        """What has stood for more than some days in its stage; longest first."""
        asked = (days, region, stage)
        stalling = partial(self._stalls, moment, *asked)
        return self.what_waits.ask(("stalls", *asked), moment, self.clock(), stalling)

    def _stalls(
        self, moment: Moment, days: int, region: str | None, stage: str | None, kept: KeptAnswers
    ) -> tuple[StallLine, ...]:
        poles = self.register.lines(moment, region=region, stage=stage)
        cases: list[PoleLine | CaseLine] = [
            *poles,
            *([] if stage else self.cases(poles, moment, region)),
        ]
        return tuple(stalls(self.registry, cases, moment, days=days, kept=kept))

    def keep_ready(self, stop: Signal) -> None:
        """Ask what waits again whenever something was recorded, or a day begins.

        So that whoever opens the page finds nearly all of it answered. A fault is logged.
        """
        while not stop.is_set():
            try:
                moment = self.moment()
                self.inbox(moment)
                self.stalls(moment)
                stop.wait(BREATH)
                self.journal.await_growth(moment.known, stop, SOON)
            except (JalonError, *STORE_ERRORS):
                log.exception("what waits could not be asked ahead")
                stop.wait(SOON)

    def mandates(self, moment: Moment) -> list[MandateLine]:
        """Who may act for whom: every mandate known then, and whether it was in force."""
        return mandates(self.registry, moment)
