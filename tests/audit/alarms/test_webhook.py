"""A webhook is spoken to where the list says, signed, and nowhere else."""

from __future__ import annotations

import json
import socket
import subprocess
from pathlib import Path
from typing import Any

import pytest

from jtsec.audit.alarms import webhook
from jtsec.audit.alarms.exceptions import NotDelivered
from jtsec.audit.models import AuditRecord
from jtsec.core.conf import declared, problems_of
from jtsec.core.exceptions import InputError
from jtsec.crypto import sm3
from jtsec.keys import api as keys
from tests.audit.alarms import receivers
from tests.audit.alarms.receivers import Inbox
from tests.audit.alarms.test_cef import MESSAGE


@pytest.fixture(autouse=True)
def soon(settings: Any) -> None:
    """Wait a second at most."""
    settings.JTSEC_AUDIT_ALARM_TIMEOUT_SECONDS = 1


def leads_to(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Let names resolve to these, one answer after the other; return who was asked."""
    asked: list[str] = []
    left = list(answers)
    real = socket.getaddrinfo

    def resolve(host: Any, port: Any, *rest: Any, **more: Any) -> Any:
        if host in ("127.0.0.1", "127.0.0.2"):
            return real(host, port, *rest, **more)
        asked.append(host)
        addresses = left.pop(0) if len(left) > 1 else left[0]
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port))
            for one in addresses
        ]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return asked


def test_the_signature_is_the_receivers_own():
    """Who has the key of one can verify its messages and forge no other's."""
    inbox = Inbox()
    with receivers.web(inbox) as port:
        target = f"http://127.0.0.1:{port}/a?b=1"
        webhook.send(target, MESSAGE)
    ((path, headers, body),) = inbox.got
    assert path == "/a?b=1"
    key_id, key = webhook.receiver_key(target)
    assert headers["X-Jtsec-Key"] == key_id
    assert headers["X-Jtsec-Signature"] == sm3.hmac(key, body).hex()
    assert json.loads(body) == MESSAGE
    _key_id, other = webhook.receiver_key(f"http://127.0.0.1:{port + 1}/a")
    assert other != key
    assert keys.active(keys.Purpose.AUDIT_MAC).secret not in (key, other)


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254",  # the address of machines' own secrets in clouds
        "127.0.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "240.0.0.1",
        "::1",
        "::ffff:127.0.0.1",
        "fe80::1",
    ],
)
def test_a_name_that_leads_to_a_special_address_is_refused(
    monkeypatch: pytest.MonkeyPatch, address: str
):
    """This machine and its neighbours are no receivers of a name (CWE-918)."""
    leads_to(monkeypatch, [address])
    with pytest.raises(NotDelivered, match="not allowed"):
        webhook.send("http://siem.example:80/a", MESSAGE)


def test_one_bad_address_among_good_ones_is_refused(monkeypatch: pytest.MonkeyPatch):
    """A mixed answer is what a rebinding name gives."""
    leads_to(monkeypatch, ["10.1.1.1", "127.0.0.1"])
    with pytest.raises(NotDelivered, match="not allowed"):
        webhook.send("http://siem.example:80/a", MESSAGE)


def test_the_networks_of_the_settings_are_the_only_ones(
    monkeypatch: pytest.MonkeyPatch, settings: Any
):
    """Named, they decide alone, also over this machine."""
    settings.JTSEC_AUDIT_ALARM_WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    inbox = Inbox()
    with receivers.web(inbox) as port:
        leads_to(monkeypatch, ["127.0.0.1"])
        webhook.send(f"http://siem.example:{port}/a", MESSAGE)
        assert inbox.got[0][1]["Host"] == f"siem.example:{port}"
        leads_to(monkeypatch, ["10.1.1.1"])
        with pytest.raises(NotDelivered, match="not allowed"):
            webhook.send(f"http://siem.example:{port}/a", MESSAGE)


