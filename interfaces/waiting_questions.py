"""What waits, for whom, since when; and who may act for whom."""

from collections.abc import Iterable, Iterator
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
    case_line,
    check_kind,
    inbox,
)
from application.inbox_beside import beside, merged
from application.listing import EVERY_LIST, LISTINGS
from application.mandate import MandateLine, mandates
from application.register import PoleLine
from application.stall import LONG, StallLine, stalls
from application.world import Moment
from domain.account import Account
from domain.dates import paris_day
from domain.mandate import EVERYWHERE
from domain.roles import Role
from interfaces.looking import Looking


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
            for line in self.lists.bare(lists[concept], moment):
                if line.pole in of or (line.pole is None and region is None):
                    yield case_line(concept, line, of.get(line.pole))

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
    ) -> list[InboxLine]:
        """What waits for a role, for a person, or for whoever it waits for; longest first.

        Args:
            holder: somebody as they act, in the place of a role or a person.
            kind: one kind of thing that waits, by its name; every kind, unless said.
            as_operator: whether what is not public is told too: that a contribution, or a request
                to exercise rights, came.
        """
        check_kind(kind)
        poles = self.register.lines(moment, region=region)
        if role and holder is None:
            holder = Holder.of_role(role)
        if person:
            holder = Holder.of_mandates(self.held(person, moment, role=role), person)
        cases: list[PoleLine | CaseLine] = [*poles]
        cases += self.cases(poles, moment, region, as_operator=as_operator)
        if kind:
            cases = [case for case in cases if kind == getattr(case, "concept", "pole")]
        waiting = inbox(self.registry, cases, moment, holder=holder)
        if kind in case_kinds():
            return waiting
        things = beside(
            self.registry,
            lambda asked, awaited: self.lists.bare(
                asked, moment, within=awaited.within, **awaited.where
            ),
            poles,
            moment,
            holder=holder,
            region=region,
            kind=kind,
            as_operator=as_operator,
        )
        return list(merged(waiting, things))

    def acting(self, by: By) -> Holder:
        """Somebody who is signed in, in the role in which they act, about what they hold it."""
        today = paris_day(self.clock())
        found = authority(self.registry.load, by, (), today)
        principal = found.mandates[0].principal if found.mandates else None
        about = sorted(found.relations) if found.is_bounded else [EVERYWHERE]
        return Holder(tuple(Held(one, by.role, principal) for one in about), by.actor)

    def waiting_for(self, account: UUID, moment: Moment) -> list[InboxLine]:
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
    ) -> list[StallLine]:
        """What has stood for more than some days in its stage; longest first."""
        poles = self.register.lines(moment, region=region, stage=stage)
        cases: list[PoleLine | CaseLine] = [
            *poles,
            *([] if stage else self.cases(poles, moment, region)),
        ]
        return stalls(self.registry, cases, moment, days=days)

    def mandates(self, moment: Moment) -> list[MandateLine]:
        """Who may act for whom: every mandate known then, and whether it was in force."""
        return mandates(self.registry, moment)
