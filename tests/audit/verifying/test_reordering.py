"""Two rows that have changed places are found among many."""

from __future__ import annotations

import pytest

from jtsec.audit.sealing.api import seal_now
from jtsec.audit.verifying import reordering
from jtsec.crypto import merkle
from tests.audit.sealing.log import grant
from tests.audit.verifying import attacks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("A5.8")]


@pytest.mark.parametrize(("one", "two"), [(0, 149), (70, 71), (20, 22), (3, 120)])
def test_two_of_many_are_found_by_their_times(one: int, two: int) -> None:
    """Far apart, neighbours, and nearly so; most rows are never tried."""
    ids = grant(150)
    (stored,) = seal_now()
    attacks.swap(ids[one], ids[two])
    stand = reordering.stand_of(stored.parsed(), "default")
    assert stand is not None
    assert len(reordering._suspects(stand)) < 12
    assert reordering.exchanged_within(stand) == (ids[one], ids[two])


def test_a_log_in_order_has_no_suspects() -> None:
    """Nothing is tried where nothing is out of order."""
    grant(60)
    (stored,) = seal_now()
    stand = reordering.stand_of(stored.parsed(), "default")
    assert stand is not None
    assert reordering._suspects(stand) == []
    assert stand.root_with({}) == stand.root


@pytest.mark.parametrize("count", [2, 3, 5, 8, 13])
def test_a_root_with_other_leaves_is_that_of_the_tree(count: int) -> None:
    """Worked out along the paths alone, for trees of every shape."""
    grant(count)
    (stored,) = seal_now()
    stand = reordering.stand_of(stored.parsed(), "default")
    assert stand is not None
    for at in range(count):
        other = [bytes(32) if one == at else leaf for one, leaf in _leaves(stand)]
        assert stand.root_with({at: bytes(32)}) == merkle.root(other)


def _leaves(stand: reordering.Stand) -> list[tuple[int, bytes]]:
    return list(enumerate(stand.levels[0]))
