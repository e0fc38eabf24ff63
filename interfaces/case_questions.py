"""What is asked of one case beside the poles, and of the positions of evaluation rounds."""

from uuid import UUID

from application.case import code_of
from application.case_sheet import deadlines_of, history_of, path_of, votes_of, ways_of
from application.command import By
from application.deadline import DeadlineLine
from application.drawing import PathSheet
from application.history_in_words import HistoryLine
from application.position_reading import unpublished
from application.positioning import Comparison, Profile, comparison, profile_of, profile_on
from application.round import RoundSheet, round_sheet
from application.vote_sheet import VoteLine
from application.ways import WayLine
from application.world import Moment
from domain.dates import paris_day
from domain.evaluation import RoundKind
from domain.kernel import Role
from interfaces.decisions import Decisions
from interfaces.looking import Looking


class CaseQuestions(Looking, Decisions):
    """What is asked of a case by its name; who reads positions not published is noted."""

    def find_round(self, name: str) -> UUID:
        """The evaluation round that an identity or a code means."""
        return self.find_thing("evaluation", name)

    def case_code(self, id_: UUID) -> str:
        """The code under which people know a case, of whatever kind."""
        return code_of(self.registry, id_)

    def case_why(
        self, concept: str, name: str, moment: Moment, role: Role | None = None
    ) -> list[WayLine]:
        """Every way out of the stage in which a case stands, with what is wanting."""
        return ways_of(
            self.registry, concept, self._known(concept, name, moment), moment, role=role
        )

    def case_votes(self, concept: str, name: str, moment: Moment) -> list[VoteLine]:
        """The votes on the steps of a case."""
        return votes_of(self.registry, concept, self._known(concept, name, moment), moment)

    def case_history(self, concept: str, name: str, moment: Moment) -> list[HistoryLine]:
        """Everything recorded of a case, by date of the facts."""
        return history_of(self.registry, concept, self._known(concept, name, moment), moment)

    def case_deadlines(self, concept: str, name: str, moment: Moment) -> tuple[DeadlineLine, ...]:
        """The deadlines of the stage of a case that are counted from a known date."""
        return deadlines_of(self.registry, concept, self._known(concept, name, moment), moment)

    def case_path(self, concept: str, name: str, moment: Moment) -> PathSheet:
        """The path of a case along its journey."""
        return path_of(self.registry, concept, self._known(concept, name, moment), moment)

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
