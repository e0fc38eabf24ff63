"""What is asked of one case beside the poles, and of the positions of evaluation rounds."""

from collections.abc import Callable, Hashable
from typing import TypeVar
from uuid import UUID

from application.blame import ValueBlame, blame
from application.case import called, code_of
from application.case_sheet import case_at, deadlines_of, history_of, path_of, votes_of, ways_of
from application.changed import BackInTime, CaseChanges, Compared, changes_of
from application.command import By
from application.deadline import DeadlineLine
from application.drawing import PathSheet
from application.history_in_words import HistoryLine
from application.position_reading import unpublished
from application.positioning import Comparison, Profile, comparison, profile_of, profile_on
from application.register import pole_sheet
from application.round import RoundSheet, round_sheet
from application.vote_sheet import VoteLine
from application.ways import WayLine
from application.wording import known_in_words
from application.world import Moment
from domain.dates import paris_day
from domain.evaluation import RoundKind
from domain.roles import Role
from interfaces.decisions import Decisions
from interfaces.looking import Looking
from interfaces.moments import SameAxis

T = TypeVar("T")


class CaseQuestions(Looking, Decisions):
    """What is asked of a case by its name; who reads positions not published is noted."""

    def find_round(self, name: str) -> UUID:
        """The evaluation round that an identity or a code means."""
        return self.find_thing("evaluation", name)

    def case_code(self, id_: UUID) -> str:
        """The code under which people know a case, of whatever kind."""
        return code_of(self.registry, id_)

    def _of_case(
        self,
        question: Callable[..., T],
        concept: str,
        name: str,
        moment: Moment,
        **more: Hashable,
    ) -> T:
        """What a question answers of a case, which is at hand if it was asked before."""
        id_ = self._known(concept, name, moment)
        key = (question.__name__, id_, *more.values())
        return self.asked(key, moment, lambda world: question(world, concept, id_, moment, **more))

    def case_why(
        self, concept: str, name: str, moment: Moment, role: Role | None = None
    ) -> list[WayLine]:
        """Every way out of the stage in which a case stands, with what is wanting."""
        return self._of_case(ways_of, concept, name, moment, role=role)

    def case_votes(self, concept: str, name: str, moment: Moment) -> list[VoteLine]:
        """The votes on the steps of a case."""
        return self._of_case(votes_of, concept, name, moment)

    def case_history(self, concept: str, name: str, moment: Moment) -> list[HistoryLine]:
        """Everything recorded of a case, by date of the facts."""
        return self._of_case(history_of, concept, name, moment)

    def case_deadlines(self, concept: str, name: str, moment: Moment) -> tuple[DeadlineLine, ...]:
        """The deadlines of the stage of a case that are counted from a known date."""
        return self._of_case(deadlines_of, concept, name, moment)

    def case_path(self, concept: str, name: str, moment: Moment) -> PathSheet:
        """The path of a case along its journey."""
        return self._of_case(path_of, concept, name, moment)

    def blame(
        self, concept: str, name: str, moment: Moment, field: str | None = None
    ) -> list[ValueBlame]:
        """Every value shown of a case, a pole included, with the event by which it is so."""
        return blame(self.registry, concept, self._case(concept, name, moment), moment, field)

    def between(
        self,
        compared: Compared,
        start: str,
        end: str | None = None,
        *,
        known: str | None = None,
        in_force: str | None = None,
    ) -> tuple[Moment, Moment]:
        """The two moments that are compared, along one of the axes; the later one never first."""
        if compared is Compared.KNOWLEDGE:
            if known:
                raise SameAxis(option="--known")
            last = self.moment(end, in_force)
            first = self.moment(start, last.in_force.isoformat())
            if first.known > last.known:
                raise BackInTime(start=known_in_words(first), end=known_in_words(last))
        else:
            if in_force:
                raise SameAxis(option="--in-force")
            last, first = self.moment(known, end), self.moment(known, start)
            if first.in_force > last.in_force:
                raise BackInTime(start=first.in_force, end=last.in_force)
        return first, last

    def changes(
        self,
        concept: str,
        name: str,
        compared: Compared,
        start: str,
        end: str | None = None,
        *,
        known: str | None = None,
        in_force: str | None = None,
    ) -> CaseChanges:
        """What changed in what is shown of a case, a pole included, each change with its event.

        Args:
            start, end: of knowledge, what was known; of reality, days. It ends today unless said.
            known: of reality, what is known of both days.
            in_force: of knowledge, the day asked about; that of the end, unless said.
        """
        first, last = self.between(compared, start, end, known=known, in_force=in_force)
        id_ = self._case(concept, name, last)
        return changes_of(self.registry, concept, id_, first, last, compared)

    def case_name(self, concept: str, name: str, moment: Moment) -> tuple[str, str]:
        """The code and the name under which people know a case, a pole included."""
        if concept == "pole":
            sheet = pole_sheet(self.registry, self.find(name), moment)
            return sheet.code, sheet.name
        return called(case_at(self.registry, concept, self._known(concept, name, moment), moment))

    def _case(self, concept: str, name: str, moment: Moment) -> UUID:
        return self.find(name) if concept == "pole" else self._known(concept, name, moment)

    def evaluation(self, name: str, moment: Moment) -> RoundSheet:
        """A round and its journey, without its positions."""
        return round_sheet(self.registry, self.find_round(name), moment)

    def profile(self, name: str, moment: Moment, author: By | None = None) -> Profile:
        """The positions of a round; of one that is not published, for its authors only."""
        id_ = self.find_round(name)
        hidden = self._unpublished([id_], moment, author)
        found = profile_of(self.registry, id_, moment, author=author is not None)
        self._note_positions(hidden, author)
        return found

    def _unpublished(self, rounds: list[UUID], moment: Moment, by: By | None) -> list[UUID]:
        """Those of some rounds that only their authors may read yet; others are refused."""
        today = paris_day(self.clock())
        return unpublished(self.registry, rounds, moment, by, today) if by else []

    def _note_positions(self, hidden: list[UUID], by: By | None) -> None:
        if by:
            self.accesses.note(by, "evaluation", hidden, "positions")

    def profile_on(self, pole: str, kind: RoundKind, moment: Moment) -> Profile:
        """The profile of a pole on a day: that of its last round published by then."""
        return profile_on(self.registry, self.find(pole), kind, moment)

    def compare_rounds(
        self, first: str, second: str, moment: Moment, author: By | None = None
    ) -> Comparison:
        """Two rounds side by side; refused unless they follow the same version of the grid."""
        one, other = self.find_round(first), self.find_round(second)
        hidden = self._unpublished([one, other], moment, author)
        found = comparison(self.registry, one, other, moment, author=author is not None)
        self._note_positions(hidden, author)
        return found
