"""The formats page says what leaves the system: its vector is computed here."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

from jtsec import __version__
from jtsec.audit.alarms.cef import cef_line, syslog_message
from jtsec.audit.alarms.webhook import KEY_LABEL, receiver_key, signature
from jtsec.audit.payload import canonical
from jtsec.crypto import sm3
from jtsec.keys import api as keys
from tests.audit.alarms.test_cef import MESSAGE
from tests.audit.test_formats import vector


def test_an_alarm_message_is_as_written():
    """Body, receiver's key, signature and CEF line."""
    case = vector("alarm-message")
    body = case["body"].encode()
    assert canonical(json.loads(body)) == body == canonical(MESSAGE)
    ring_key, place = bytes.fromhex(case["ring_key"]), case["receiver"].encode()
    key = sm3.hmac(ring_key, KEY_LABEL + place)
    assert key.hex() == case["receiver_key"]
    assert signature(key, body) == case["signature"]
    assert cef_line(MESSAGE) == case["cef"].replace("|0.1.0|", f"|{__version__}|")
    assert syslog_message(MESSAGE, "host").startswith(case["syslog_head"].encode())


def test_the_receivers_key_is_derived_as_written():
    """From the ring's key of the audit's check values and host and port."""
    key_id, key = receiver_key("https://siem.example:8443/alarms")
    assert urlsplit("https://siem.example:8443/alarms").netloc == "siem.example:8443"
    expected = keys.mac_with(key_id, b"jtsec-alarm-webhook\x01siem.example:8443")
    assert key == expected
    assert keys.get(key_id).purpose is keys.Purpose.AUDIT_MAC
