"""Planted secrets are found, and what only looks like one is left alone."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

import django
from django.core import checks as django_checks
from django.test import override_settings

from jtsec.core.clock import now
from jtsec.secrets import api, checks, evidence, in_settings, searching
from jtsec.secrets.finding import Kind
from jtsec.secrets.literals import in_configuration, in_python
from tests.secrets.conftest import Places

pytestmark = pytest.mark.clause("A10.3")
ROOT = Path(__file__).parents[2]

# Put together here, so that this file has none of them in clear.
VALUE = "Tr0ub4dor" + "&3x"
URL = "postgres://app:" + VALUE + "@db.internal:5432/app"
PEM = "-----BEGIN " + "PRIVATE KEY-----\n" + "MIGHAgEAMBMGByqGSM49AgEGCCqBHM9V" * 3
ISSUED = "ghp" + "_" + "0123456789abcdefghijABCDEFGHIJ123456"

IN_CODE = {
    "a name": f'PASSWORD = "{VALUE}"',
    "an annotated name": f'db_password: str = "{VALUE}"',
    "an attribute": f'self.api_key = "{VALUE}"',
    "an argument": f'connect(host="db", password="{VALUE}")',
    "a dictionary": f'x = {{"HOST": "db", "PASSWORD": "{VALUE}"}}',
    "an item": f'x["secret"] = "{VALUE}"',
    "a default": f'os.environ.get("DB_PASSWORD", "{VALUE}")',
    "Django's own first key": 'SECRET_KEY = "django-insecure-' + '1a2b3c4d5e6f7g8h9i"',
    "an interface code": f'JKXLH = "{VALUE}"',
    "a URL": f'x = "{URL}"',
    "a source of an older Python": f'print "x"\nPASSWORD = "{VALUE}"',
}
NOT_IN_CODE = [
    'PASSWORD_FIELD = "password"', 'x = {"password": "required"}', 'PASSWORD = ""',
    'autocomplete(password="current-password")', 'fields = {"new_password1": "x1y2"}',
    'TOKEN_HEADER = "X-Token-1"', 'SECRET_KEY = secret("django.secret-key")',
    'password = os.environ["DB_PASSWORD"]', 'PASSWORD_HASHER = "a.b.Argon2Hasher"',
    'password="new_password1"', 'KEY_FILE = "/etc/keys/Key1.pem"',
    'if password == "Abc-123!":\n    pass', 'PASSWORD = "<Put yours here 1>"',
    'PASSWORD = "${DB_PASSWORD}"', 'url = "https://example.org:8080/a@b1"',
    'url = f"postgres://{user}:{password}@db/x"', 'PASSWORD = "changeme"',
    'SECRET_KEY = "only-for-the-tests-0123456789"', 'secret: "Optional[str]" = x',
    'token = "the token has expired, error 17"', 'password = "口令不能为空1"',
    'url = "smtp://USER:<password>@mail"',
]  # fmt: skip


@pytest.mark.parametrize("where", IN_CODE)
def test_a_secret_in_code_is_found(where: str) -> None:
    """Once, with its line, and never with its value."""
    found = {*in_python("\n\n" + IN_CODE[where], "a.py", Kind.CODE)}
    assert len(found) == 1
    (one,) = found
    assert one.line == 3 + IN_CODE[where].count("\n")
    assert VALUE not in repr(found)


@pytest.mark.parametrize("source", NOT_IN_CODE)
def test_what_only_looks_like_one_is_not(source: str) -> None:
    """Names of fields, texts, placeholders and calls."""
    assert list(in_python(source, "a.py", Kind.CODE)) == []


def test_in_settings_a_word_is_a_password_too() -> None:
    """Nobody writes a text under PASSWORD there."""
    source = 'DATABASES = {"default": {"PASSWORD": "postgres"}}'
    assert list(in_python(source, "settings.py", Kind.CODE)) == []
    (one,) = in_python(source, "settings.py", Kind.SETTINGS)
    assert (one.kind, one.name, one.label) == (
        Kind.SETTINGS, "PASSWORD", "settings.py:PASSWORD")  # fmt: skip


@pytest.mark.parametrize(
    ("line", "name"),
    [(f"DB_PASSWORD={VALUE}", "DB_PASSWORD"), ("export API_KEY='abcdef'", "API_KEY"),
     (f"DATABASE_URL={URL}", "URL"), ("  password: postgres", "password"),
     ('  "secret": "abc",', "secret"), ("- POSTGRES_PASSWORD=pgpg # local",
     "POSTGRES_PASSWORD"), ("ENV SECRET_KEY=abc", "SECRET_KEY")],
)  # fmt: skip
def test_a_secret_in_a_configuration_file_is_found(line: str, name: str) -> None:
    """As environment, YAML, JSON, Compose and Docker write it."""
    (one,) = in_configuration(f"DEBUG=0\n{line}\n", ".env")
    assert (one.kind, one.line, one.name) == (Kind.CONFIGURATION, 2, name)


@pytest.mark.parametrize(
    "line",
    ["DB_PASSWORD=", "# DB_PASSWORD=Abc123!", "DB_PASSWORD=${FROM_ELSEWHERE}",
     "PASSWORD_MIN_LENGTH=12", "password: true", "token_url: https://a.b/c",
     "DATABASE_URL=postgres://app@db/app", "secret = <yours>"],
)  # fmt: skip
def test_empty_and_referring_values_are_not(line: str) -> None:
    """Nor are comments, and settings about passwords."""
    assert list(in_configuration(line, ".env")) == []


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    """Return a project with one secret of each kind."""
    root = tmp_path / "project"
    for name, text in {
        "site1/settings.py": f'DATABASES = {{"default": {{"PASSWORD": "{VALUE}"}}}}\n',
        "site1/views.py": f'API_KEY = "{VALUE}"\n',
        "site1/token.py": f'x = "{ISSUED}"\n',
        "site1/tests/test_views.py": f'PASSWORD = "{VALUE}"\n',
        "site1/broken.py": "def (\n",
        ".env": f"DB_PASSWORD={VALUE}\n",
        ".env.example": f"DB_PASSWORD={VALUE}\n",
        ".ci/run.yml": f"env:\n  TOKEN: {VALUE}\n",
        ".git/x.ini": f"password = {VALUE}\n",
        "private.pem": PEM,
        "venv/pyvenv.cfg": "",
        "venv/x.py": f'PASSWORD = "{VALUE}"\n',
        "node_modules/x/.env": f"PASSWORD={VALUE}\n",
        "media/upload.json": f'{{"password": "{VALUE}"}}\n',
        "large.json": " " * (searching.LARGEST_FILE + 1),
        "bytes.py": "\0\udcff",
    }.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", errors="surrogateescape")
    (root / "loop").symlink_to(root)
    return root


def said(*, reviewed: tuple[str, ...] = ()) -> list[str]:
    """Return what the checks of the search say, as id and place."""
    with override_settings(JTSEC_SECRETS_REVIEWED=reviewed):
        messages = [one for check in checks.ALL for one in check(None)]
    for one in messages:
        assert VALUE not in f"{one.msg}{one.hint}"
    return sorted(f"{one.id} {one.msg.split(': ')[0]}" for one in messages)


def test_each_planted_secret_has_its_message(planted: Path) -> None:
    """In settings, in an environment file, in code, and a key; nothing else."""
    media = planted / "media"
    with override_settings(BASE_DIR=planted, MEDIA_ROOT=media):
        expected = [
            "jtsec.E121 site1/settings.py:1", "jtsec.E122 .ci/run.yml:2",
            "jtsec.E122 .env:1",
            "jtsec.E123 site1/views.py:1", "jtsec.E124 private.pem:1",
            "jtsec.E124 site1/token.py:1",
        ]  # fmt: skip
        assert said() == expected
        reviewed = ("site1/views.py:API_KEY", "private.pem:private key")
        assert said(reviewed=reviewed) == expected[:3] + expected[5:]
        facts = list(evidence.facts())
        assert [one.holds for one in facts] == [False, True]
        assert VALUE not in repr(facts)
        (planted / ".env").unlink()
        (planted / ".ci" / "run.yml").unlink()
        (planted / "site1" / "settings.py").write_text("PASSWORD = secret('x')\n")
        assert said() == expected[3:]


def test_a_project_too_large_to_search_says_so(
    planted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Silence would be taken for a clean project."""
    monkeypatch.setattr(searching, "MOST_FILES", 2)
    with override_settings(BASE_DIR=planted):
        assert "jtsec.W234 Not every file of the project was searched for secrets." in (
            said()
        )


