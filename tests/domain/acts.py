"""What acts of an aggregate are refused with: a kind, and a sentence in both languages."""

from collections.abc import Callable

import pytest

from domain.errors import JalonError

Refusals = list[tuple[type[JalonError], Callable[[], object]]]


def refused(cases: Refusals) -> None:
    """Each is refused so, and says it in both languages."""
    for kind, act in cases:
        with pytest.raises(kind) as told:
            act()
        assert told.value.say("fr").endswith((".", "?"))
        assert told.value.say("en").endswith(".")
