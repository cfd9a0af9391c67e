"""How the package is written: sizes, names, and rules that no linter knows."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from statistics import median

import pytest

from tests.house import rules
from tests.house.sources import Module, is_a_checkout, modules, tracked_texts

MODULE_LINES = 400
MEDIAN_LINES = 90
FUNCTION_LINES = 40
# In pieces, so that this file does not hold what it forbids.
FORBIDDEN = re.compile(
    "|".join(
        [
            r"(?<![\w.])/(?:" + "work|root|home/\\w+|tmp" + ")/",
            r"\b" + "TO" + r"DO\b",
            r"\b" + "FIX" + r"ME\b",
            r"\b" + "XX" + r"X\b",
            "NotImplemented" + "Error",
            "py" + r"pi\.org",
            "python" + r"hosted\.org",
        ]
    )
)

ALL_MODULES = modules()


def test_a_module_fits_one_reading() -> None:
    """No module is longer than a reader keeps in mind."""
    assert {m.path: m.size for m in ALL_MODULES if m.size > MODULE_LINES} == {}


def test_a_function_fits_one_screen() -> None:
    """No function is longer than a screen."""
    assert {
        f"{module.path}: {name}": size
        for module in ALL_MODULES
        for name, size in module.functions()
        if size > FUNCTION_LINES
    } == {}


def test_a_module_is_named_for_its_subject() -> None:
    """A name says what a module is about, not what kind of code is in it."""
    assert [m.path for m in ALL_MODULES if rules.is_named_for_a_kind_of_code(m)] == []


def test_the_time_comes_from_one_place() -> None:
    """Only the clock reads the clock."""
    assert breaches_of(rules.reads_the_clock) == []


def test_settings_are_read_through_their_declaration() -> None:
    """A setting that is read past its declaration escapes its floor."""
    assert breaches_of(rules.reads_settings_directly) == []


def test_an_init_file_only_says_what_the_package_is() -> None:
    """Importing a package runs nothing: Django may not be set up yet."""
    assert breaches_of(rules.says_more_than_a_docstring) == []


def breaches_of(rule: Callable[[Module], list[str]]) -> list[str]:
    """Return what breaks a rule, in all modules."""
    return [breach for module in ALL_MODULES for breach in rule(module)]


def test_most_modules_are_small() -> None:
    """Half of the modules are shorter than two screens."""
    sizes = [m.size for m in ALL_MODULES if not m.path.endswith("__init__.py")]
    assert median(sizes) < MEDIAN_LINES


def test_a_check_id_means_one_thing() -> None:
    """An id can be cited and silenced, so two checks never share one."""
    owners: dict[str, set[str]] = defaultdict(set)
    for module in ALL_MODULES:
        for check_id, owner in rules.check_ids(module):
            owners[check_id].add(owner)
    assert owners, "no check id found: the rule sees nothing"
    assert {key: names for key, names in owners.items() if len(names) > 1} == {}


@pytest.mark.skipif(not is_a_checkout(), reason="the sources are not a git checkout")
def test_the_project_holds_nothing_of_a_machine_and_nothing_unfinished() -> None:
    """No path of somebody's machine, no note to self, no host of a registry."""
    assert [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in tracked_texts()
        for number, line in enumerate(text.splitlines(), 1)
        if FORBIDDEN.search(line)
    ] == []
