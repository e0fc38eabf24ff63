"""What is asked of one pole, of the poles of the register, and of the charters they stand by."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar
from uuid import UUID

from application.assessment import ASSESSMENTS, Criteria, criteria_of
from application.charter_sheet import (
    CharterComparison,
    CharterSheet,
    Receipt,
    charter_comparison,
    charter_sheet,
    find_charter,
    receipt,
)
from application.charter_signature import SIGNATURE_LIST
from application.choosing import Excerpt, no_pole
from application.deadline import DeadlineLine
from application.doing import Doing, doing
from application.drawing import PathSheet, pole_path
from application.following import FOLLOWINGS, unfollowed
from application.history_in_words import HistoryLine, pole_history
from application.provenance import ProvFormat, provenances
from application.register import (
    FurtherWays,
    PoleLine,
    PoleSheet,
    pole_deadlines,
    pole_further_why,
    pole_sheet,
    pole_why,
)
from application.succession import SUCCESSIONS, Lineage, lineage
from application.undertaking_sheet import UndertakingSheet, undertaking_sheet
from application.version_asked import must_be_in_force
from application.vote_sheet import VoteLine, pole_votes
from application.ways import WayLine
from application.world import Moment, World
from domain.dates import paris_day
from domain.following import Seat
from domain.roles import Role
from interfaces.looking import Looking

T = TypeVar("T")


class PoleQuestions(Looking):
    """What is asked of poles, each at a moment; nothing is written."""

    def _asked_of(
        self, pole: str, moment: Moment, question: Callable[..., T], **more: Hashable
    ) -> T:
        """What a question answers of a pole, which is at hand if it was asked before."""
        id_ = self.find(pole)
        key = (question.__name__, id_, *more.values())
        return self.asked(key, moment, lambda world: question(world, id_, moment, **more))

    def sheet(self, pole: str, moment: Moment) -> PoleSheet:
        return self._asked_of(pole, moment, pole_sheet)

    def history(self, pole: str, moment: Moment) -> list[HistoryLine]:
        return pole_history(self.registry, self.find(pole), moment)

    def provenance(self, pole: str, moment: Moment, form: ProvFormat) -> str:
        """Where what is known of a pole comes from, as W3C PROV."""
        # Every verb would wait for its library, which one in a hundred needs.
        from infrastructure.provenance import write_provenance

        return write_provenance(provenances(self.registry, self.find(pole), moment), form)

    def doing(self, pole: str, moment: Moment) -> Doing:
        """What a pole does: actions, functions, projects, objectives, resources."""
        return self._asked_of(pole, moment, doing)

    def lineage(self, pole: str, moment: Moment) -> Lineage:
        """Whom a pole succeeds, and who succeeds it, by mergers and splits."""
        id_ = self.find(pole)

        def told(_: World) -> Lineage:
            return lineage(self.listed(SUCCESSIONS, moment), id_)

        return self.of_list(SUCCESSIONS, ("lineage", id_), moment, told)

    def find_charter(self, name: str, moment: Moment) -> UUID:
        """The text that a version, a pole with a version, or an identity means."""
        return find_charter(self.registry, name, moment, self.find)

    def charter(self, name: str, moment: Moment) -> CharterSheet:
        """A published text, with how many stand by it at the moment asked about."""
        sheet = charter_sheet(self.registry, self.find_charter(name, moment), moment)
        same: dict[str, Any] = {"charter_kind": sheet.charter_kind, "charter": sheet.version}
        signed = self.lists.lines(SIGNATURE_LIST, moment, pole=sheet.pole, **same)
        return sheet.model_copy(update={"signatures": len(signed)})

    def charter_comparison(self, old: str, new: str, moment: Moment) -> CharterComparison:
        """What a version of a charter changes of another."""
        before, after = self.find_charter(old, moment), self.find_charter(new, moment)
        found = charter_comparison(self.registry, before, after, moment)
        for side in (found.old, found.new):
            must_be_in_force(str(side.version), side.version, moment, paris_day(self.clock()))
        return found

    def receipt(self, signature: UUID, moment: Moment) -> Receipt:
        """The receipt of a signature, with the leaf of its event in the log."""
        return receipt(self.registry, signature, moment, self.journal.leaf)

    def undertaking(self, id_: UUID, moment: Moment) -> UndertakingSheet:
        """An undertaking, and what was reported and found of it."""
        return undertaking_sheet(self.registry, id_, moment)

    def poles(
        self, moment: Moment, *, limit: int | None = None, offset: int = 0, **chosen: str | None
    ) -> Excerpt[PoleLine]:
        """Some poles of the register by name, of how many; of a stage, of a region, with words."""
        every = self.register.lines(moment, **chosen)
        end = None if limit is None else offset + limit
        region, there = chosen.get("region"), self.register.regions(moment)
        none = no_pole(moment, is_chosen=any(chosen.values()), region=region, regions=there)
        return Excerpt(every[offset:end], len(every), none, offset)

    def unfollowed(self, moment: Moment, region: str | None = None) -> list[PoleLine]:
        """The poles that nobody follows."""
        followed = self.listed(FOLLOWINGS, moment, place=Seat.PRINCIPAL)
        poles = self.register.lines(moment, region=region)
        return unfollowed(poles, {line.pole for line in followed if line.pole})

    def criteria(self, pole: str, moment: Moment) -> Criteria | None:
        """The criteria of 2012 for a pole, and who said what of each."""

        def told(world: World) -> Criteria | None:
            return criteria_of(world, self.listed(ASSESSMENTS, moment, pole=pole), moment)

        return self.of_list(ASSESSMENTS, ("criteria", self.find(pole)), moment, told)

    def deadlines(self, pole: str, moment: Moment) -> list[DeadlineLine]:
        return pole_deadlines(self.registry, self.find(pole), moment)

    def why(self, pole: str, moment: Moment, role: Role | None = None) -> list[WayLine]:
        return self._asked_of(pole, moment, pole_why, role=role)

    def further_why(self, pole: str, moment: Moment, role: Role | None = None) -> list[FurtherWays]:
        """The same of each journey that a pole follows beside its main one."""
        return self._asked_of(pole, moment, pole_further_why, role=role)

    def votes(self, pole: str, moment: Moment) -> list[VoteLine]:
        """The votes on the steps of a pole, in all its journeys."""
        return self._asked_of(pole, moment, pole_votes)

    def path(self, pole: str, moment: Moment, journey: str | None = None) -> PathSheet:
        """The path of a pole along a journey; its main one, unless said."""
        return self._asked_of(pole, moment, pole_path, journey=journey)
