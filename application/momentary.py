"""Acts of one day: they have a date, and no end."""

from typing import Self

from pydantic import model_validator

from application.command import Command


class Momentary(Command):
    """Something that takes place on a day; what it says does not stop holding on another."""

    @model_validator(mode="after")
    def _does_not_end(self) -> Self:
        if self.valid_to is not None:
            msg = "« valid_to » : cet acte est d'un jour, il ne prend pas fin"
            raise ValueError(msg)
        return self
