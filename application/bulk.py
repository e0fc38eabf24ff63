"""The same act on many poles: in one commit, with an outcome for each and its reason."""

from typing import Any
from uuid import UUID

from pydantic import Field, ValidationError
from typing_extensions import override

from application.command import COMMANDS, Command, Work
from application.offices import PART_TAKERS
from application.sentences import of_validation
from application.unit import Outcome
from domain.errors import Conflict, Damaged, Invalid, JalonError, Unavailable
from domain.pole import PoleId

LARGEST = 1000
"""Poles in one commit: what is read, decided and written under one lock."""


class NotAboutAPole(Invalid):
    """Only what is done with one pole can be done with many."""

    code = "bulk.command"
    fr = "« {command} » ne porte pas sur un pôle ; ce qui peut se faire sur plusieurs : {known}."
    en = "“{command}” is not about one pole; what can be done with many: {known}."


class TooMany(Invalid):
    """More poles than one commit holds."""

    code = "bulk.too_many"
    fr = (
        f"Un lot compte {LARGEST} pôles au plus, celui-ci {{number}} : "
        "resserrez la sélection, ou procédez en plusieurs lots."
    )
    en = (
        f"A selection holds {LARGEST} poles at most, this one {{number}}: "
        "narrow it, or proceed in several times."
    )


class Nobody(Invalid):
    """There is nothing to do."""

    code = "bulk.nobody"
    fr = "Aucun pôle n'est désigné : rien n'est à faire."
    en = "No pole is named: there is nothing to do."


class SaidOfAll(Invalid):
    """What is said of every event of the commit is said beside its fields, once."""

    code = "bulk.said_of_all"
    fr = "« {names} » se dit une fois pour tout le lot, à côté de « fields »."
    en = "“{names}” is said once for all, beside “fields”."


def about_one_pole() -> dict[str, type[Command]]:
    """The commands that name one pole, by name."""
    return {
        name: command
        for name, command in sorted(COMMANDS.items())
        if (field := command.model_fields.get("pole")) and field.annotation is PoleId
    }


class ActOnPoles(
    Command,
    name="pole.bulk",
    says="Faire le même acte sur plusieurs pôles, en une fois : un refus n'arrête pas les autres.",
    by=PART_TAKERS,
):
    """Do one thing with many poles; each is done, refused with its reason, or left as it was.

    A refused pole leaves nothing behind: what is recorded is what the others would have recorded
    one by one. A pole named twice counts once.
    """

    command: str = Field(description="L'acte : pole.move, pole.note_contact…", max_length=100)
    fields: dict[str, Any] = Field(
        default={}, repr=False, description="Ce que l'acte demande, hors le pôle."
    )
    poles: tuple[PoleId, ...] = Field(description="Les pôles, mille au plus.")

    @override
    def execute(self, work: Work) -> UUID:
        commands = self._commands()
        for command in commands:
            work.outcomes.append(_attempt(work, command))
        return work.identity

    def _commands(self) -> list[tuple[PoleId, Command]]:
        """The act on each pole; what is wrong with all of them is refused at once."""
        known = about_one_pole()
        cls = known.get(self.command)
        if cls is None:
            raise NotAboutAPole(command=self.command, known=", ".join(known))
        poles = dict.fromkeys(self.poles)
        if not poles:
            raise Nobody
        if len(poles) > LARGEST:
            raise TooMany(number=len(poles))
        misplaced = sorted({*Command.model_fields, "pole"} & set(self.fields))
        if misplaced:
            raise SaidOfAll(names=", ".join(misplaced))
        of_all = {name: getattr(self, name) for name in Command.model_fields}
        given = {name: value for name, value in of_all.items() if value is not None} | self.fields
        try:
            return [(pole, cls.model_validate({**given, "pole": pole})) for pole in poles]
        except ValidationError as error:
            raise of_validation(error) from None


def _attempt(work: Work, about: tuple[PoleId, Command]) -> Outcome:
    pole, command = about
    try:
        with work.attempt() as recorded:
            answer = work.perform(command)
    except (Unavailable, Damaged, Conflict):  # no fault of this pole
        raise
    except JalonError as refusal:
        return Outcome(pole, refusal=refusal)
    return Outcome(pole, answer, tuple(recorded))
