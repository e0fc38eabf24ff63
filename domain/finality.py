"""Why nothing goes back on an act of a procedure."""

from enum import StrEnum


class Finality(StrEnum):
    """What an act is, that no other act undoes."""

    STEP = "step"
    """A step of a journey: what was done upon it stands, and another step leads elsewhere."""
    VOTE = "vote"
    """A vote, held once; another may be held."""
    WORD = "word"
    """What somebody said or signed in person: nobody says it otherwise for them."""
    DECISION = "decision"
    """A decision of its day: another decision, or an appeal, changes what it came to."""
    CONSEQUENCE = "consequence"
    """It follows from what was recorded with it, and goes with that."""
    PASSING = "passing"
    """A day that passed, a reminder that left."""
    ERASURE = "erasure"
    """What is erased does not come back."""
    KEEPING = "keeping"
    """What the register did itself, or took in as it came."""
    SEALED = "sealed"
    """Of a person's request: why it would be said otherwise would stand in clear."""
