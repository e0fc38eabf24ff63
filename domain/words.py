"""What definitions are written with: names, sentences in two languages, plain values."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from domain.roles import ROLES
from domain.values import ONE_LINE, Frozen

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
"""An identifier of our own, that an expression may use."""

# What is stored under such a name is sorted by it, and other programs sort what lies beyond the
# Basic Multilingual Plane elsewhere.
_NAMES_SOMETHING = ONE_LINE.replace("]*$", r"\u{10000}-\u{10ffff}]*$")

Id = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=_NAMES_SOMETHING)]
"""An identifier that may come from elsewhere: any words on one line."""

LARGEST_INTEGER = 2**53 - 1
"""What every program reads alike: a larger one is not stored."""

Whole = Annotated[int, Field(ge=-LARGEST_INTEGER, le=LARGEST_INTEGER)]

Stored = bool | Whole | str | list[str] | None
"""A value as it is kept inside an event."""


class Text(Frozen):
    """A sentence in the languages of the product; where one is empty, the other is said."""

    fr: str = ""
    en: str = ""

    def say(self, language: str) -> str:
        return (self.en or self.fr) if language == "en" else (self.fr or self.en)


def called(title: Text, id_: str) -> Text:
    """How something is named to people: by its title, or by its identifier."""
    return title if title.fr or title.en else Text(fr=id_, en=id_)


def role_in_words(roles: Iterable[str], own: Mapping[str, Text]) -> Text:
    """Roles as people call them, those of the product and those of a journey of its own."""
    said = [
        called(own.get(role) or Text(fr=ROLES.get(role, ""), en=role.replace("_", " ")), role)
        for role in roles
    ]
    return Text(fr=", ".join(t.fr or t.en for t in said), en=", ".join(t.en or t.fr for t in said))


def later(default: Any, **more: Any) -> Any:
    """A member that definitions gained after the first of them was published.

    It is left out of what is stored as long as it says nothing, so that the content hash of
    everything published before stays what it was.
    """
    return Field(default, exclude_if=lambda value: value == default, **more)


def named(given: Any) -> Any:
    """Read `{name: {…}}`, as people write it, as a list that keeps its order for ever."""
    if isinstance(given, Mapping):
        return [_with_id(name, value) for name, value in given.items()]
    return given


def _with_id(name: Any, value: Any) -> Any:
    if value is None:
        return {"id": name}
    return {"id": name, **value} if isinstance(value, Mapping) else value
