"""A demonstration made once for the run, and copies of it to look at or to break."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.example.demonstration import Demonstration
from tests.example.visitor import Visitor
from tests.services.sharing import made_once

FOLDER = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep a module in one process of the run, which then serves one copy for it."""
    for item in items:
        if item.path.parent == FOLDER:
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


@pytest.fixture(scope="session")
def prepared() -> Demonstration:
    """Return what the first `demo` makes, once in a run; only to be copied."""
    return Demonstration(made_once("example", first_demo))


def first_demo(folder: Path) -> None:
    """Fill a folder with keys, a database and a year of history."""
    done = Demonstration(folder).prepare(with_history=True)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def demonstration(prepared: Demonstration, tmp_path: Path) -> Demonstration:
    """Return a copy for this test alone, not served."""
    return prepared.copy_to(tmp_path / "example")


@pytest.fixture(scope="module")
def served(
    prepared: Demonstration, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Demonstration, str]]:
    """Return a copy that the tests of one module share, and its address."""
    copy = prepared.copy_to(tmp_path_factory.mktemp("served"))
    with copy.served() as address:
        yield copy, address


@pytest.fixture
def visitor(served: tuple[Demonstration, str]) -> Visitor:
    """Return somebody who was never here before."""
    return Visitor(served[1])


@pytest.fixture
def officer(visitor: Visitor) -> Visitor:
    """Return the visitor, logged in as zhang."""
    assert visitor.log_in("zhang").status == 302
    return visitor
