"""The steps that a form may take: the ways out of the case that it names, and what each asks."""

from application.command import Command
from application.ways import WayLine
from application.world import Moment
from domain.errors import JalonError
from domain.journey import Transition
from interfaces.form_fields import INPUT, STEP
from interfaces.form_kinds import THINGS
from interfaces.form_typed import Typed
from interfaces.questions import Questions


def takes_step(command: type[Command]) -> bool:
    """Whether a command takes a step of a journey, which says itself what it asks for."""
    return {STEP, INPUT} <= set(command.model_fields)


def case_field(command: type[Command], concept: str) -> str | None:
    """The field of a command that names something of a concept, and only one."""
    kinds = {kind for kind, known in THINGS if known == concept}
    fields = command.model_fields.items()
    return next((name for name, field in fields if field.annotation in kinds), None)


class Steps:
    """The case that a form names, with its ways out."""

    def __init__(
        self, asked: Questions, command: type[Command], typed: Typed, moment: Moment
    ) -> None:
        self._asked = asked
        self._moment = moment
        self.concept = command.NAME.partition(".")[0]
        field = case_field(command, self.concept)
        self.name = typed.text(field) if field else ""
        self.journey = typed.text("on") or typed.text("journey").partition("@")[0]
        self._chosen = typed.text(STEP)

    def ways(self) -> list[WayLine]:
        """Every way out of where the case stands; none, where no case is named."""
        if not self.name:
            return []
        try:
            if self.concept != "pole":
                return self._asked.case_why(self.concept, self.name, self._moment)
            if not self.journey:
                return self._asked.why(self.name, self._moment)
            further = self._asked.further_why(self.name, self._moment)
        except JalonError:  # no such case: the form says so beside its field
            return []
        return [way for one in further if self._is_on(one.journey) for way in one.ways]

    def _is_on(self, ref: str) -> bool:
        return ref.partition("@")[0] == self.journey

    def chosen(self) -> Transition | None:
        """The step that is chosen, as its journey declares it."""
        if not (self.name and self._chosen):
            return None
        try:
            if self.concept == "pole":
                path = self._asked.path(self.name, self._moment, self.journey or None)
            else:
                path = self._asked.case_path(self.concept, self.name, self._moment)
            journey = self._asked.rules(path.journey, self._moment)
        except JalonError:
            return None
        return journey.transition.get(self._chosen)
