"""The reference says what the code says."""

from collections.abc import Callable

import pytest

from tests.reference import FOLDER, PAGES


@pytest.mark.parametrize(("name", "page"), PAGES.items())
def test_the_reference_is_up_to_date(name: str, page: Callable[[], str]) -> None:
    assert (FOLDER / name).read_text("utf-8") == page(), "run: just reference"
