"""Alarms speak in words: of what was done, and with what thing."""

from __future__ import annotations

import pytest

from jtsec.approvals.models import ApprovalRequest
from jtsec.audit.alarms import wording
from jtsec.audit.events import label_of

CODE = "approvals:request:submitted"


@pytest.mark.clause("A5.5")
@pytest.mark.parametrize(
    ("function", "words"),
    [
        (CODE, label_of(CODE)),
        (
            f"{CODE} jtsec.approvalrequest",
            f"{label_of(CODE)} ({ApprovalRequest._meta.verbose_name})",
        ),
        (f"{CODE} gone.table", f"{label_of(CODE)} (gone.table)"),
        (f"{CODE} permit", f"{label_of(CODE)} (permit)"),
    ],
)
def test_what_was_done_is_named_in_words(
    monkeypatch: pytest.MonkeyPatch, function: str, words: str
) -> None:
    """Neither a code nor a label of a model is anything to an auditor."""
    monkeypatch.setattr(wording, "_rules", {})
    wording.register_rule("shop:rule:used", "Used", "%(function)s.")
    said = wording.sentence_of("shop:rule:used", {"function": function}, {})
    assert said == f"{words}."
