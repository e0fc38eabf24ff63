"""What is done with a case of any kind: a step of its journey, or another version of that."""

from typing import Any

from pydantic import Field

from application.command import Command, Work
from domain.case import Case
from domain.journey import JourneyRef
from domain.words import Id


class Moving(Command):
    """Take a step of the journey of a case; each kind names the steps of its own."""

    transition: Id = Field(description="Le passage à franchir, par son code.")
    input: dict[str, Any] = Field(default={}, description="Ce que le passage demande.")

    def act(self, work: Work, case: Case) -> None:
        """Take it, with what it is given."""
        work.take(case, self.transition, **self.input)


class Migrating(Command):
    """Bring a case to another version of its journey, on the record."""

    to: JourneyRef = Field(description="La version à suivre.")

    def act(self, work: Work, case: Case) -> None:
        """Follow that version from the day of the act on."""
        case.migrate(work.compiled(self.to).journey, occurred_on=work.occurred_on)
