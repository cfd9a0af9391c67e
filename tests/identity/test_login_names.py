"""One form of a login name for look-up, uniqueness and counters."""

from __future__ import annotations

import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jtsec.core.exceptions import InputError
from jtsec.identity import login_names
from jtsec.identity.api import (
    canonical_login_name,
    fold_login_name,
    user_by_login_name,
)
from jtsec.identity.login_names import login_key
from tests.identity import people

VARIANTS = [
    "ADMIN",
    " admin\t",
    "ａｄｍｉｎ",
    "ad\u200bmin",
    "ad\u00admin",
    "admin\ufe0f",
    "adm\u0131n",
    "ADM\u0130N",
    "\u0430dmin",
    "a\u200d\u0064min\x00",
    "\u3164admin",
    "\U0001d4ea\U0001d4edmin",
]
REFUSED = {
    "": "empty",
    "   ": "empty",
    "a" * 151: "too-long",
    "a" * 10_000_000: "too-long",
    "\ufdfa": "white-space",
    "\ufdfa" * 100: "too-long",
    "ad min": "white-space",
    "ad\u3000min": "white-space",
    "ad\x00min": "invisible",
    "ad\nmin": "invisible",
    "ad\u200bmin": "invisible",
    "ad\u202emin": "invisible",
    "admin\ufe0f": "invisible",
    "admin\U000e0100": "invisible",
    "ad\ud800min": "invisible",
    "ad\u3164min": "invisible",
    "adm\u0131n": "confusable",
    "ADM\u0130N": "confusable",
    "\u0430dmin": "confusable",
    "adm\u03b9n": "confusable",
    "ad\u0251min": "confusable",
    "user\u0665": "confusable",
    "admin\ue000": "confusable",
    "<admin>": "confusable",
}


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.clause("A3.2.7", "A3.2.8")
def test_every_variant_of_a_name_folds_to_the_same_string(variant: str):
    """Case, width, invisible characters and lookalikes give no fresh counter."""
    assert fold_login_name(variant) == fold_login_name("admin") == "admin"


@pytest.mark.parametrize(("text", "code"), REFUSED.items(), ids=lambda v: ascii(v)[:20])
def test_a_name_that_could_be_mistaken_is_refused(text: str, code: str):
    """What cannot be told from another name is not given out."""
    with pytest.raises(InputError) as refused:
        canonical_login_name(text)
    assert (refused.value.field, refused.value.code) == ("username", code)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("Zhang.San", "zhang.san"),
        ("ＺＨＡＮＧ０１", "zhang01"),
        ("张三", "张三"),
        ("张三a-1", "张三a-1"),
        ("Straße", "strasse"),
        ("user+x@police.example", "user+x@police.example"),
        ("саша", "саша"),
        ("13800000000", "13800000000"),
    ],
)
def test_an_ordinary_name_has_a_canonical_form(text: str, canonical: str):
    """NFKC, stripped, case folded; also in Chinese or one other alphabet."""
    assert canonical_login_name(text) == canonical


@given(st.text(st.characters(exclude_categories=()), max_size=60))
def test_folding_never_raises_and_is_final(text: str):
    """Whatever is typed, surrogates included, folds to something that stays."""
    folded = fold_login_name(text)
    assert fold_login_name(folded) == folded
    assert len(folded) <= 215
    assert len(login_key(text)) == 64


@given(st.text(max_size=40))
def test_case_makes_no_difference(text: str):
    """Upper, lower and title case are one name."""
    assert (
        fold_login_name(text)
        == fold_login_name(text.upper())
        == fold_login_name(text.lower())
        == fold_login_name(text.title())
    )


def test_case_makes_no_difference_for_any_character():
    """The same over all of Unicode, one by one."""
    characters = map(chr, range(sys.maxunicode + 1))
    different = [
        ascii(one)
        for one in characters
        for other in {one.upper(), one.lower()} - {one}
        if fold_login_name(one) != fold_login_name(other)
    ]
    assert different == []


@given(
    st.text(max_size=40), st.integers(0, 40), st.sampled_from("\u200b\u00ad\ufe0f\0")
)
def test_an_invisible_character_makes_no_difference(text: str, at: int, hidden: str):
    """Wherever it stands."""
    assert fold_login_name(text[:at] + hidden + text[at:]) == fold_login_name(text)


@given(st.text(max_size=40))
def test_what_is_accepted_folds_as_its_canonical_form(text: str):
    """A stored name and what was typed to get it lead to the same key."""
    try:
        canonical = canonical_login_name(text)
    except InputError:
        return
    assert canonical_login_name(canonical) == canonical
    assert login_key(canonical) == login_key(text)


def test_ten_megabytes_are_folded_at_once():
    """Nobody keeps the server busy with a name."""
    start = time.perf_counter()
    folded = fold_login_name("a\u200b" * 5_000_000)
    assert time.perf_counter() - start < 2
    assert len(folded) <= 215
    assert folded != fold_login_name("a\u200b" * 5_000_001)


@pytest.mark.django_db
@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.clause("A3.1.2", "A3.2.7")
def test_a_variant_leads_to_the_same_account(variant: str):
    """The look-up folds as the counters do, so no variant has a counter of its own."""
    registered = people.person("Admin", 1)
    found = user_by_login_name(variant)
    assert found is not None
    assert found.pk == registered.user_id


@pytest.mark.django_db
@pytest.mark.parametrize("variant", ["admín", "admin1", "adm", "", "\x00", "a" * 5000])
def test_another_name_leads_to_nobody(variant: str):
    """Accents are other letters, and nothing strange breaks the query."""
    people.person("Admin", 1)
    assert user_by_login_name(variant) is None


def test_without_the_folding_a_variant_has_a_counter_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
):
    """Remove the lookalikes: PostgreSQL's `iexact` would still find the account."""
    monkeypatch.setattr(login_names, "_LOOKALIKES", {})
    assert fold_login_name("adm\u0131n") != fold_login_name("admin")
