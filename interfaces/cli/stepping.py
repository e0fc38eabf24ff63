"""The command that takes a step of a journey, as it is typed."""

from collections.abc import Iterable
from shlex import quote

from application.catalogue import COMMANDS
from domain.roles import Role
from interfaces.cli.commands import option_of


def step_typed(
    concept: str, code: str, transition: str, *, by: Iterable[str], missing: Iterable[str]
) -> str | None:
    """The line that takes a step; nothing for what is a case of no command.

    A step that a command of its own takes is taken by that one, which says what it decides.

    Args:
        missing: what the step asks for, by its titles.
    """
    name = f"{concept}.{transition}"
    command = COMMANDS.get(name) or COMMANDS.get(name := f"{concept}.move")
    if command is None:
        return None
    case, *others = (
        field
        for field, about in command.model_fields.items()
        if about.is_required() and field != "transition"
    )
    line = ["jalon", *name.replace("_", "-").split("."), option_of(case), code]
    if name.endswith(".move"):
        line += ["--transition", transition]
        line += [part for title in missing for part in ("--input", quote(f"{title}=…"))]
    else:
        line += [part for field in others for part in (option_of(field), "…")]
    role = next(iter(by), Role.REGISTRAR)
    return " ".join(line if role == Role.REGISTRAR else [*line, "--as", role])
