"""
A project of somebody else's, from `startproject` to guarded, as the README says it.

The shop in tests/adopters has a user model of its own, its own login view and thirty
tests for plain Django. Its ten people exist before jtsec comes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests import databases
from tests.services import postgres
from tests.testing.project import Project
from tests.testing.staff import staff_file
from tests.thoroughness import only_in_full

pytestmark = pytest.mark.slow

PEOPLE = [f"old{number}@shop.example" for number in range(10)]
MAKE_PEOPLE = """
import json, sys
from shop.models import Clerk
for email in json.loads(sys.argv[1]):
    Clerk.objects.create_user(email, "secret of " + email)
print(json.dumps(sorted({one.password.split("$")[0] for one in Clerk.objects.all()})))
"""
LOG_IN = """
import json, sys
from django.db import connection
from django.test import Client
from shop.models import Clerk
email, password, *planted = sys.argv[1:]
if planted:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE shop_clerk SET password = %s WHERE email = %s", [*planted, email]
        )
client = Client(SERVER_NAME="localhost")
answer = client.post("/log-in/", {"email": email, "password": password})
stored = Clerk.objects.values_list("password", flat=True).get(email=email)
after = client.get("/").headers.get("Location", "")
print(json.dumps([answer.status_code, stored.split("$")[0], after]))
"""
PLAIN_HASH = """
import json, sys
from django.contrib.auth.hashers import make_password
print(json.dumps(make_password(sys.argv[1], hasher="pbkdf2_sha256")))
"""
PROBLEM = re.compile(r"\((jtsec\.\w+)\)")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=only_in_full)])
def database(request: pytest.FixtureRequest, worker_name: str) -> Any:
    """Return the settings of the project's database; None for its own SQLite file."""
    if request.param == "sqlite":
        return None
    service = request.getfixturevalue("postgres_service")
    dsn = postgres.create_database(service, f"mall_{worker_name}")
    return {
        "ENGINE": databases.ENGINES["postgres"],
        **databases.at("postgres", dsn),
    }


@pytest.mark.clause("A3.1.1", "A3.1.2", "A3.2.5")
def test_a_project_with_users_adopts_jtsec(
    tmp_path: Path, database: Mapping[str, Any] | None
) -> None:
    """Each stage says what comes next; in the end there is nothing left to say."""
    folder, keys = tmp_path / "project", tmp_path / "keys" / "jtsec.keys"
    folder.mkdir()
    keys.parent.mkdir(mode=0o700)
    project = Project(folder, database)

    live_without_jtsec(project)
    add_the_lines(project)
    follow_the_checks(project, keys)
    hand_the_people_over(project)
    assert "no issues" in project.manage("check", "--database", "default")
    log_the_people_in(project)
    run_its_tests(project)


def live_without_jtsec(project: Project) -> None:
    """The project has people, and its thirty tests pass."""
    project.manage("makemigrations", "shop")
    project.manage("migrate", "--verbosity", "0")
    assert project.python(MAKE_PEOPLE, as_json(PEOPLE)) == ["pbkdf2_sha256"]
    said = project.manage("test", "shop")
    assert "Ran 30 tests" in said
    assert said.rstrip().splitlines()[-2] == "OK"


def add_the_lines(project: Project) -> None:
    """The README's three changes and one address."""
    project.replace_in_settings(
        "    'django.contrib.staticfiles',\n",
        "    'django.contrib.staticfiles',\n    'jtsec',\n",
    )
    project.add_setting('\nJTSEC_PROFILE = "plugin"\n')
    project.end_settings("from jtsec.preset import apply; apply(globals())\n")
    project.add_url('urlpatterns.append(path("accounts/", include("jtsec.urls")))\n')


def follow_the_checks(project: Project, keys: Path) -> None:
    """What `check` says is done, word for word, until it says nothing."""
    said = project.manage("check", expected=1)
    assert PROBLEM.findall(said) == ["jtsec.E030"]
    assert "manage.py jtsec_init --keys" in said
    assert "jtsec_init" in project.manage("jtsec_init", "--keys", str(keys))
    project.add_setting(f'JTSEC_KEYS_FILE = "{keys}"\n')

    said = project.manage("check")
    assert PROBLEM.findall(said) == ["jtsec.W201"]
    placed = re.search(
        r"^JTSEC_ACCESS_VIEWS = \{.*?^\}", said, re.DOTALL | re.MULTILINE
    )
    assert placed is not None
    assert '"log-in": "public"' in placed.group()
    project.add_setting(placed.group() + "\n")

    assert "no issues" in project.manage("check")
    project.manage("migrate", "--verbosity", "0")
    said = project.manage("check", "--database", "default")
    assert PROBLEM.findall(said) == ["jtsec.W207", "jtsec.W301"]
    assert "manage.py jtsec_identity_import" in said


def hand_the_people_over(project: Project) -> None:
    """A bad line is named and nothing is changed; then everybody is registered."""
    staff = project.folder / "staff.csv"
    staff.write_text(staff_file(PEOPLE, bad=3))
    command = "jtsec_identity_import", "staff.csv"
    said = project.manage(*command, "--dry-run", expected=1)
    assert "line 5, resident_id" in said
    real = "--actor", "clerk of the shop", "--reason", "jtsec comes"
    project.manage(*command, *real, expected=1)
    said = project.manage("check", "--database", "default")
    assert "10 users have no identity" in said

    staff.write_text(staff_file(PEOPLE))
    assert "Would register 10" in project.manage(*command, "--dry-run")
    assert "Registered 10" in project.manage(*command, *real)
    assert "10 were registered already" in project.manage(*command, *real)


def log_the_people_in(project: Project) -> None:
    """Old passwords are upgraded by a login; nothing else is let in."""
    first, second, *_ = PEOPLE
    change = "/accounts/password/"
    for _ in range(2):
        # The first time the old value, the second time the new one.
        entered = project.python(LOG_IN, first, f"secret of {first}")
        assert entered == [302, "jtsec_argon2", change]
    refused = [401, "jtsec_argon2", "/log-in/?next=/"]
    assert project.python(LOG_IN, first, "wrong") == refused

    planted = project.python(PLAIN_HASH, "planted")
    refused = [401, "pbkdf2_sha256", "/log-in/?next=/"]
    for victim in (first, second):
        assert project.python(LOG_IN, victim, "planted", planted) == refused

    stranger = "stranger@shop.example"
    project.python(MAKE_PEOPLE, as_json([stranger]))
    said = project.python(LOG_IN, stranger, f"secret of {stranger}")
    assert said == [401, "jtsec_argon2", "/log-in/?next=/"]


def run_its_tests(project: Project) -> None:
    """With one line the thirty tests pass; without it they see what is guarded."""
    said = project.manage("test", "shop", expected=1)
    assert "Ran 30 tests" in said
    assert "FAILED" in said
    project.add_setting('TEST_RUNNER = "jtsec.testing.runner.JtsecRunner"\n')
    for options in ([], ["--parallel", "2"]):
        said = project.manage("test", "shop", *options)
        assert "Ran 30 tests" in said
        assert "\nOK\n" in said
    ini = project.folder / "pytest.ini"
    lines = ["[pytest]", "DJANGO_SETTINGS_MODULE = mall.settings"]
    ini.write_text("\n".join([*lines, "jtsec_testing = true"]) + "\n")
    assert "30 passed" in project.run("-m", "pytest", "-q", "shop")


def as_json(value: list[str]) -> str:
    """Return a value for the command line of a script."""
    return json.dumps(value)
