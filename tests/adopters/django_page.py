"""The reference page about Django's own suites: written, or compared with a run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from pathlib import Path

import django

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "django-suites.md"
ENTRY = re.compile(r"^- `([\w.]+)`$", re.MULTILINE)


@dataclass(frozen=True)
class Failure:
    """One test that failed: its name, and the end of its story."""

    name: str
    text: str


@dataclass(frozen=True)
class Reason:
    """Why tests differ, told once; `name` and `text` are what they are known by."""

    title: str
    explanation: str
    name: str = ""
    text: str = ""

    def fits(self, failure: Failure) -> bool:
        """Answer whether this is why a test failed."""
        fits_name = re.search(self.name, failure.name) is not None
        return fits_name and re.search(self.text, failure.text) is not None


RULES = Reason(
    "The rules for passwords (A3.2.3)",
    "These send `secret`, `testclient` and the like through Django's forms, the admin "
    "or a command, and the validators that `apply` adds refuse them. Run again without "
    "the rules, every one of them passes.",
)
REASONS = (
    Reason(
        "Another user model in the middle of the run",
        "The test puts another table in place of the users with "
        "`override_settings(AUTH_USER_MODEL=...)`. Identities belong to the user model "
        "with which the project started; of another one nobody is known, and nobody is "
        "let in. No project changes its user model while it runs.",
        text="Cannot resolve keyword 'jtsec_identity'",
    ),
    Reason(
        "The words on the page of status 403",
        "The protection does the same. The test looks for the sentence of Django's own "
        "page, and `CSRF_FAILURE_VIEW` is now a page that tells nothing of the inside "
        "(A10.1).",
        name="test_csrf_validation_passes_after_process_request_login",
    ),
    Reason(
        "The work of another hasher is counted",
        "The test shows that an unknown user takes as long as a known one, by counting "
        "the calls of a hasher of its own, or of `encode`. jtsec spends its one hash "
        "elsewhere: in its own hasher, and in `verify` without `encode`. That it is "
        "one hash in each case is tested in `tests/authentication`.",
        name="timing|test_check_password_fake_runtime",
    ),
    Reason(
        "Old passwords are not upgraded in a test run",
        "In operation a password from before jtsec is stored anew at its first good "
        "login. In a test run `jtsec.testing` leaves what factories have made, since "
        "the upgrade would end the user's other sessions in every test. The upgrade is "
        "shown by `tests/testing/test_adoption.py`.",
        name="check_password_upgrade",
    ),
    Reason(
        "The backend is not Django's own",
        "Django calls a user name that is not unique an error where "
        "`AUTHENTICATION_BACKENDS` is its own backend and nothing else; with any other "
        "it warns (`auth.W004`). Names are unique by the identities (A3.1.2).",
        name="test_username_(non|partially)_unique",
    ),
    Reason(
        "Rights of another user model",
        "As above: the test puts another table in place of the users, nobody in it has "
        "an identity, and who has none has no rights (A4.1).",
        name="(CustomPermissionsUser|ExtensionUser)ModelBackendTest",
    ),
    Reason(
        "Rights on an object",
        "Django's backend says no to every question about an object. jtsec decides "
        "about the object by its organisation and label, where it has any (A4.1).",
        name="ModelBackendTest.test_a?has_no_object_perm",
    ),
    Reason(
        "A right from another backend",
        "The test adds a backend that gives a right by itself. A refusal of jtsec is "
        "final: another backend's rows carry no seal and no name of who gave them "
        "(A4.2).",
        name="RowlevelBackendTest",
    ),
    Reason(
        "Where a right comes from",
        "The test asks which rights are a user's own and which a group's. jtsec gives "
        "all of them as the user's own; its roles are asked of `jtsec.access.api`.",
        name="ModelBackendTest.test_a?custom_perms",
    ),
    Reason(
        "A right for a user without a name",
        "The test makes a user without a user name, whom nobody could register; who "
        "has no identity has no rights (A4.1).",
        name="auth_tests.test_migrations.ProxyModel",
    ),
    Reason(
        "Who has a right",
        "`with_perm` lists who may use a right now: nobody out of use, and no "
        "superuser, for none can be in operation.",
        name="UserWithPermTestCase",
    ),
    Reason(
        "Sessions are in the table of jtsec",
        "The test looks for the session in `django_session`. It is in "
        "`jtsec_session`, under the SM3 digest of the cookie's value (A9.1).",
        name="SessionMiddlewareTests.test_empty_session_saved",
    ),
)
HEAD = """# Django's own suites

`auth_tests` and `sessions_tests` of Django {version}, {number} tests, were run with
jtsec installed and applied and with `jtsec.testing.runner.JtsecRunner`. {passed} give
the result they give without jtsec: they pass, or are skipped. {failed} differ, each
for a reason below.

```
python -m tests.adopters.django_suites            # compare a run with this page
python -m tests.adopters.django_suites --write    # write this page anew
```

pip has to find Django's source distribution for it. The settings are
`tests/adopters/django_settings.py`: every view is placed as public, since these suites
are not about access; `LOGIN_URL` and its kin have Django's values; everything else is
as `apply` leaves it. Superusers and users nobody has registered are let in during a
test run (see [Test your project](../how-to/test-your-project.md)) and so are not among
the differences; in operation both are refused.
"""


def write(
    number: int, failures: Mapping[str, Failure], by_rules: Set[str]
) -> list[str]:
    """
    Write the page.

    Args:
        number: of all tests.
        failures: what failed, by name.
        by_rules: the names that fail because of the rules for passwords.

    Returns:
        What no reason fits; the page is then left as it was.
    """
    grouped: dict[str, list[str]] = {one.title: [] for one in (RULES, *REASONS)}
    unexplained: list[str] = []
    for failure in failures.values():
        fitting = [RULES] if failure.name in by_rules else []
        fitting += [one for one in REASONS if one.fits(failure)]
        if fitting:
            grouped[fitting[0].title].append(failure.name)
        else:
            unexplained.append(f"{failure.name}: {failure.text[-500:]}")
    if not unexplained:
        PAGE.write_text("\n".join(_lines(number, len(failures), grouped)) + "\n")
    return unexplained


def differences(failures: Iterable[str]) -> list[str]:
    """Return how a run differs from the page, in sentences."""
    listed, found = set(ENTRY.findall(PAGE.read_text())), set(failures)
    return [
        *(f"fails, and is not on the page: {one}" for one in sorted(found - listed)),
        *(f"is on the page, and passes: {one}" for one in sorted(listed - found)),
    ]


def _lines(number: int, failed: int, grouped: Mapping[str, list[str]]) -> Iterable[str]:
    yield HEAD.format(
        version=django.get_version(),
        number=number,
        failed=failed,
        passed=number - failed,
    )
    for one in (RULES, *REASONS):
        names = grouped[one.title]
        if names:
            yield f"## {one.title}: {len(names)}\n"
            yield f"{one.explanation}\n"
            yield from (f"- `{name}`" for name in sorted(names))
            yield ""
