"""Form v1 by SOAP: the answer's code decides."""

from __future__ import annotations

import codecs
from xml.etree import ElementTree

import pytest

from jtsec.audit.export.api import Accepted, Rejected, Unreachable
from jtsec.audit.export.batches import pack
from jtsec.audit.export.posting import Reply
from jtsec.audit.export.soap_sender import SoapSender, _understood, envelope
from tests.audit.export.made import SYSTEM, Platform, entry, parsed

pytestmark = pytest.mark.clause("A5.11")


def answered(text: str, status: int = 200) -> Reply:
    """Return what a platform says to a call."""
    return Reply(
        status,
        (
            '<?xml version="1.0"?><e:Envelope '
            'xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>'
            '<n:acceptLogsResponse xmlns:n="http://any">'
            f"<acceptLogsReturn>{text}</acceptLogsReturn>"
            "</n:acceptLogsResponse></e:Body></e:Envelope>"
        ).encode(),
    )


def test_the_call_carries_the_document_as_a_text():
    """Four arguments; the document in them is read back whole, rare names too."""
    (batch,) = pack([entry(actor={"name": "𠮷 & <b>"})], "v1")
    call = ElementTree.fromstring(envelope(batch))
    (accept,) = call.iter("{http://service.audit.police}acceptLogs")
    found = {child.tag: child.text or "" for child in accept}
    assert list(found) == ["Reg_ID", "SendID", "logType", "logs"]
    assert (found["Reg_ID"], found["logType"]) == (SYSTEM, "1")
    document = parsed(found["logs"].encode("gbk"))
    assert document.findtext("Logs/Log/User_Name") == "𠮷 & <b>"


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (answered("000"), Accepted),
        (answered(" 000 ok "), Accepted),
        (answered("101 unknown Reg_ID"), Rejected),
        (answered("busy"), Unreachable),
        (answered(""), Unreachable),
        (answered("000", status=500), Unreachable),
        (Reply(200, b"<html/>"), Unreachable),
        (Reply(200, b"not xml"), Unreachable),
        (Reply(200, b"<!DOCTYPE x [<!ENTITY a 'b'>]>" + answered("000").body),
         Unreachable),
        (Reply(200, answered("&a;").body.decode().replace(
            "?>", "?><!DOCTYPE x [<!ENTITY a '000'>]>", 1).encode("utf-16")),
         Unreachable),
        (Reply(200, codecs.BOM_UTF8 + answered("000").body), Accepted),
    ],
)  # fmt: skip
def test_only_a_code_of_the_platform_settles_a_batch(reply, kind):
    """Faults, pages of proxies and attacks on the reader are no answers."""
    assert isinstance(_understood(reply), kind)


def test_it_travels(settings):
    """To a real listener and back."""

    class Soap(Platform):
        def answer(self, body):
            self.received.append({"body": body.decode()})
            return 200, answered("000").body

    platform = Soap()
    (batch,) = pack([entry()], "v1")
    with platform.serving() as url:
        settings.JTSEC_AUDIT_EXPORT_URL = url
        settings.JTSEC_AUDIT_EXPORT_RECEIVERS = [f"127.0.0.1:{platform.port}"]
        assert isinstance(SoapSender().send(batch), Accepted)
    assert batch.send_id in platform.received[0]["body"]
    assert isinstance(SoapSender().send(batch), Unreachable)
