"""References are short, random, and forgiving to who types them."""

from __future__ import annotations

import pytest

from jtsec.errors.exceptions import MalformedCode
from jtsec.errors.reference import ALPHABET, new_reference, parse_reference


def test_a_reference_has_forty_random_bits_and_no_look_alikes():
    """A thousand differ, and none holds I, L, O or U."""
    made = {new_reference() for _ in range(1000)}
    assert len(made) == 1000
    assert not set("ILOU") & set(ALPHABET)
    assert len(ALPHABET) == 32
    assert all(parse_reference(one) == one for one in made)


@pytest.mark.parametrize(
    "typed", ["jt-7f3k-92qa", "JT7F3K92QA", " 7f3k 92qa ", "JT–7F3K—92QA"]
)
def test_a_reference_is_read_however_it_was_typed(typed):
    """Case, spaces and the dashes of an office program do not matter."""
    assert parse_reference(typed) == "JT-7F3K-92QA"


def test_letters_that_were_misheard_are_understood():
    """O is zero, I and L are one."""
    assert parse_reference("JT-OOIL-0011") == "JT-0011-0011"


@pytest.mark.parametrize(
    "typed", ["", "JT-7F3K-92Q", "x" * 1000, "JT-7F3K-92Q*", "\x00"]
)
def test_what_is_no_reference_is_said_to_be_none(typed):
    """Nothing else reaches the database."""
    with pytest.raises(MalformedCode):
        parse_reference(typed)
