"""Registries to try bad input on."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.interfaces.shell import (
    audit,
    begun,
    leaves,
    loaded,
)


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A registry with the public history; nothing writes in it, whatever is tried."""
    home = loaded(tmp_path_factory.mktemp("history") / "home")
    before = audit(home)
    yield home
    assert audit(home) == before


@pytest.fixture
def home(history: Path, tmp_path: Path) -> Path:
    """A copy of the registry with the public history, to write in."""
    return shutil.copytree(history, tmp_path / "home")


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A registry with its journeys, and no pole yet."""
    return begun(tmp_path / "empty")


@pytest.fixture
def untouched(history: Path) -> Iterator[Path]:
    """The registry with the public history, which must be the same afterwards."""
    before = leaves(history)
    yield history
    assert leaves(history) == before
