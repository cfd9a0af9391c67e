"""manage.py jtsec_audit_watch: let the rules look at the log, or try one."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Mapping
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, close_old_connections
from django.utils.translation import gettext as _

from jtsec.audit.alarms.api import deliver_due, escalate_overdue
from jtsec.audit.rules.api import (
    RULES,
    Estimate,
    Look,
    WatcherBusy,
    dry_run,
    watch,
)
from jtsec.audit.rules.conf import rule_settings
from jtsec.core.clock import shown
from jtsec.core.exceptions import InputError, JtsecError

FAILED: Final = 1
UNUSABLE: Final = 2


class Command(BaseCommand):
    """Looks once, looks on, or tries: exit 0 done, 1 failed, 2 asked for nonsense."""

    help = (
        "Let the rules look at what was sealed since they last did, and raise alarms. "
        "--loop goes on and also sends the messages of alarms and raises the overdue "
        "ones a level. --dry-run RULE tells how often a rule would have fired over "
        "past days, and writes nothing. Exit codes: 0 done, 1 failed, 2 nonsense."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add what to do, and what a trial is about."""
        ways = parser.add_mutually_exclusive_group()
        ways.add_argument("--once", action="store_true", help="Look once (default).")
        ways.add_argument("--loop", action="store_true", help="Look until stopped.")
        ways.add_argument(
            "--dry-run", metavar="RULE", help=f"Try one of: {', '.join(RULES)}."
        )
        parser.add_argument(
            "--days", type=int, default=30, help="Days of the trial (default 30)."
        )
        parser.add_argument(
            "--threshold",
            action="append",
            default=[],
            metavar="NAME=VALUE",
            help="A threshold to try; VALUE is JSON, such as 5 or [1,2,3].",
        )
        parser.add_argument(
            "--scope",
            default="everyone",
            metavar="KIND:VALUE",
            help="For whom the trial counts, such as organisation:330100000000.",
        )
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do one of the three."""
        try:
            if options["dry_run"]:
                self.tell(_trial(options), as_json=options["json"])
            elif options["loop"]:
                self.look_on(as_json=options["json"])
            else:
                self.tell_look(watch(), as_json=options["json"])
        except InputError as error:
            raise CommandError(str(error), returncode=UNUSABLE) from error
        except (JtsecError, DatabaseError) as error:
            raise CommandError(str(error), returncode=FAILED) from error

    def look_on(self, *, as_json: bool) -> None:
        """Look, send, wait, until the process is asked to end."""
        ended = threading.Event()
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, lambda number, frame: ended.set())
        while not ended.is_set():
            try:
                look = watch()
                escalate_overdue()
                deliver_due()
                if look.checkpoints:
                    self.tell_look(look, as_json=as_json)
            # Another one is looking; what it sees this one need not.
            except WatcherBusy:
                pass
            # What failed is made again; a loop that ended would leave nobody to look.
            except (JtsecError, DatabaseError) as error:
                self.stderr.write(str(error))
                close_old_connections()
            ended.wait(rule_settings().seconds)

    def tell_look(self, look: Look, *, as_json: bool) -> None:
        """Print what a look did."""
        if as_json:
            self.stdout.write(json.dumps(vars(look)))
            return
        self.stdout.write(
            _("%(events)s events, %(checkpoints)s checkpoints, %(findings)s findings.")
            % vars(look)
        )

    def tell(self, estimate: Estimate, *, as_json: bool) -> None:
        """Print what a trial found."""
        if as_json:
            self.stdout.write(json.dumps(_plain(estimate), ensure_ascii=False))
            return
        self.stdout.write(
            _("%(rule)s: %(hits)s times for %(users)s users in %(events)s events, "
              "%(per_day).2f a day.")
            % {**vars(estimate), "per_day": estimate.per_day}
        )  # fmt: skip
        for one in estimate.examples:
            self.stdout.write(f"  {shown(one.at)}  {one.sentence}")


def _trial(options: Mapping[str, Any]) -> Estimate:
    scope, _colon, value = options["scope"].partition(":")
    return dry_run(
        options["dry_run"],
        options["days"],
        dict(map(_threshold, options["threshold"])),
        scope=scope,
        scope_value=value,
    )


def _threshold(text: str) -> tuple[str, Any]:
    name, sign, value = text.partition("=")
    try:
        return name, json.loads(value) if sign else None
    except ValueError as error:
        told = _("%(text)s is no NAME=VALUE with a JSON value.") % {"text": text}
        raise InputError(told, field="threshold") from error


def _plain(estimate: Estimate) -> dict[str, Any]:
    examples = [
        {**vars(one), "at": one.at.isoformat(), "params": dict(one.params)}
        for one in estimate.examples
    ]
    times = {name: getattr(estimate, name).isoformat() for name in ("since", "until")}
    return {
        **vars(estimate),
        **times,
        "per_day": estimate.per_day,
        "examples": examples,
    }