def test_the_name_is_asked_once(monkeypatch: pytest.MonkeyPatch, settings: Any):
    """A name that answers otherwise a moment later leads nowhere."""
    settings.JTSEC_AUDIT_ALARM_WEBHOOK_NETWORKS = ["127.0.0.1/32"]
    inbox = Inbox()
    with receivers.web(inbox) as port:
        asked = leads_to(monkeypatch, ["127.0.0.1"], ["127.0.0.2"])
        webhook.send(f"http://rebinding.example:{port}/a", MESSAGE)
    assert asked == ["rebinding.example"]
    assert len(inbox.got) == 1


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch):
    """They would send it elsewhere."""
    proxy, inbox = Inbox(), Inbox()
    with receivers.web(proxy) as other, receivers.web(inbox) as port:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{other}")
        webhook.send(f"http://127.0.0.1:{port}/a", MESSAGE)
    assert (len(proxy.got), len(inbox.got)) == (0, 1)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a:1/",
        "http://a/without-port",
        "https://user:word@a:1/",
        "https://a:1",
        "https://a:1/ b",
        "file:///etc/passwd",
        "https://a:1/\r\nX: y",
        "https://a:1/" + "x" * 255,
    ],
)
def test_the_list_takes_only_addresses_with_their_port(url: str):
    """What it says is exactly what is spoken to."""
    (item,) = (one for one in declared() if one.name == "JTSEC_AUDIT_ALARM_WEBHOOKS")
    assert problems_of(item, (url,), "plugin")
    assert not problems_of(item, ("https://a.b:8443/x?y=1",), "plugin")


def certificate(folder: Path) -> Path:
    """Make a certificate for localhost that vouches for itself."""
    found = folder / "server.pem"
    done = subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes"),
            *("-days", "2", "-subj", "/CN=localhost"),
            *("-addext", "subjectAltName=DNS:localhost"),
            *("-keyout", str(folder / "key.pem"), "-out", str(folder / "crt.pem")),
        ],
        capture_output=True,
        check=False,
    )
    if done.returncode:
        pytest.skip("openssl cannot make a certificate")
    found.write_text(
        (folder / "key.pem").read_text() + (folder / "crt.pem").read_text()
    )
    return found


def test_tls_is_verified(tmp_path: Path, settings: Any):
    """By the certificates of the settings; by name; not at all is not offered."""
    pem = certificate(tmp_path)
    inbox = Inbox()
    with receivers.web(inbox, certificate=pem) as port:
        with pytest.raises(OSError, match="certificate verify failed"):
            webhook.send(f"https://localhost:{port}/a", MESSAGE)
        settings.JTSEC_AUDIT_ALARM_WEBHOOK_CA = str(tmp_path / "crt.pem")
        with pytest.raises(OSError, match="certificate verify failed"):
            webhook.send(f"https://127.0.0.1:{port}/a", MESSAGE)
        assert inbox.got == []
        webhook.send(f"https://localhost:{port}/a", MESSAGE)
    assert len(inbox.got) == 1


def test_a_tls_handshake_that_never_ends_is_ended():
    """The clock runs from the connection on, not from the first answer."""
    with (
        receivers.dripping() as port,
        pytest.raises((NotDelivered, OSError)),
    ):
        webhook.send(f"https://localhost:{port}/a", MESSAGE)


@pytest.mark.django_db
def test_the_key_is_shown_for_a_listed_receiver_and_that_is_recorded(settings: Any):
    """Who can show it can forge messages to that receiver."""
    settings.JTSEC_AUDIT_ALARM_WEBHOOKS = ["https://siem.example:8443/a"]
    shown = webhook.show_receiver_key("https://siem.example:8443/a")
    assert shown == webhook.receiver_key("https://siem.example:8443/a")
    assert AuditRecord.objects.get().code == "audit:delivery:key-shown"
    with pytest.raises(InputError):
        webhook.show_receiver_key("https://other.example:8443/a")