def test_this_project_and_its_example_have_none() -> None:
    """But for the password of the demonstration, which the README tells."""
    demonstration = "permits/demonstration/people.py:PASSWORD"
    example = searching.search(ROOT / "example_project")
    assert [one.label for one in example.findings] == [demonstration]
    whole = searching.search(ROOT)
    assert [one.label for one in whole.findings] == [f"example_project/{demonstration}"]
    assert example.is_whole
    assert whole.files > 500


def test_code_about_passwords_has_none() -> None:
    """Django's own, which speaks of them on every page."""
    searched = searching.search(Path(django.__file__).parent / "contrib" / "auth")
    assert searched.findings == ()
    assert searched.files > 30


CONNECTIONS = {
    "DATABASES": {"default": {"ENGINE": "x", "PASSWORD": VALUE}},
    "CACHES": {"default": {"LOCATION": f"redis://:{VALUE}@cache:6379/0"}},
    "EMAIL_HOST_PASSWORD": VALUE,
    "BROKER_URL": URL,
}


def test_a_password_of_a_connection_comes_from_the_store(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One from elsewhere is a warning until it is kept."""
    # Not overridden: Django would look at the connections anew.
    monkeypatch.setattr(in_settings, "settings", SimpleNamespace(**CONNECTIONS))
    # What lies in the folder of this very project is not the question here.
    monkeypatch.setattr(
        checks, "_searched", lambda: searching.Searched((), 1, is_whole=True)
    )
    api.keep("other", "x-y-z-1", at=now())
    before = checks.check_connections(None)
    assert [one.id for one in before] == ["jtsec.W234"] * 4
    assert VALUE not in repr(before)
    assert [one.holds for one in evidence.facts()][-1] is False
    api.keep("db.password", VALUE, at=now())
    assert checks.check_connections(None) == []


def test_a_store_that_cannot_be_used_is_an_error(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Named and not there, or open to others; without one there is nothing to say."""
    (missing,) = checks.check_store(None)
    assert missing.id == "jtsec.E120"
    api.keep("db.password", VALUE, at=now())
    assert checks.check_store(None) == []
    assert next(iter(evidence.facts())).holds is True
    places.store.chmod(0o644)
    (exposed,) = checks.check_store(None)
    assert "0644" in exposed.msg
    assert next(iter(evidence.facts())).holds is False
    monkeypatch.delenv("JTSEC_SECRETS_FILE")
    monkeypatch.delenv("JTSEC_SECRETS_KEY_FILE")
    assert checks.check_store(None) == []


@pytest.mark.django_db
def test_the_checks_are_connected(planted: Path, places: Places) -> None:
    """The store always; the search of all files before a deployment."""
    with override_settings(BASE_DIR=planted):
        plain = {one.id for one in django_checks.run_checks(tags=["jtsec"])}
        assert "jtsec.E120" in plain
        assert "jtsec.E121" not in plain
        deploy = django_checks.run_checks(
            tags=["jtsec"], include_deployment_checks=True
        )
        ids = {one.id for one in deploy}
        assert {"jtsec.E121", "jtsec.E122", "jtsec.E123", "jtsec.E124"} <= ids
