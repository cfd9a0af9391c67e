"""A generated time of an office: what was planted is found, and little else is said."""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks import history_found, history_writing
from benchmarks.history import Year
from jtsec.audit.rules import api as rules
from tests.audit.rules.events import seal_all

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

FOUND = (
    "300 queries in ten minutes",
    "300 queries over three hours",
    "60 deletions by somebody who never deletes",
    "25 queries at two in the morning",
    "one account at four addresses within minutes",
    "a person's row altered by SQL",
    "a user locked after guesses",
    "a core function by somebody who never used it",
    "80 uses of a core function",
    "a core function at night",
    "an account used again after a year",
    "an account unused for a year",
)
MISSED = (
    "3 queries at three in the morning",
    "one account at two addresses",
    "one vehicle looked up every hour for days",
)


def test_the_same_seed_gives_the_same_year():
    """Whoever doubts a figure can make the year again."""
    one, other = (list(Year(60, 6000, 110, seed=7).events()) for _ in range(2))
    assert [(e.at, e.code, e.resource) for e in one] == [
        (e.at, e.code, e.resource) for e in other
    ]
    another = [(e.at, e.code) for e in Year(60, 6000, 110, seed=8).events()]
    assert another != [(e.at, e.code) for e in one]


@pytest.mark.clause("A5.7", "A5.5", "A5.6")
def test_the_rules_find_what_was_planted(settings):
    """Each kind that a rule is there for; what lies below a threshold is missed."""

    def change(name, value):
        setattr(settings, name, value)

    # A shorter year, so that the test ends: an account sleeps after a season.
    settings.JTSEC_AUDIT_RULES_DORMANT_ACCOUNT_DAYS = 120
    year = Year(users=80, events=24_000, days=130, seed=3)
    history_found.set_up(change)
    history_writing.write(year.events())
    seal_all()
    with history_found.told(year) as findings:
        rules.watch()
    score = history_found.score(year, findings)
    hits = {label: found for (label, _rule), found in score.found.items()}
    missed = {label: found for label in FOUND if not all(found := hits[label])}
    assert missed == {}
    assert not any(any(hits[label]) for label in MISSED)
    false = Counter({rule: n for rule, n in score.false.items() if n > 12})
    assert not false, "an auditor would not live with so many false alarms"
