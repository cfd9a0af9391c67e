"""Any user model: registered, reset, reviewed and suspended all the same."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.identity.test_user_models import MODELS, SETTINGS

STORY = """
    import django

    django.setup()

    from django.core.management import call_command

    from jtsec.accounts import api
    from jtsec.approvals.api import approve
    from jtsec.authentication.models import Account
    from jtsec.core.clock import now
    from jtsec.core.context import acting_as, system_actor
    from jtsec.identity.api import actor_of, user_by_login_name
    from jtsec.identity.models import Identity
    from tests.identity import people

    call_command("migrate", run_syncdb=True, verbosity=0, skip_checks=True)
    with acting_as(system_actor("clerk")):
        for which, duty in ((1, "system"), (2, "security"), (3, "system")):
            people.person(f"1380000000{which}", which, duty=duty)
    clerk, guard = (actor_of(user_by_login_name(f"1380000000{n}")) for n in (1, 2))
    with acting_as(clerk):
        row = api.apply_for_registration(
            username="13900000000", name="王五", resident_id=people.resident_id(40),
            is_police=False, number="E-0040", organisation=people.CODE,
            duty="business", reason="new",
        )
    with acting_as(guard):
        approve(row.id, revision=row.revision, note="seen")
    user = user_by_login_name("13900000000")
    with acting_as(clerk):
        assert user.check_password(api.reset_password(user, reason="first"))
        review = api.open_review(reason="quarter")
        assert review.accounts == 4
        rows = api.accounts_of(review)
        wanted = [one.id for one in rows if str(one.uid) != clerk.uid]
        assert api.confirm(review, wanted) == 3
    long_ago = now().replace(year=2020)
    Account.objects.filter(user=user).update(created_at=long_ago, login_at=None)
    with acting_as(system_actor("timer")):
        done = api.suspend_unused(reason="daily")
    assert [one.identity.login_name for one in done.suspended] == ["13900000000"]
    assert not Identity.objects.get(login_name="13900000000").is_active
    print("told")
"""


@pytest.mark.slow
@pytest.mark.clause("P54.3", "P32", "P44.1")
def test_a_user_model_without_an_email_or_a_column_for_activity(
    tmp_path: Path,
) -> None:
    """Nothing is asked of it that AbstractBaseUser does not have."""
    (tmp_path / "officers").mkdir()
    (tmp_path / "officers" / "__init__.py").touch()
    models = textwrap.dedent(MODELS) + "\nurlpatterns = []\n"
    (tmp_path / "officers" / "models.py").write_text(models)
    (tmp_path / "strange.py").write_text(textwrap.dedent(SETTINGS))
    root = Path(__file__).parents[2]
    path = os.pathsep.join([str(tmp_path), str(root)])
    told = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(STORY)],
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": path,
            "DJANGO_SETTINGS_MODULE": "strange",
            "PYTHONWARNINGS": "default",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.stdout.splitlines()[-1:] == ["told"], told.stderr
