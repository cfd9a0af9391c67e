"""What the coverage can prove for the compliance report."""

from __future__ import annotations

from collections.abc import Iterator

from jtsec.core.evidence import Fact

from . import functions, registry, statements


def facts() -> Iterator[Fact]:
    """Yield what was measured just now."""
    labels = [found.label for found in registry.all_watched()]
    yield Fact(
        "A5.1",
        "Models whose every change is recorded with its values before and after",
        bool(labels) and statements.is_watching(),
        labels,
    )
    registered = sorted(functions.registered().items())
    yield Fact(
        "A5.1",
        "Functions, pages and queries whose use is recorded",
        bool(registered),
        [name for name, _ in registered],
    )
    yield Fact(
        "A5.5",
        "Functions declared core, whose use is recorded in full",
        True,
        [name for name, is_core in registered if is_core],
    )
