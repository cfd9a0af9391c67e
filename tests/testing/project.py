"""A project as `startproject` makes it, with the shop, in a folder of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SHOP = Path(__file__).parents[1] / "adopters" / "shop"
NAME = "mall"
OWN_SETTINGS = """
INSTALLED_APPS.append("shop")
AUTH_USER_MODEL = "shop.Clerk"
LOGIN_URL = "log-in"
if "test" in sys.argv or "pytest" in sys.modules:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if "SHOP_DATABASE" in os.environ:
    DATABASES["default"] = json.loads(os.environ["SHOP_DATABASE"])
"""
OWN_URLS = 'urlpatterns.append(path("", include("shop.urls")))\n'


class Project:
    """
    Somebody else's project.

    Args:
        folder: where it is made.
        database: its database; None for the SQLite file that startproject names.
    """

    def __init__(self, folder: Path, database: Mapping[str, Any] | None = None) -> None:
        self.folder = folder
        self._last_line = ""
        self._environment = {
            **{
                name: value
                for name, value in os.environ.items()
                if not name.startswith(("DJANGO_", "JTSEC_", "PYTEST_"))
            },
            "PYTHONWARNINGS": "default",
            "LANGUAGE": "en",
        }
        if database is not None:
            self._environment["SHOP_DATABASE"] = json.dumps(database)
        self._run("-m", "django", "startproject", NAME, ".")
        shutil.copytree(
            SHOP, folder / "shop", ignore=shutil.ignore_patterns("__pycache__")
        )
        self.settings = folder / NAME / "settings.py"
        self.urls = folder / NAME / "urls.py"
        self._prepend(self.settings, "import json\nimport os\nimport sys\n")
        self._append(self.settings, OWN_SETTINGS)
        self._prepend(self.urls, "from django.urls import include\n")
        self._append(self.urls, OWN_URLS)

    def add_setting(self, text: str) -> None:
        """Add lines to the settings, before the line that must stay the last."""
        body = self.settings.read_text().removesuffix(self._last_line)
        self.settings.write_text(body + text + self._last_line)

    def end_settings(self, text: str) -> None:
        """Add the line that must stay the last."""
        self._append(self.settings, text)
        self._last_line = text

    def replace_in_settings(self, old: str, new: str) -> None:
        """Change one place of the settings."""
        text = self.settings.read_text()
        assert text.count(old) == 1, old
        self.settings.write_text(text.replace(old, new))

    def add_url(self, text: str) -> None:
        """Add lines to the URL configuration."""
        self._append(self.urls, text)

    def manage(self, *arguments: str, expected: int = 0) -> str:
        """Run manage.py and return what it said on both ways."""
        return self._run("manage.py", *arguments, expected=expected)

    def python(self, text: str, *arguments: str) -> Any:
        """Run a script in the project, Django set up; return what it prints as JSON."""
        setup = (
            f"import os; os.environ['DJANGO_SETTINGS_MODULE'] = '{NAME}.settings'\n"
            "import django; django.setup()\n"
        )
        said = self._run("-W", "ignore", "-c", setup + text, *arguments)
        return json.loads(said.splitlines()[-1])

    def run(self, *arguments: str, expected: int = 0) -> str:
        """Run Python in the project and return what it said."""
        return self._run(*arguments, expected=expected)

    def _run(self, *arguments: str, expected: int = 0) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == expected, done.stdout
        return done.stdout

    @staticmethod
    def _append(path: Path, text: str) -> None:
        path.write_text(path.read_text() + text)

    @staticmethod
    def _prepend(path: Path, text: str) -> None:
        path.write_text(text + path.read_text())
