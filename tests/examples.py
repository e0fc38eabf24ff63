"""On how many examples a property is tried: all of them in the long tier, a share in the short."""

import os
from typing import Any

import hypothesis

SHARE = 1 if os.environ.get("JALON_THOROUGH") == "1" else 4
"""Of so many examples, the short tier tries one."""

FEWEST = 3


def settings(*, max_examples: int = 100, **more: Any) -> hypothesis.settings:
    """The settings of a property, by the number of examples that it deserves."""
    return hypothesis.settings(max_examples=max(max_examples // SHARE, FEWEST), **more)
