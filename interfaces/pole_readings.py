"""What is asked of the history of one pole: its timeline, its replay, what it counts over time."""

from collections.abc import Iterable
from datetime import date

from application.burn_down import BurnDown, burn_down
from application.history_in_words import HistoryLine, ToldOfPole
from application.member_count import MemberCount, member_count
from application.pole_evidence import PoleEvidence, pole_evidence
from application.pole_replay import ReplayStep, number_on, replay_step
from application.pole_timeline import PoleTimeline, TimelineAsked
from application.radar_over_time import RadarOverTime, radar_over_time
from application.raw_event import RawEvent, raw_event, raw_events
from application.register import pole_at
from application.world import Moment, World
from domain.errors import NotFound
from domain.evaluation import RoundKind
from domain.kernel import Recorded
from interfaces.looking import Looking


class FactNotTold(NotFound):
    """The history of the pole tells no fact under this number."""

    code = "pole.no_such_fact"
    fr = (
        "L'histoire de ce pôle ne dit aucun fait n° {number} à la date demandée : "
        "elle les donne tous, chacun avec son lien permanent."
    )
    en = (
        "The history of this pole tells no fact no. {number} at the date asked about: "
        "it gives them all, each with its permanent link."
    )


class PoleReadings(Looking):
    """The readings of a pole that its page leads to, each at a moment; nothing is written."""

    def pole_called(self, pole: str, moment: Moment) -> tuple[str, str]:
        """The code and the name of a pole that was there then."""
        found, _, _ = pole_at(self.registry, self.find(pole), moment)
        return found.code, found.name_on(moment.in_force)

    def timeline(self, pole: str, moment: Moment, asked: TimelineAsked) -> PoleTimeline:
        """The facts of a pole that are asked for; they are put into words a page at a time."""
        return PoleTimeline(self.told_of(pole, moment), asked)

    def latest(self, pole: str, moment: Moment, number: int) -> tuple[list[HistoryLine], int]:
        """The last facts of a pole, the latest first, and how many there are in all."""

        def last(world: World) -> tuple[list[HistoryLine], int]:
            told = ToldOfPole(world, self.find(pole), moment)
            dated = [fact for fact in told.facts if fact.event.occurred_on.is_known] or told.facts
            return told.lines(dated[-number:])[::-1], len(told.facts)

        return self.asked(("latest", self.find(pole), number), moment, last)

    def replay(
        self, pole: str, moment: Moment, number: int | None = None, day: date | None = None
    ) -> ReplayStep:
        """A step of the replay of a pole: by its place, by a day, or the last one."""
        told = self.told_of(pole, moment)
        if day is not None:
            number = number_on(told.facts, day)
        return replay_step(self.registry, told, number or len(told.facts), moment)

    def member_count(self, pole: str, moment: Moment) -> MemberCount:
        """The members of a pole by kind, over time."""
        return member_count(self.registry, self.find(pole), moment)

    def burn_down(self, pole: str, moment: Moment) -> BurnDown:
        """What was promised to a pole, paid, justified and left to be paid, over time."""
        return burn_down(self.registry, self.find(pole), moment)

    def raw_events(self, pole: str, moment: Moment) -> list[Recorded]:
        """Every event of a pole that may be shown as it is stored."""
        return raw_events(self.registry, self.find(pole), moment)

    def as_stored(self, events: Iterable[Recorded]) -> list[RawEvent]:
        """Some of them, each with what is stored of it and its leaf."""
        told = {one.position: one for one in events}
        rows = self.journal.proofs_at([*told])
        return [raw_event(told[row.position], row.state, bytes(row.leaf)) for row in rows]

    def evidence(self, pole: str, moment: Moment) -> PoleEvidence:
        """What the journey of a pole asks to be filed, and what is on file."""
        return pole_evidence(self.registry, self.find(pole), moment)

    def radar(
        self,
        pole: str,
        kind: RoundKind,
        moment: Moment,
        first: date | None = None,
        last: date | None = None,
    ) -> RadarOverTime:
        """The profile of a pole on two days, by its rounds of one kind."""
        return radar_over_time(self.registry, self.find(pole), kind, moment, first, last)

    def fact(self, pole: str, moment: Moment, number: int) -> HistoryLine:
        """The fact that the history of a pole tells under a number, the place of its event."""
        told = self.told_of(pole, moment)
        lines = told.lines(one for one in told.facts if one.position == number)
        if not lines:
            raise FactNotTold(number=number)
        return lines[0]
