"""Sentences that are also said before Django can translate."""

from __future__ import annotations

import pytest

from django.apps import apps
from django.utils.translation import override

from jtsec.core.rules import at_least, matching, networks
from jtsec.core.wording import early_gettext


def test_a_sentence_is_said_in_the_language_of_the_reader() -> None:
    """What is wrong with a setting is read by the people who run the system."""
    with override("zh-hans"):
        assert at_least(8).fault(4) == "4 低于下限 8。"
        assert networks().fault(("10.x",)).startswith("'10.x' 不是有效的网段")
        assert matching("[a-z]*", "one line").fault("A") == "'A' 不是单行文本。"
    with override("en"):
        assert at_least(8).fault(4) == "4 is below 8."


def test_before_the_apps_are_ready_the_source_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A key file that is asked for in settings.py must fail with its own error."""
    with override("zh-hans"):
        monkeypatch.setattr(apps, "apps_ready", False)
        assert early_gettext("It must stay on.") == "It must stay on."
