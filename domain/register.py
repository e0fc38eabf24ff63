"""The register: who is in it, under which code. It owns what must hold across poles."""

from uuid import UUID

from domain.finality import Finality
from domain.kernel import Aggregate, Event, event
from domain.pole import Code, PoleId
from domain.spelling import slug
from domain.values import Line

REGISTER = UUID("1e0b9a52-7c34-4d1f-8a66-3f5d20c7e981")
"""The one stream that knows every pole by its code."""


class Register(Aggregate):
    """Every pole that was entered; a code names one pole, once and for ever."""

    class PoleEntered(Event):
        """A code was given to a pole, once and for ever."""

        TOPIC = "register.pole_entered.v1"
        UNDONE_BY = Finality.CONSEQUENCE
        pole: PoleId
        code: Code
        name: Line

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.poles: dict[str, PoleId] = {}
        self.names: dict[str, PoleId] = {}

    def free_code(self, name: str) -> str:
        """The code a new pole of this name would get."""
        base = code_of(name)
        code, n = base, 2
        while code in self.poles:
            code, n = f"{base[:56]}-{n}", n + 1
        return code

    def enter(self, pole: PoleId, *, code: str, name: str) -> None:
        self._entered(pole=pole, code=code, name=name)

    @event(PoleEntered)
    def _entered(self, *, pole: PoleId, code: str, name: str) -> None:
        self.poles[code] = pole
        self.names[name] = pole


def code_of(name: str) -> str:
    """A short name in ASCII: `La Coursive Boutaric` is `la-coursive-boutaric`."""
    return slug(name)[:58].rstrip("-") or "pole"
