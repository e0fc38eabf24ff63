"""What one form of definition holds and the other cannot: a code, the place, a sentence."""

from domain.values import Frozen
from domain.words import Text


class Note(Frozen):
    """Something that was not carried over, or not as it was."""

    code: str
    where: str
    say: Text
    fault: bool = False
    """Whether it is a fault of the definition itself: what is said there has no effect."""


def note(code: str, where: str, fr: str, en: str, *, fault: bool = False) -> Note:
    return Note(code=code, where=where, say=Text(fr=fr, en=en), fault=fault)
