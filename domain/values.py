"""Values: compared by what they hold, never changed; lines and prose that a screen can show."""

from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from domain.spelling import shown

# PostgreSQL keeps no NUL in a text: such an event could be recorded and never be listed.
# Control characters and reversals of direction would rewrite the screen of whoever reads.
ONE_LINE = r"^[^\x00-\x1f\x7f-\x9f\u{2028}\u{2029}\u{202a}-\u{202e}\u{2066}-\u{2069}]*$"


SOME_LINES = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u{202a}-\u{202e}\u{2066}-\u{2069}]*$"


Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=ONE_LINE),
    BeforeValidator(shown),
]


Prose = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000, pattern=SOME_LINES),
    BeforeValidator(shown),
]


class Frozen(BaseModel):
    """A value: compared by what it holds, never changed, refusing what it does not know."""

    model_config = ConfigDict(
        frozen=True,
        defer_build=True,
        extra="forbid",
        serialize_by_alias=True,
        validate_by_name=True,
        validate_by_alias=True,
    )


class Personal(Frozen):
    """A value about a person. It travels in commands only: `Work` seals it before an event exists.

    Its text is never printed, compared in a message or written to a log.
    """

    text: Prose = Field(repr=False)

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, given: Any) -> Any:
        return {"text": given} if isinstance(given, str) else given

    def __str__(self) -> str:
        return "…"


class AsSealed(Personal):
    """In a correction: the value that the fact keeps, which is not said again."""

    text: Prose = Field(default="…", repr=False)


class Sealed(Frozen):
    """What an event keeps of a personal value: the SHA-256 of its ciphertext, in base64url."""

    ref: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]
