"""Settings of the alarms: how soon they are answered, and who is told of them."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_noop

from jtsec.core.conf import Section, load, option, settings_section
from jtsec.core.rules import between, matching, networks

FITS = r"(?=.{1,255}\Z)"
"""As long as the column of a message's receiver."""

PORT = r"[0-9]{1,5}"
HOST = r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])"
ADDRESSES = matching(
    FITS + r"[^@\s<>,;]+@[^@\s<>,;]+",
    gettext_noop("an e-mail address such as a@b.example"),
)
SYSLOG = matching(
    rf"{FITS}(?:(?:udp|tcp):{HOST}:{PORT}|unix:/.+)",
    gettext_noop('"udp:host:port", "tcp:host:port" or "unix:/path"'),
)
WEBHOOKS = matching(
    rf"{FITS}https?://{HOST}:{PORT}/[!-~]*",
    gettext_noop('an address with its port, such as "https://host:8443/alarms"'),
)


@settings_section("JTSEC_AUDIT_ALARM_")
class AlarmSettings(Section):
    """Says how soon an alarm is answered, and by which ways it leaves."""

    respond_minutes: int = option(
        120,
        "Minutes until somebody must have taken an alarm; then it is overdue, becomes "
        "more urgent and is sent again.",
        clause="P61",
        valid=between(1, 1440),
        floor=between(1, 120),
    )
    events_kept: int = option(
        50,
        "Newest events an open alarm names.",
        clause="A5.5",
        valid=between(1, 500),
    )
    open_per_rule: int = option(
        200,
        "Open alarms of one rule; what is more is counted in one collective alarm.",
        valid=between(10, 100_000),
    )
    email_recipients: tuple[str, ...] = option(
        (),
        "Addresses that get a message for every alarm, by Django's mail settings.",
        valid=ADDRESSES,
    )
    syslog: tuple[str, ...] = option(
        (),
        'Syslog receivers of alarms in CEF: "udp:host:port", "tcp:host:port" or '
        '"unix:/path".',
        valid=SYSLOG,
    )
    webhooks: tuple[str, ...] = option(
        (),
        "Addresses that get a signed message for every alarm; nothing is sent "
        "anywhere else.",
        valid=WEBHOOKS,
    )
    webhook_networks: tuple[str, ...] = option(
        (),
        "Networks in which the webhooks' hosts must lie; none given: any but "
        "link-local, multicast and reserved ones, and this machine only by its "
        "address.",
        valid=networks(),
    )
    webhook_ca: str = option(
        "",
        "File with the certificates that vouch for the webhooks; those of the "
        "system when empty.",
    )
    timeout_seconds: int = option(
        10,
        "Seconds one attempt to send may take.",
        valid=between(1, 60),
    )
    retry_seconds: int = option(
        15,
        "Seconds until the first new attempt; doubled with each, up to 15 minutes.",
        valid=between(1, 900),
    )
    give_up_hours: int = option(
        72,
        "Hours after which a message that cannot be sent is given up, with an alarm.",
        valid=between(1, 720),
    )

    @property
    def respond_within(self) -> timedelta:
        """The time within which somebody must have taken an alarm."""
        return timedelta(minutes=self.respond_minutes)


def alarm_settings() -> AlarmSettings:
    """Return the settings in force."""
    return load(AlarmSettings)
