"""The poles of a day by name, and what is asked of all of them at once."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from application.register import PoleLine
from domain.spelling import plain

T = TypeVar("T")


def by_name(line: PoleLine) -> tuple[str, str]:
    """The order of the register."""
    return plain(line.name), line.code


class RegisterOfDay:
    """The poles of a moment by name, and what is asked of all of them at once, found once."""

    def __init__(self, found: Mapping[str, PoleLine]) -> None:
        self.found = found
        self.lines = tuple(sorted(found.values(), key=by_name))
        self._asked: dict[Hashable, Any] = {}

    def once(self, name: Hashable, ask: Callable[[Sequence[PoleLine]], T]) -> T:
        """The answer to a question about all its poles, which is asked the first time."""
        if name not in self._asked:
            self._asked[name] = ask(self.lines)
        found: T = self._asked[name]
        return found

    def places(
        self, name: Hashable, key: Callable[[PoleLine], Any], backwards: bool = False
    ) -> Mapping[UUID, int]:
        """The place of each pole in an order, of a name of its own: found once."""

        def in_order(lines: Sequence[PoleLine]) -> Mapping[UUID, int]:
            ordered = sorted(lines, key=key, reverse=backwards)
            return {line.id: place for place, line in enumerate(ordered)}

        return self.once(name, in_order)
