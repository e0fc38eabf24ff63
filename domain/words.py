"""What definitions are written with: names, sentences in two languages, plain values."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from domain.kernel import ONE_LINE, Frozen

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
"""An identifier of our own, that an expression may use."""

Id = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=ONE_LINE)]
"""An identifier that may come from elsewhere: any words on one line."""

Stored = bool | int | str | list[str] | None
"""A value as it is kept inside an event."""


class Text(Frozen):
    """A sentence in the languages of the product; where one is empty, the other is said."""

    fr: str = ""
    en: str = ""

    def say(self, language: str) -> str:
        return (self.en or self.fr) if language == "en" else (self.fr or self.en)


def later(default: Any, **more: Any) -> Any:
    """A member that definitions gained after the first of them was published.

    It is left out of what is stored as long as it says nothing, so that the content hash of
    everything published before stays what it was.
    """
    return Field(default, exclude_if=lambda value: value == default, **more)


def named(given: Any) -> Any:
    """Read `{name: {…}}`, as people write it, as a list that keeps its order for ever."""
    if isinstance(given, Mapping):
        return [{"id": name, **(value or {})} for name, value in given.items()]
    return given
