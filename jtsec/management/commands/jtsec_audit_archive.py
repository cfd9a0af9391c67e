"""manage.py jtsec_audit_archive: old events into segments, out of the database."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils.translation import gettext as _

from jtsec.audit.api import boundary
from jtsec.audit.archive.api import (
    ArchiveFailed,
    Holding,
    archive,
    drop,
    holdings,
    show,
)
from jtsec.core.context import acting_as
from jtsec.core.exceptions import InputError, JtsecError, Refused, VerifiedFalse
from jtsec.management.typed import moment, person_or_command

NAME: Final = "jtsec_audit_archive"
ALTERED: Final = 1
UNUSABLE: Final = 2
REFUSED: Final = 3
FAILED: Final = 4


class Command(BaseCommand):
    """Archives: exit 0 done, 1 altered, 2 cannot be done, 3 refused, 4 not written."""

    help = (
        "Archive sealed events into signed, encrypted segments, each read back and "
        "proved. With --drop, let rows go that are archived and older than the "
        "retention; needs --actor and --reason. --list shows what is kept where, "
        "--show looks into a segment. Exit codes: 0 done, 1 something was altered, "
        "2 cannot be done, 3 refused, 4 a file could not be written."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add what to do and up to when."""
        parts = parser.add_mutually_exclusive_group()
        parts.add_argument("--drop", action="store_true", help="Let old rows go.")
        parts.add_argument("--show", metavar="SEGMENT", help="Look into a segment.")
        parts.add_argument("--list", action="store_true", help="What is kept where.")
        parser.add_argument("--until", help="Before this day; by default, this month.")
        parser.add_argument("--since", help="With --show: from this day on.")
        parser.add_argument("--directory", type=Path, help="Instead of the setting's.")
        parser.add_argument("--segment", default="", help="With --drop: only this one.")
        parser.add_argument(
            "--filter",
            action="append",
            default=[],
            metavar="COLUMN=VALUE",
            help="With --show: only events that fit; * stands for anything.",
        )
        parser.add_argument("--actor", help="Who lets rows go, or looks.")
        parser.add_argument("--reason", default="", help="Why.")
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what was asked."""
        self.as_json: bool = options["json"]
        with (
            told_by_exit_code(),
            acting_as(person_or_command(options, NAME)),
            boundary(),
        ):
            require_use(options)
            if options["list"]:
                self.list_holdings()
            elif options["show"]:
                self.show(options)
            elif options["drop"]:
                self.drop(options)
            else:
                self.archive(options)

    def archive(self, options: dict[str, Any]) -> None:
        """Archive, and say into which files."""
        made = archive(
            until=moment(options["until"], "until"), directory=options["directory"]
        )
        self.say("archived", [(one.name, one.rows) for one in made])

    def drop(self, options: dict[str, Any]) -> None:
        """Drop, and say which segments."""
        if not options["actor"]:
            raise Refused("unknown-actor", _("Name --actor and --reason."))
        gone = drop(
            reason=options["reason"],
            until=moment(options["until"], "until"),
            name=options["segment"],
            directory=options["directory"],
        )
        self.say("dropped", [(one.name, one.rows) for one in gone])

    def show(self, options: dict[str, Any]) -> None:
        """Print matching events, one JSON object a line, as they are found."""
        found = show(
            options["show"],
            conditions(options["filter"]),
            since=moment(options["since"], "since"),
            until=moment(options["until"], "until"),
            directory=options["directory"],
        )
        for event in found:
            self.stdout.write(json.dumps(event, ensure_ascii=False, sort_keys=True))

    def list_holdings(self) -> None:
        """Print what is kept where."""
        found = [as_dict(one) for one in holdings()]
        if self.as_json:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
            return
        for one in found:
            place = one["segment"] or _("not archived")
            went = "" if one["is_in_database"] else _("dropped")
            self.stdout.write(f"{one['month']}  {one['rows']}  {place}  {went}".strip())

    def say(self, what: str, found: list[tuple[str, int]]) -> None:
        """Print names and numbers of rows."""
        if self.as_json:
            told = [{"segment": name, "rows": rows} for name, rows in found]
            self.stdout.write(json.dumps({what: told}, ensure_ascii=False))
            return
        for name, rows in found:
            self.stdout.write(f"{name}  {rows}")
        if not found:
            self.stdout.write(_("There was nothing to do."))


@contextmanager
def told_by_exit_code() -> Iterator[None]:
    """Turn what went wrong into a sentence and a fixed exit code."""
    try:
        yield
    except VerifiedFalse as error:
        raise CommandError(str(error), returncode=ALTERED) from error
    except Refused as error:
        raise CommandError(f"{error} ({error.reason})", returncode=REFUSED) from error
    except ArchiveFailed as error:
        raise CommandError(str(error), returncode=FAILED) from error
    except CommandError:
        raise
    # Python ends with 1 whatever went wrong, which here would accuse somebody.
    except Exception as error:
        known = isinstance(error, JtsecError | DatabaseError)
        told = str(error) if known else f"{type(error).__name__}: {error}"
        raise CommandError(told, returncode=UNUSABLE) from error


def require_use(options: dict[str, Any]) -> None:
    """
    Require that every option belongs to what is done: one left out widens it.

    Raises:
        InputError: one has no effect here.
    """
    for name, of in (("segment", "drop"), ("since", "show"), ("filter", "show")):
        if options[name] and not options[of]:
            sentence = _("--%(name)s goes with --%(of)s alone.")
            raise InputError(sentence % {"name": name, "of": of}, field=name)


def conditions(typed: list[str]) -> dict[str, str]:
    """
    Return COLUMN=VALUE pairs.

    Raises:
        InputError: one has no equals sign.
    """
    found = {}
    for one in typed:
        column, equals, value = one.partition("=")
        if not equals:
            sentence = _("%(text)s is not of the form COLUMN=VALUE.")
            raise InputError(sentence % {"text": one}, field="filter")
        found[column] = value
    return found


def as_dict(holding: Holding) -> dict[str, Any]:
    """Return a holding as plain values."""
    return {
        "month": f"{holding.month:%Y-%m}",
        "rows": holding.rows,
        "segment": holding.segment,
        "digest": holding.digest,
        "bytes": holding.size,
        "is_in_database": holding.is_in_database,
        "may_go": None if holding.may_go is None else holding.may_go.isoformat(),
    }
