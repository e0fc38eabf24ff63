"""The reference data that ships with the product: journeys, regions, and the public history."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

import domain
from domain.journey import (
    FaultyJourney,
    Journey,
)

REFERENCE = Path(domain.__file__).parent / "reference"


def read_journey(path: Path) -> Journey:
    """Read a definition; what is not one is refused with the place of the fault."""
    try:
        content: Any = yaml.safe_load(path.read_text("utf-8"))
        return Journey.model_validate(content)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise FaultyJourney(where=path.name, reason=f"le fichier est illisible ({error})") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise FaultyJourney(where=f"{path.name}, {place}", reason=first["msg"]) from None


def shipped_journeys() -> Iterator[Journey]:
    """The versions of the pole's journey, oldest first."""
    for path in sorted((REFERENCE / "journeys").glob("*.yaml")):
        yield read_journey(path)
