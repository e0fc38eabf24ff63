"""The reference data that ships with the product: journeys, regions, and the public history."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

import domain
from application.sentences import of_validation
from domain.journey import Journey
from domain.rules import FaultyJourney

REFERENCE = Path(domain.__file__).parent / "reference"


def read_journey(path: Path) -> Journey:
    """Read a definition; what is not one is refused with the place of the fault."""
    try:
        content: Any = yaml.safe_load(path.read_text("utf-8"))
        return Journey.model_validate(content)
    except UnicodeDecodeError:
        raise FaultyJourney(where=path.name, reason="le fichier n'est pas en UTF-8") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f" à la ligne {mark.line + 1}" if mark else ""
        raise FaultyJourney(where=path.name, reason=f"ce n'est pas du YAML{place}") from None
    except ValidationError as error:
        reason = of_validation(error).say("fr").rstrip(".")
        raise FaultyJourney(where=path.name, reason=reason) from None


def shipped_journeys() -> Iterator[Journey]:
    """The versions of the pole's journey, oldest first."""
    for path in sorted((REFERENCE / "journeys").glob("*.yaml")):
        yield read_journey(path)
