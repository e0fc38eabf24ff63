"""What the documentation shows is what the product accepts."""

import re
from pathlib import Path

import yaml

from domain.check import check
from domain.journey import Journey
from domain.pole import PoleFacts
from domain.rules import fact_types
from infrastructure.guards import Cel

DOCS = Path(__file__).parent.parent / "docs"


def test_the_definition_of_the_reference_has_no_fault() -> None:
    page = (DOCS / "reference" / "journey.md").read_text("utf-8")
    (shown,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)

    journey = Journey.model_validate(yaml.safe_load(shown))

    assert check(journey, fact_types(PoleFacts), Cel) == []
