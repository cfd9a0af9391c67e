"""The columns of a file of people: named where they are wrong, in little time."""

from __future__ import annotations

import pytest

from jtsec.core.clock import elapsed
from jtsec.identity.staff_file import COLUMNS, UnusableFile, read_rows

pytestmark = pytest.mark.clause("A3.1.4", "A8.1")
HEAD = ",".join(COLUMNS)


@pytest.mark.parametrize(
    ("head", "named"),
    [
        (f"{HEAD},name", "name"),
        (f"{HEAD},salary", "'salary'"),
        (HEAD.replace(",duty", ""), "duty"),
    ],
)
def test_columns_that_are_wrong_are_named(head: str, named: str) -> None:
    """Twice, unknown, or missing."""
    with pytest.raises(UnusableFile, match=f"[:：] ?{named}[.。]"):
        read_rows(head.encode())


def test_a_file_of_nothing_but_columns_is_refused_at_once() -> None:
    """Comparing each with each would keep a worker busy for minutes."""
    head = ",".join([HEAD, *(f"c{number}" for number in range(100_000))])
    begun = elapsed()
    with pytest.raises(UnusableFile) as caught:
        read_rows(head.encode())
    assert elapsed() - begun < 5
    assert len(str(caught.value)) < 1000
