"""Syslog receivers get one message by every transport, or it is known to be lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jtsec.audit.alarms import syslog
from jtsec.audit.alarms.cef import syslog_message
from jtsec.audit.alarms.exceptions import NotDelivered
from jtsec.core.conf import declared, problems_of
from tests.audit.alarms import receivers
from tests.audit.alarms.receivers import Inbox
from tests.audit.alarms.test_cef import MESSAGE


@pytest.fixture(autouse=True)
def soon(settings: Any) -> None:
    """Wait a second at most."""
    settings.JTSEC_AUDIT_ALARM_TIMEOUT_SECONDS = 1


def test_udp():
    """One datagram is one message."""
    inbox = Inbox()
    with receivers.syslog_udp(inbox) as port:
        syslog.send(f"udp:127.0.0.1:{port}", MESSAGE)
        assert inbox.wait() == [syslog_message(MESSAGE)]


def test_tcp_counts_octets():
    """The count says where a message ends, whatever stands in it (RFC 6587)."""
    inbox = Inbox()
    with receivers.syslog_tcp(inbox) as port:
        syslog.send(f"tcp:127.0.0.1:{port}", MESSAGE)
        syslog.send(f"tcp:localhost:{port}", MESSAGE)
    assert inbox.got == [syslog_message(MESSAGE)] * 2


@pytest.mark.parametrize("stream", [False, True])
def test_a_socket_in_the_file_system(tmp_path: Path, stream: bool):
    """As /dev/log is, of either kind."""
    inbox = Inbox()
    path = tmp_path / "log"
    with receivers.syslog_unix(inbox, path, stream=stream):
        syslog.send(f"unix:{path}", MESSAGE)
        assert inbox.wait() == [syslog_message(MESSAGE)]


@pytest.mark.parametrize("kind", ["udp", "tcp"])
def test_nobody_there_is_a_failure(kind: str):
    """Also by UDP, where the network says so."""
    with pytest.raises(OSError, match="refused"):
        syslog.send(f"{kind}:127.0.0.1:{receivers.free_port()}", MESSAGE)


def test_a_missing_socket_is_a_failure(tmp_path: Path):
    """The message waits until it is there."""
    with pytest.raises(OSError, match="No such file"):
        syslog.send(f"unix:{tmp_path / 'log'}", MESSAGE)


@pytest.mark.parametrize("kind", ["silent", "dripping"])
def test_who_never_says_to_have_read_it_has_not_got_it(kind: str):
    """A connection that is taken is no message that is read."""
    with (
        getattr(receivers, kind)() as port,
        pytest.raises((NotDelivered, TimeoutError)),
    ):
        syslog.send(f"tcp:127.0.0.1:{port}", MESSAGE)


@pytest.mark.parametrize(
    "target",
    [
        *("host:514", "tls:host:514", "udp:host", "unix:", "udp:h:x", "udp:h:1 "),
        "unix:/" + "x" * 255,
    ],
)
def test_the_setting_names_transport_and_port(target: str):
    """Anything else is refused before it is used."""
    (item,) = (one for one in declared() if one.name == "JTSEC_AUDIT_ALARM_SYSLOG")
    assert problems_of(item, (target,), "plugin")
    for good in ("udp:10.1.1.1:514", "tcp:[::1]:601", "unix:/dev/log"):
        assert not problems_of(item, (good,), "plugin")
