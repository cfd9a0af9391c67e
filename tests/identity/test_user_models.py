"""Any user model: here one with a phone number, a UUID key and no rights of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

MODELS = """
    import uuid

    from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
    from django.db import models

    class Officer(AbstractBaseUser):
        id = models.UUIDField(primary_key=True, default=uuid.uuid4)
        phone = models.CharField(max_length=20, unique=True)
        objects = BaseUserManager()
        USERNAME_FIELD = "phone"
"""
SETTINGS = """
    from tests.settings import *

    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db"}}
    INSTALLED_APPS = [
        "django.contrib.contenttypes", "django.contrib.auth", "officers", "jtsec",
    ]
    AUTH_USER_MODEL = "officers.Officer"
    ROOT_URLCONF = "officers.models"
"""
STORY = """
    import django

    django.setup()

    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.db import connection

    from jtsec.core.context import acting_as, system_actor
    from jtsec.identity import api, checks
    from jtsec.identity.models import Identity, IdentityLedger
    from tests.identity import people

    call_command("migrate", run_syncdb=True, verbosity=0, skip_checks=True)
    with acting_as(system_actor("clerk")):
        made = people.person("13800000000", 1)
        user = api.user_by_login_name("１３８００００００００")
        assert user == made.user
        api.verify(api.identity_of(user))
        made = api.change(made, username="13900000000")
        assert get_user_model().objects.get().phone == "13900000000"
        api.verify(Identity.objects.get())
        user = get_user_model().objects.get()
        user.phone = "1"
        try:
            user.save()
        except api.DirectWrite:
            pass
        else:
            raise AssertionError("renamed")
        for check in checks.DATABASE:
            assert check(None, databases=["default"]) == []
        with connection.cursor() as cursor:
            cursor.execute("UPDATE officers_officer SET phone = '13700000000'")
        try:
            api.verify(Identity.objects.get())
        except api.SealBroken as broken:
            assert broken.disagrees == "username"
        else:
            raise AssertionError("not found")
        get_user_model().objects.all().delete()
        assert not Identity.objects.exists()
        assert IdentityLedger.objects.count() == 5
    print("told to the end")
"""


@pytest.mark.slow
@pytest.mark.clause("A3.1.2")
def test_a_user_model_of_another_making_has_identities(tmp_path: Path):
    """Registered, found, renamed, verified, deleted; in a project of its own."""
    package = tmp_path / "officers"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "models.py").write_text(textwrap.dedent(MODELS))
    (tmp_path / "officer_settings.py").write_text(textwrap.dedent(SETTINGS))
    (tmp_path / "story.py").write_text(textwrap.dedent(STORY))
    root = Path(__file__).parents[2]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "officer_settings",
        "PYTHONPATH": os.pathsep.join([str(tmp_path), str(root)]),
    }
    done = subprocess.run(
        [sys.executable, "story.py"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "told to the end" in done.stdout, done.stderr
