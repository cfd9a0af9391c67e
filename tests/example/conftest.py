"""A demonstration made once for the run, and copies of it to look at or to break."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.example.demonstration import Demonstration
from tests.example.visitor import Visitor


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Demonstration:
    """Return what the first `demo` makes; only to be copied."""
    made = Demonstration(tmp_path_factory.mktemp("example"))
    done = made.prepare(with_history=True)
    assert done.returncode == 0, done.stderr
    return made


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
