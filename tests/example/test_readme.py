"""The README, followed word for word: from `startproject` to the first login."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
FILLED = {
    "姓名": "周明远",
    "单位名称": "示例支队",
    "12位编码": "110000000001",
    "编号": "010001",
}
LOG_IN = """
import sys, django
django.setup()
from django.test import Client
client = Client(SERVER_NAME="localhost")
path = "/accounts/login/"
answer = client.post(path, {"username": "sysadmin", "password": sys.argv[1]})
print(answer.status_code, answer.headers.get("Location"))
"""
PASSWORD = re.compile(r"initial password (\S+);|初始口令\s*(\S+?)[；，,;]")


def block(mark: str) -> str:
    """Return the block of code of the README that holds a text."""
    blocks = re.findall(r"```\w*\n(.*?)```", README, re.DOTALL)
    (found,) = [one for one in blocks if mark in one]
    return str(found)


def commands(mark: str) -> list[list[str]]:
    """Return the commands of a block, as a shell takes them apart."""
    text = block(mark).replace("\\\n", "")
    return [shlex.split(line, comments=True) for line in text.splitlines() if line]


class Newcomer:
    """Somebody who has a new project and the README."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("DJANGO_", "JTSEC_", "PYTEST_"))
        }
        self.environment = {**kept, "PYTHONPATH": str(ROOT), "LANGUAGE": "en"}

    def run(self, *arguments: str, expected: int = 0) -> str:
        """Run Python in the project and return what it said."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=300,
            check=False,
        )
        assert done.returncode == expected, done.stdout
        return done.stdout

    def append(self, name: str, text: str) -> None:
        """Add lines to a file of the project."""
        path = self.folder / "mysite" / name
        path.write_text(path.read_text("utf-8") + text, "utf-8")


@pytest.mark.slow
def test_every_step_of_the_readme_is_true(tmp_path: Path) -> None:
    """Three changes, one address, four commands; then nothing is left to say."""
    newcomer = Newcomer(tmp_path)
    keys = tmp_path.parent / f"{tmp_path.name}-keys"
    keys.mkdir(mode=0o700)
    newcomer.run("-m", "django", "startproject", "mysite", ".")

    lines = block("INSTALLED_APPS").replace("[...,", "[*INSTALLED_APPS,")
    before, after = lines.split("from jtsec.preset")
    ring = str(keys / "jtsec.keys")
    (make_keys,) = commands("--keys")
    newcomer.append("settings.py", before + "from jtsec.preset" + after)
    newcomer.append("urls.py", block("jtsec.console.urls"))
    assert make_keys[:3] == ["python", "manage.py", "jtsec_init"]
    said = newcomer.run(*make_keys[1:-1], ring)
    assert f'JTSEC_KEYS_FILE = "{ring}"' in said
    settings = tmp_path / "mysite" / "settings.py"
    text = settings.read_text("utf-8").replace(
        "from jtsec.preset", f'JTSEC_KEYS_FILE = "{ring}"\nfrom jtsec.preset'
    )
    settings.write_text(text, "utf-8")

    migrate, administrator, check, _serve = commands("manage.py migrate")
    newcomer.run(*migrate[1:])
    filled = [FILLED.get(word, word) for word in administrator[1:]]
    # In a terminal it is asked for.
    said = newcomer.run(*filled, "--resident-id", "110000197803121015")
    assert "no issues" in newcomer.run(*check[1:])
    shown = PASSWORD.search(said)
    assert shown is not None, said
    newcomer.environment["DJANGO_SETTINGS_MODULE"] = "mysite.settings"
    first = newcomer.run("-c", LOG_IN, shown[1] or shown[2])
    assert first.splitlines()[-1] == "302 /accounts/password/"


def test_every_command_and_page_the_readme_names_is_there() -> None:
    """A command that was renamed, or a page that was moved, is found here."""
    folder = ROOT / "jtsec" / "management" / "commands"
    known = {path.stem for path in folder.glob("jtsec_*.py")}
    named = set(re.findall(r"\b(jtsec_[a-z_]+)\b", README))
    assert named - known == set()
    pages = re.findall(r"\]\((?!http)([^)#]+)\)", README)
    assert pages and not [page for page in pages if not (ROOT / page).exists()]
