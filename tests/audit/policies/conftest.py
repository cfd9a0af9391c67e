"""Who sets policies in these tests, and a process that remembers none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from jtsec.audit.policies import recordings
from jtsec.audit.policies.api import RuleTerms, declare_optional, forget, register_rule
from jtsec.audit.policies.rule_terms import _terms
from jtsec.core.context import Actor

AUDITOR = Actor(
    kind="person", uid="0190a000-0000-7000-8000-000000000001", username="auditor",
    name="审计", is_police=True, organisation="330100000000", duty="audit",
)  # fmt: skip
OFFICER = Actor(
    kind="person", uid="0190a000-0000-7000-8000-000000000002", username="zhang",
    name="张", is_police=True, organisation="330102000000", duty="business",
)  # fmt: skip


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let no test see what another one set."""
    monkeypatch.setattr(recordings, "_optional", dict(recordings._optional))
    declare_optional("tests-query:*", "Queries of the tests")
    declare_optional("tests-view:*", "Views of the tests", by_default=False)
    before = dict(_terms)
    register_rule(RuleTerms("tests-rule", "Rule", dict, is_mandatory=False))
    register_rule(RuleTerms("tests-strict", "Rule", dict, is_mandatory=True))
    forget()
    yield
    _terms.clear()
    _terms.update(before)
    forget()
