"""What a test run eases, seen by the tests of a project that uses it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests import databases
from tests.testing import runs
from tests.thoroughness import only_in_full


@pytest.fixture(
    params=["sqlite", "postgres", pytest.param("mariadb", marks=only_in_full)]
)
def database(request: pytest.FixtureRequest, worker_name: str) -> dict[str, Any] | None:
    """Return the settings of a database on each server there is; None for SQLite."""
    if request.param == "sqlite":
        return None
    service = request.getfixturevalue(f"{request.param}_service")
    name = {"NAME": f"small_{worker_name}"}
    return {**name, **databases.at(request.param, service.address)}


@pytest.mark.slow
def test_django_s_runner_eases_what_it_says(
    tmp_path: Path, database: dict[str, Any] | None
) -> None:
    """TEST_RUNNER is the one line, whatever the database."""
    project = runs.make_project(tmp_path)
    assert "\nOK" in runs.run_unittest(project, database=database)


@pytest.mark.slow
def test_workers_ease_the_same(tmp_path: Path) -> None:
    """A run in several processes has the same answer in each."""
    project = runs.make_project(tmp_path)
    assert "\nOK" in runs.run_unittest(project, "--parallel", "2")


@pytest.mark.slow
def test_pytest_eases_what_it_says(tmp_path: Path) -> None:
    """`jtsec_testing = true` is the one line; the fixtures are there."""
    project = runs.make_project(tmp_path)
    said = runs.run_pytest(project)
    assert " passed" in said
    assert "failed" not in said


@pytest.mark.slow
def test_without_the_line_nothing_is_eased(tmp_path: Path) -> None:
    """The plugin is installed, and does nothing at all."""
    project = runs.make_project(tmp_path)
    ini = project / "pytest.ini"
    ini.write_text(ini.read_text().replace("jtsec_testing = true\n", ""))
    said = runs.run_pytest(project, "test_fixtures.py", expected=1)
    assert "fixture 'jt_user' not found" in said
    said = runs.run_pytest(project, "test_users.py", expected=1)
    assert "test_every_way_to_make_a_user_makes_a_person" in said


@pytest.mark.slow
def test_the_plugin_imports_nothing_where_it_is_not_wanted(tmp_path: Path) -> None:
    """Every pytest of the environment loads it; most know nothing of Django."""
    (tmp_path / "pytest.ini").write_text("[pytest]\n")  # not one of a folder above
    (tmp_path / "test_other.py").write_text(
        "import sys\n"
        "def test_nothing_is_imported():\n"
        "    ours = {n for n in sys.modules if n.split('.')[0] == 'jtsec'}\n"
        "    assert ours == {'jtsec', 'jtsec.testing', 'jtsec.testing.pytest_plugin'}\n"
        "    assert not any(n.split('.')[0] == 'django' for n in sys.modules)\n"
    )
    runs.run(tmp_path, "-m", "pytest", "-q", "-p", "no:django", "test_other.py")
