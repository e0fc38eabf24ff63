"""What happens around a step: handlers that journeys name, and those of every step."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from domain.case import Case
from domain.errors import Unavailable
from domain.workflow import Step

if TYPE_CHECKING:
    from application.command import Work

Handler = Callable[["Work", Case, Step], None]
"""Something done around a step. Before it, it may refuse; after it, it may record more."""


class Handlers:
    """The handlers that journeys name, and those that are called around every step."""

    def __init__(self) -> None:
        self.named: dict[str, Handler] = {}
        self.before_every: list[Handler] = []
        self.after_every: list[Handler] = []
        self.whenever: list[Handler] = []
        """Called once a step is recorded, those of the past too: what it says is true of others."""

    def register(self, name: str) -> Callable[[Handler], Handler]:
        """Let journeys name a handler; a name is given once."""

        def keep(handler: Handler) -> Handler:
            if self.named.setdefault(name, handler) is not handler:
                msg = f"{name} names two handlers"
                raise ValueError(msg)
            return handler

        return keep

    def around(self, names: Iterable[str], *, before: bool) -> list[Handler]:
        """What is called before a step (those of every step first), or after it (those last)."""
        names = tuple(names)
        for name in names:
            if name not in self.named:
                raise NoHandler(name=name)
        own = [self.named[name] for name in names]
        return [*self.before_every, *own] if before else [*own, *self.after_every]


HANDLERS = Handlers()


class NoHandler(Unavailable):
    """A journey published by another version of the product calls what this one does not have."""

    code = "journey.no_handler"
    fr = (
        "Le parcours appelle le traitement « {name} », que cette version de Jalon n'a pas : "
        "rien n'a été enregistré ; installez la version qui l'a."
    )
    en = (
        "The journey calls the handler “{name}”, which this version of Jalon does not have: "
        "nothing was recorded; install the version that has it."
    )
