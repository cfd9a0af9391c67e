"""Simplified Chinese is complete: every sentence, none fuzzy, each compiled."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import polib
import pytest

import django
from django.core.management import call_command

from tests.house.sources import PACKAGE

CATALOGUES = sorted(PACKAGE.glob("locale/*/LC_MESSAGES/*.po"))
PLACEHOLDER = re.compile(r"%\(\w+\)[sdr]|%[sdr%]|\{\w*\}")


@pytest.fixture(
    params=CATALOGUES, ids=lambda path: path.relative_to(PACKAGE).as_posix()
)
def catalogue(request: pytest.FixtureRequest) -> Path:
    """Return each catalogue in turn."""
    found: Path = request.param
    return found


def test_every_entry_is_translated(catalogue: Path) -> None:
    """No entry is empty and none is a guess that nobody looked at."""
    entries = polib.pofile(str(catalogue))
    assert [entry.msgid for entry in entries.untranslated_entries()] == []
    assert [entry.msgid for entry in entries.fuzzy_entries()] == []
    assert [entry.msgid for entry in entries.obsolete_entries()] == []


def test_a_translation_keeps_the_places_for_values(catalogue: Path) -> None:
    """A lost or misspelt place would fail, or hide a value, in front of a user."""
    wrong = {}
    for entry in polib.pofile(str(catalogue)):
        wanted = sorted(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        for text in entry.msgstr_plural.values() or [entry.msgstr]:
            if sorted(PLACEHOLDER.findall(text)) != wanted:
                wrong[entry.msgid] = text
    assert wrong == {}


def test_the_compiled_file_says_the_same(catalogue: Path) -> None:
    """What is served is what was reviewed: the compiled file is in the history."""
    source = polib.pofile(str(catalogue))
    compiled = polib.mofile(str(catalogue.with_suffix(".mo")))
    assert texts(compiled) == texts(source)


def texts(entries: polib.POFile | polib.MOFile) -> dict[tuple[str, str], str]:
    """Return the translations by context and English text."""
    return {
        (entry.msgctxt or "", entry.msgid): entry.msgstr or str(entry.msgstr_plural)
        for entry in entries
    }


@pytest.mark.skipif(not shutil.which("xgettext"), reason="gettext is not installed")
def test_the_catalogue_holds_exactly_what_the_sources_say(
    catalogue: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each sentence in the sources is in the catalogue, and no other is."""
    copy = tmp_path / "jtsec"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("*.po", "__pycache__"))
    monkeypatch.chdir(copy)
    language = catalogue.relative_to(PACKAGE).parts[1]
    call_command("makemessages", locale=[language], domain=catalogue.stem, verbosity=0)
    found = polib.pofile(str(copy / catalogue.relative_to(PACKAGE)))
    wanted = {key for key, _ in texts_of(found)}
    kept = {key for key, _ in texts_of(polib.pofile(str(catalogue)))}
    assert {"missing": wanted - kept, "unused": kept - wanted} == {
        "missing": set(),
        "unused": set(),
    }


def texts_of(entries: polib.POFile) -> list[tuple[tuple[str, str], str]]:
    """Return what is not obsolete, by context and English text."""
    return [
        ((entry.msgctxt or "", entry.msgid), entry.msgstr)
        for entry in entries
        if not entry.obsolete
    ]


def test_no_sentence_of_django_is_said_otherwise(catalogue: Path) -> None:
    """
    Where both have a sentence, the order of the apps decides whose words appear.

    Ours would change the pages of Django's own apps, or theirs would change ours; a
    sentence of ours that differs carries the context "jtsec".
    """
    relative = catalogue.relative_to(PACKAGE)
    theirs = {
        entry.msgid: entry.msgstr
        for path in Path(django.__file__).parent.glob(f"**/{relative.as_posix()}")
        for entry in polib.pofile(str(path))
        if not entry.msgctxt and entry.msgstr
    }
    assert {
        entry.msgid: entry.msgstr
        for entry in polib.pofile(str(catalogue))
        if not entry.msgctxt and theirs.get(entry.msgid, entry.msgstr) != entry.msgstr
    } == {}
