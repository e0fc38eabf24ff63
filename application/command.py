"""Commands: one sentence each, executed in a world of their own, recorded whole or not at all."""

from abc import abstractmethod
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from pydantic import Field

from application.handlers import HANDLERS
from application.unit import Unit
from domain.case import NOTHING_YET, Case, Stranded, journey_id
from domain.dates import PartialDate
from domain.errors import Forbidden
from domain.journey import Journey
from domain.legal_form import LegalForm
from domain.overdue import Coming, comings
from domain.proposal import OtherInput
from domain.provenance import AccountId, Confidence, MandateId
from domain.recording import acting
from domain.rights import ACTS, Who, permit
from domain.roles import Role, roles_called
from domain.rulebook import RULEBOOK, Rulebook
from domain.rules import CompiledJourney, Value, fact_values
from domain.track import Stay, Track
from domain.values import Frozen, Line, Prose
from domain.words import Stored, Text
from domain.workflow import NotFromHere, Step, admit, automatic, begin, run, take


class By(Frozen):
    """Who acts, in which role, for whom. It comes from who is signed in, never from a request."""

    actor: AccountId
    role: Role
    on_behalf_of: MandateId | None = None


class GivenByNobody(TypeError):
    """A command says which roles may give it."""


class Command(Frozen):
    """Something asked of the registry. Its fields, its help and its address come from its class.

    What every command may say of itself: when its facts took effect (today, unless given), the
    ground on which they rest, their source and how sure it is, and a reason.
    """

    NAME: ClassVar[str]
    SAYS: ClassVar[str]
    """What it does, in one French sentence: its help wherever people meet it."""
    BY: ClassVar[frozenset[Role]] = frozenset()
    """The roles that may give it. Each is necessary; the case and the relation are asked too."""
    REFUSED: ClassVar[type[Forbidden]] = Forbidden
    """What any other role is told."""

    occurred_on: PartialDate | None = Field(
        None,
        description="Date du fait : AAAA, AAAA-MM, AAAA-MM-JJ, ou « unknown » si elle est "
        "inconnue ; aujourd'hui sinon.",
    )
    valid_to: date | None = Field(None, description="Jour à partir duquel le fait ne vaut plus.")
    ground: Line | None = Field(None, description="Fondement juridique ou contractuel.")
    source: Prose | None = Field(None, description="Document ou adresse qui l'atteste.")
    confidence: Confidence | None = Field(None, description="Degré de confiance de la source.")
    reason: Prose | None = Field(None, description="Motif.")

    def __init_subclass__(
        cls,
        *,
        name: str = "",
        says: str = "",
        by: Collection[Role] = (),
        refused: type[Forbidden] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init_subclass__(**kwargs)

    @classmethod
    def __pydantic_init_subclass__(
        cls,
        *,
        name: str = "",
        says: str = "",
        by: Collection[Role] = (),
        refused: type[Forbidden] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        cls.BY, cls.REFUSED = frozenset(by) or cls.BY, refused or cls.REFUSED
        if name:
            if not cls.BY:
                raise GivenByNobody(name)
            cls.NAME, cls.SAYS = name, says
            COMMANDS[name] = cls
            ACTS[name] = Text(fr=says.rstrip("."), en=name)

    @classmethod
    def admit(cls, role: Role) -> None:
        """Refuse whoever acts in a role that may not give it, naming those that may."""
        if role not in cls.BY:
            raise cls.REFUSED(roles=roles_called(cls.BY))

    @abstractmethod
    def execute(self, work: "Work") -> UUID:
        """Do it; the answer is the identity of what it made or changed."""


COMMANDS: dict[str, type[Command]] = {}
"""Every command by its name."""


class Work(Unit):
    """The world of one command: what it reads and saves, and the steps it takes."""

    def execute(self, command: Command) -> UUID:
        """Let a command decide, within what lets whoever acts do so: their account, or a mandate.

        A role is held today. A mandate must be in force today, and on every day from which what is
        recorded holds: whoever no longer holds it cannot date an act back to when they did.
        """
        with acting(self._context):
            is_bounded = self.authority.is_bounded
            answer = self.perform(command)
            if is_bounded:
                self._within_authority()
        return answer

    def perform(self, command: Command) -> UUID:
        """Let a command decide, or one that another is made of, if who acts may give it."""
        command.admit(self.role)
        return command.execute(self)

    @property
    def role(self) -> Role:
        """The role in which whoever acts does."""
        return self._context.provenance.role

    def rulebook(self) -> Rulebook:
        return self.find(Rulebook, RULEBOOK) or Rulebook(RULEBOOK)

    def compiled(self, ref: str) -> CompiledJourney:
        """A published journey, ready to be asked."""
        return self._world.compiled(ref)

    def legal_form(self, code: str | None) -> LegalForm | None:
        """A legal form of the Insee, where one is given; an unknown code is refused."""
        return self._world.legal_form(code) if code else None

    def check(self, journey: Journey) -> None:
        """Refuse a definition that cannot be compiled."""
        self._world.check(journey)

    @property
    def who(self) -> Who:
        """Who acts, as the engine asks."""
        return Who(frozenset({self.role}))

    def take(self, case: Case, transition: str, on: str | None = None, /, **given: Any) -> None:
        """Take a step of a journey of the case, under the version it follows on the day.

        Args:
            on: the journey, where the case follows several; the main one, unless said. Given by
                its place: a step may ask for an input of any name.
        """
        track = case.track(on)
        followed = track.journey_on(self.day) or track.journey
        self._step(case, transition, followed, given, track.standing_on(self.day), past=False)

    def take_past(
        self, case: Case, transition: str, journey: str | None = None, /, **given: Any
    ) -> None:
        """Record a sourced historical step, judged under the version in force on its day."""
        ref = journey or self.rulebook().in_force(case.main.id, self.day)
        stay = case.track(journey_id(ref)).standing_on(self.day)
        self._step(case, transition, ref, given, stay, past=True)

    def put_on_record(self, case: Case, transition: str, *, past: bool = False) -> None:
        """Record a step of its main journey that a fact has already made true, or makes true now.

        It leaves from the state that the recorded steps led to, whatever holds by itself since.
        """
        stay = case.main.states.in_force(self.day)
        if stay is None:
            case.main.standing_on(self.day)  # refuses
            return
        followed = case.main.journey_on(self.day) or case.main.journey
        ref = self.rulebook().in_force(case.main.id, self.day) if past else followed
        self._step(case, transition, ref, {}, stay, past=past, by_itself=True)

    def begin_journey(self, case: Case, journey: str) -> None:
        """Let a case follow a further journey, from its first state; its creation gate is asked."""
        compiled = self.compiled(self.rulebook().in_force(journey, self.day))
        variables = self.admit(case, compiled)
        case.follow(compiled.journey, variables, occurred_on=self.occurred_on)

    def admit(self, case: Case, compiled: CompiledJourney) -> dict[str, Stored]:
        """Ask whether a journey may begin on a case; what its variables are in its first state."""
        facts = {**self._facts(case), **NOTHING_YET}
        admit(compiled, facts, who=self.who, now=self._context.now)
        return begin(compiled, facts, now=self._context.now)

    def allow(self, case: Case, permission: str) -> None:
        """Refuse what a state of the case gives to others, where its journeys decide of it.

        Rights are those of the present: whatever the date of a fact, it is recorded today.
        """
        self._allow_on(self.today, case, permission)

    def _allow_on(self, day: date, case: Case, permission: str) -> None:
        for track in case.tracks.values():
            stay = track.stay_on(day) or track.states[0]
            journey = self.compiled(track.journey_on(day) or track.journeys[0].value).journey
            if permission in journey.managed:
                permit(journey, stay.value, self.who, permission)

    def _facts(self, case: Case, journey: Journey | None = None) -> dict[str, Value]:
        provenance = self._context.provenance
        facts = {
            **fact_values(case.facts_on(self.day, self.get)),
            "actor.id": str(provenance.actor),
            "step.comment": provenance.reason or "",
        }
        if journey:
            facts |= case.engine_facts_on(self.day, journey, facts)
        return facts

    def _step(
        self,
        case: Case,
        transition: str,
        ref: str,
        given: dict[str, Any],
        stay: Stay,
        *,
        past: bool,
        by_itself: bool = False,
    ) -> None:
        day, compiled = self.day, self.compiled(ref)
        track = case.track(compiled.journey.id)
        now = self._context.now if day == self.today else case.instant_on(day)
        facts = self._facts(case, compiled.journey)
        votes = case.votes_on(day, compiled.journey, stay.place)
        if past and not any(vote.transition == transition for vote in votes):
            del facts["approvals.carried"]  # whether it was voted then is not known here
        first = take(
            compiled,
            stay.value,
            facts,
            transition,
            who=Who(self.who.roles | {Role.SYSTEM, Role.REGISTRAR}) if by_itself else self.who,
            now=now,
            given=given,
            past=past,
            variables=stay.variables,
            disputed=case.disputed_on(day, compiled.journey, facts),
        )
        versions = [self.compiled(followed).journey for followed in track.followed_from(day)]

        def following(step: Step) -> Step | None:
            if track.standing_on(day).value != step.to:
                return None  # a handler took it further, and what follows of itself from there
            return self._automatic(case, compiled, step.to, step.variables, now)

        # What the past did by itself is recorded as it was, one step at a time.
        for step in [first] if past else run(first, following):
            for version in versions:
                if step.to not in version.state:
                    raise Stranded(to=version.ref, state=step.to)
            self._record(case, compiled.journey, step, handled=not past)

    def _automatic(
        self,
        case: Case,
        compiled: CompiledJourney,
        state: str,
        variables: Mapping[str, Stored],
        now: datetime,
    ) -> Step | None:
        if all(way.trigger != "automatic" for way in compiled.journey.ways_out(state)):
            return None  # nothing would ask for the facts
        facts = self._facts(case, compiled.journey)
        return automatic(
            compiled,
            state,
            facts,
            who=Who(self.who.roles | {Role.SYSTEM}, self.who.groups),
            now=now,
            variables=variables,
            disputed=case.disputed_on(self.day, compiled.journey, facts),
        )

    def comings(self, case: Case, track: Track) -> list[Coming]:
        """What has come, up to the day, of the deadlines of the state in which the case stands."""
        journey = self.compiled(track.journey_on(self.day) or track.journey).journey
        facts = fact_values(case.facts_on(self.day, self.get))
        return [*comings(case.deadlines_on(self.day, journey, facts), self.day)]

    def recall(self, case: Case, track: Track, coming: Coming) -> bool:
        """Record what comes of a deadline; `False` when it already was."""
        journey = track.journey_on(self.day) or track.journey
        state = track.standing_on(self.day).value
        return case.recall(coming, journey=journey, state=state)

    def next_automatic(self, case: Case, track: Track) -> Step | None:
        """The automatic step that the case takes on the day, under the version it follows then."""
        compiled = self.compiled(track.journey_on(self.day) or track.journey)
        stay = track.standing_on(self.day)
        now = self._context.now if self.day == self.today else case.instant_on(self.day)
        return self._automatic(case, compiled, stay.value, stay.variables, now)

    def take_automatic(self, case: Case, track: Track, step: Step) -> None:
        """Record an automatic step on the day, with what its journey does around it."""
        journey = self.compiled(track.journey_on(self.day) or track.journey).journey
        self._record(case, journey, step, handled=True)

    def resume(self, case: Case) -> None:
        """Take today, in each journey of a case, the automatic steps that were held back.

        Those that a passed deadline opens are left to whoever records that it has passed.
        """
        with self.dated(PartialDate.on(self.today)):
            for track in [*case.tracks.values()]:
                self._resume(case, track)

    def _resume(self, case: Case, track: Track) -> None:
        if track.states.last.since > self.today:
            return  # it goes on from there, and not before
        first = self._held_back(case, track)
        for step in run(first, lambda _: self._held_back(case, track)) if first else ():
            self.take_automatic(case, track, step)

    def _held_back(self, case: Case, track: Track) -> Step | None:
        step = self.next_automatic(case, track)
        reads = {name for finding in step.findings for name in finding.values} if step else set()
        return None if "deadlines.passed" in reads else step

    def _record(self, case: Case, journey: Journey, step: Step, *, handled: bool) -> None:
        way = journey.transition[step.transition]
        for handler in HANDLERS.around(way.before, before=True) if handled else ():
            handler(self, case, step)
        track = case.track(journey.id)
        stay, recorded = track.standing_on(self.day), track.states.in_force(self.day)
        if step.from_ not in (stay.value, recorded and recorded.value):  # a handler took one
            title = way.title.fr or way.id
            raise NotFromHere(title=title, state=step.from_, here="")
        voted = case.carried_on(self.day, journey, stay.place).get(way.id) if handled else None
        if voted and dict(voted.input) != dict(step.input):
            told = ", ".join(f"{name} : {value}" for name, value in voted.input.items())
            raise OtherInput(title=way.title.fr or way.id, voted=told or "aucune")
        case.move(step, journey=journey.ref, occurred_on=self.occurred_on)
        for handler in HANDLERS.around(way.after, before=False) if handled else ():
            handler(self, case, step)
        for handler in HANDLERS.whenever:
            handler(self, case, step)
