"""What is asked of the portfolio: which poles are in it, and the cards of some of them."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from application.board import DATED, BoardCard, BoardDate, cards, dates_of, next_steps, timed_stages
from application.campaign_list import UPDATE_REQUESTS
from application.cohort import Cohort, cohort
from application.contest import CONTESTS_LISTED, ContestStatus
from application.dossier_list import DOSSIERS
from application.following import FOLLOWINGS
from application.listing import LISTINGS
from application.register import PoleLine
from application.stall import Exit
from application.world import Moment, World
from domain.campaign import CampaignAnswer
from domain.dossier_states import DRAFT
from domain.following import Seat
from domain.pole import ENDED
from domain.provenance import AccountId
from domain.spelling import plain
from infrastructure.read_models.cohort import CohortLists
from interfaces.looking import Looking


class BoardQuestions(Looking):
    """The poles as whoever coordinates them follows them, at a moment."""

    def cards(self, poles: Sequence[PoleLine], moment: Moment) -> list[BoardCard]:
        """Some poles as cards, in their order. Each is read whole: ask for those shown."""
        of = tuple(line.id for line in poles)
        return cards(
            poles,
            moment,
            dates=self._dates(poles, moment, pole=of),
            steps=self.asked(("steps", of), moment, partial(self._steps, poles, moment)),
            followed=self.followers(of, moment),
            contested=self._about(CONTESTS_LISTED, moment, pole=of, status=ContestStatus.OPEN),
        )

    @staticmethod
    def _steps(poles: Sequence[PoleLine], moment: Moment, world: World) -> dict[UUID, Exit | None]:
        return next_steps(world, poles, moment)

    def followed_poles(self, moment: Moment, account: AccountId | None = None) -> set[UUID]:
        """The poles that are followed: by somebody as principal, or by an account in any place."""
        if account:
            return self._about(FOLLOWINGS, moment, follower=account)
        return self._about(FOLLOWINGS, moment, place=Seat.PRINCIPAL)

    def followers(self, poles: Iterable[UUID | None], moment: Moment) -> dict[UUID | None, str]:
        """The organisation that follows each of some poles, where there is one."""
        of = tuple(pole for pole in poles if pole)
        found = self.bare(FOLLOWINGS, moment, pole=of, place=Seat.PRINCIPAL)
        return {line.pole: line.organisation for line in found}

    def organisations(self, moment: Moment) -> list[tuple[str, int, int]]:
        """Those that follow poles, by name: how many as principal, how many as deputy."""
        principal, deputy = (
            self.lists.counts(FOLLOWINGS, moment, "organisation", place=place)
            for place in (Seat.PRINCIPAL, Seat.DEPUTY)
        )
        names = sorted({*principal, *deputy}, key=plain)
        return [(name, principal.get(name, 0), deputy.get(name, 0)) for name in names]

    def late_poles(self, poles: Iterable[PoleLine], moment: Moment) -> set[UUID]:
        """Those of some poles of which a date has passed."""
        found = self._dates(poles, moment)
        return {pole for pole, dates in found.items() if any(told.late for told in dates)}

    def years_of_entry(self, moment: Moment) -> dict[str, int]:
        """How many poles entered in each year, the last one first."""
        return self._cohorts.years(moment)

    def calls_of_entry(self, moment: Moment) -> list[str]:
        """The calls in which poles applied, by their codes."""
        return self.lists.values(DOSSIERS, moment, "call_code")

    def cohort(
        self, moment: Moment, *, year: str = "", call: str = "", wave: str = ""
    ) -> tuple[list[PoleLine], Cohort]:
        """The poles that entered in a year, or applied in a call, and how they went on."""
        if call:
            stages = self.lists.values(DOSSIERS, moment, "stage", call_code=call)
            given = {"call_code": call, "stage": tuple(set(stages) - {DRAFT})}
            given |= {"wave": wave} if wave else {}
            applied = self._about(DOSSIERS, moment, **given)
            lines, stays = self._cohorts.of_poles(applied, moment)
        else:
            lines, stays = self._cohorts.of_year(year, moment)
        return lines, cohort(lines, stays)

    def waves_of_call(self, call: str, moment: Moment) -> list[str]:
        """The waves in which poles applied in a call."""
        return self.lists.values(DOSSIERS, moment, "wave", call_code=call)

    @property
    def _cohorts(self) -> CohortLists:
        return CohortLists(self._engine, self.register)

    def _about(self, listed: Any, moment: Moment, **equal: Any) -> set[UUID]:
        return {UUID(pole) for pole in self.lists.values(listed, moment, "pole", **equal)}

    def _dates(
        self, poles: Iterable[PoleLine], moment: Moment, **equal: Any
    ) -> dict[UUID, list[BoardDate]]:
        """The dates of some poles that have not ended, by pole."""
        living = {line.id: line for line in poles if line.stage != ENDED}
        timed = timed_stages(self.registry, moment)
        stages = tuple({stage for _, stage in timed})
        cases = (
            (concept, line)
            for concept in DATED
            for line in self.bare(LISTINGS[concept], moment, stage=stages, **equal)
            if line.pole in living and (line.journey, line.stage) in timed
        )
        asked = self.bare(UPDATE_REQUESTS, moment, answer=CampaignAnswer.AWAITED, **equal)
        requests = (line for line in asked if line.pole in living)
        return dates_of(self.registry, living.values(), cases, requests, moment)
