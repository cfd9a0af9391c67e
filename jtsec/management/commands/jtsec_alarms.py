"""manage.py jtsec_alarms: what is open; escalates and sends what is due."""

from __future__ import annotations

import json
import signal
import threading
from argparse import ArgumentTypeError
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, close_old_connections
from django.utils.translation import gettext as _

from jtsec.audit.alarms.api import (
    Alarm,
    Delivered,
    deliver_due,
    describe,
    escalate_overdue,
    open_alarms,
    rule_name,
    show_receiver_key,
)
from jtsec.audit.api import boundary
from jtsec.core.context import acting_as, system_actor
from jtsec.core.exceptions import JtsecError

WAITING: Final = 1
UNUSABLE: Final = 2


class Command(BaseCommand):
    """Exit 0 nothing is left to send, 1 messages wait, 2 it could not be done."""

    help = (
        "List the open alarms. With --deliver: escalate what nobody took in time and "
        "send what is due; with --loop again and again. With --receiver-key: print "
        "the key by which a webhook's receiver verifies messages. "
        "Exit codes: 0 done, 1 messages still wait, 2 cannot be done."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add what to do and how."""
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--deliver", action="store_true", help="Send what is due.")
        what.add_argument(
            "--receiver-key", metavar="URL", help="A webhook of the settings."
        )
        parser.add_argument(
            "--loop",
            type=seconds,
            metavar="SECONDS",
            help="With --deliver: again after so many seconds, until interrupted.",
        )
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what was asked for."""
        try:
            with acting_as(system_actor("jtsec_alarms")):
                if options["receiver_key"]:
                    self.show_key(options["receiver_key"], as_json=options["json"])
                elif options["deliver"] and options["loop"]:
                    self.deliver_on(options["loop"], as_json=options["json"])
                elif options["deliver"]:
                    self.deliver(as_json=options["json"])
                else:
                    self.show_open(as_json=options["json"])
        except (JtsecError, DatabaseError) as error:
            raise CommandError(str(error), returncode=UNUSABLE) from error

    def show_open(self, *, as_json: bool) -> None:
        """Print the open alarms, the most urgent first."""
        found = open_alarms()
        if as_json:
            rows = [as_dict(one) for one in found]
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
            return
        for one in found:
            overdue = f"  [{_('Overdue')}]" if one.is_overdue else ""
            self.stdout.write(
                f"{one.get_level_display()}  {one.get_state_display()}{overdue}  "
                f"{rule_name(one.rule)} ×{one.occurrences}  {describe(one)}"
            )
        if not found:
            self.stdout.write(_("No alarm is open."))

    def deliver(self, *, as_json: bool) -> None:
        """Escalate and send once."""
        done = self.deliver_once(as_json=as_json)
        if done.waiting:
            raise CommandError(
                _("%(number)d messages wait.") % {"number": done.waiting},
                returncode=WAITING,
            )

    def deliver_on(self, pause: float, *, as_json: bool) -> None:
        """Escalate and send again and again, until the process is asked to end."""
        ended = threading.Event()
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, lambda number, frame: ended.set())
        while not ended.is_set():
            try:
                self.deliver_once(as_json=as_json)
            # A loop that ended would leave nobody to send; what failed stays due.
            except (JtsecError, DatabaseError) as error:
                self.stderr.write(str(error))
                close_old_connections()
            ended.wait(pause)

    def deliver_once(self, *, as_json: bool) -> Delivered:
        """Escalate and send, and print what came of it."""
        with boundary():
            overdue = escalate_overdue()
            done = deliver_due()
        self.report(done, len(overdue), as_json=as_json)
        return done

    def report(self, done: Delivered, overdue: int, *, as_json: bool) -> None:
        """Print what one pass did."""
        figures = {
            "escalated": overdue,
            "sent": done.sent,
            "failed": done.failed,
            "given_up": done.given_up,
            "waiting": done.waiting,
        }
        if as_json:
            self.stdout.write(json.dumps(figures))
            return
        self.stdout.write(
            _(
                "Escalated %(escalated)d, sent %(sent)d, failed %(failed)d, given up "
                "%(given_up)d, waiting %(waiting)d."
            )
            % figures
        )

    def show_key(self, url: str, *, as_json: bool) -> None:
        """Print the key of one receiver; recorded."""
        key_id, key = show_receiver_key(url)
        if as_json:
            self.stdout.write(json.dumps({"key_id": key_id, "key": key.hex()}))
        else:
            self.stdout.write(f"{key_id} {key.hex()}")


def as_dict(alarm: Alarm) -> dict[str, Any]:
    """Return an alarm as plain values; times in ISO 8601."""
    times = {
        name: None if value is None else value.isoformat()
        for name in ("first_at", "last_at", "due_at", "answered_at")
        for value in (getattr(alarm, name),)
    }
    names = ("rule", "level", "state", "subject", "resource", "occurrences")
    return (
        {name: getattr(alarm, name) for name in names}
        | times
        | {
            "number": str(alarm.number),
            "name": rule_name(alarm.rule),
            "sentence": describe(alarm),
            "overdue": alarm.is_overdue,
            "assignee": alarm.assignee_name,
        }
    )


def seconds(text: str) -> float:
    """Return a pause; none would turn the loop into a storm."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 1 <= value <= 3600:
        raise ArgumentTypeError(_("Between 1 and 3600 seconds."))
    return value
