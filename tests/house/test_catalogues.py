"""Settings and events: each has one name, one owner, one sentence."""

from __future__ import annotations

from collections import Counter
from importlib import import_module

from tests.house.sources import PACKAGE


def load(room: str) -> None:
    """Import this room of every control, so that all that is declared is known."""
    for path in sorted(PACKAGE.glob(f"*/**/{room}.py")):
        package = ".".join(path.parent.relative_to(PACKAGE).parts)
        import_module(f"jtsec.{package}.{room}")


def test_a_setting_has_one_name_and_one_sentence() -> None:
    """Loader, checks, documentation and report are made of one declaration."""
    from jtsec.core import conf

    load("conf")
    declared = list(conf.declared())
    assert declared
    assert [n for n, k in Counter(d.name for d in declared).items() if k > 1] == []
    assert [d.name for d in declared if not d.name.startswith("JTSEC_")] == []
    assert [d.name for d in declared if not d.spec.doc.endswith(".")] == []


def test_an_event_has_one_code_in_the_name_of_its_control() -> None:
    """A code says which control reports, and what it says is written down."""
    from jtsec.audit import events

    load("events")
    ours = {
        code: cls
        for code, cls in events.declared_events().items()
        if cls.__module__.startswith("jtsec.")
    }
    assert ours
    assert {
        code: cls.__module__
        for code, cls in ours.items()
        if code.split(":")[0] != cls.__module__.split(".")[1]
    } == {}
    assert [
        cls.__name__ for cls in ours.values() if not (cls.__doc__ or "").strip()
    ] == []
