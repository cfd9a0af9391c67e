"""Form v1: `acceptLogs` by SOAP 1.1, answered with a text that begins with a code."""

from __future__ import annotations

import re
from typing import Final
from xml.etree import ElementTree

from .batches import Batch
from .conf import export_settings
from .json_v2 import TYPES
from .posting import NoAnswer, Reply, post
from .receiver import Accepted, Answer, Rejected, Unreachable
from .xml_v1 import escape

OK: Final = "000"
SOAP: Final = "http://schemas.xmlsoap.org/soap/envelope/"
_CODE: Final = re.compile(r"\d{3}")


class SoapSender:
    """Sends batches of form v1."""

    def send(self, batch: Batch) -> Answer:
        """Send one batch; see `receiver.Sender`."""
        try:
            reply = post(
                envelope(batch), "text/xml; charset=utf-8", {"SOAPAction": '""'}
            )
        except NoAnswer as error:
            return Unreachable(str(error))
        return _understood(reply)


def envelope(batch: Batch) -> bytes:
    """
    Return the call.

    The document travels as a text inside of it: what GBK lacks stays a reference, so
    that the platform can write the text down in GBK as it came.
    """
    settings = export_settings()
    parts = (
        ("Reg_ID", settings.system_id),
        ("SendID", batch.send_id),
        ("logType", TYPES[batch.kind][0]),
        ("logs", batch.content.decode("gbk")),
    )
    arguments = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in parts)
    namespace = _attribute(settings.namespace)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="{SOAP}">'
        f'<soap:Body><a:acceptLogs xmlns:a="{namespace}">{arguments}'
        "</a:acceptLogs></soap:Body></soap:Envelope>"
    ).encode()


def _attribute(text: str) -> str:
    return escape(text).replace('"', "&quot;")


def _understood(reply: Reply) -> Answer:
    text = _returned(reply.body)
    # A fault of the server comes with status 500; it is no answer about the batch.
    if reply.status != 200 or text is None:
        return Unreachable(f"HTTP {reply.status} without an answer of acceptLogs")
    if text.startswith(OK):
        return Accepted(text[:200])
    if _CODE.match(text):
        return Rejected(text[:200])
    return Unreachable(f"an answer without a code: {text[:100]}")


def _returned(body: bytes) -> str | None:
    """Return the text of the one element in the answer to the call."""
    try:
        # As text: bytes may name another encoding, in which the next line sees nothing
        # and the reader a document type (UTF-16).
        text = body.decode("utf-8-sig")
        if "<!DOCTYPE" in text or "<!ENTITY" in text:
            return None  # an answer needs neither, an attack on the reader does
        root = ElementTree.fromstring(text)  # noqa: S314 - no document type, 64 kB
    except (ElementTree.ParseError, ValueError):
        return None
    found = root.find(f"{{{SOAP}}}Body")
    called = None if found is None else next(iter(found), None)
    if called is None or not called.tag.rpartition("}")[2].endswith("Response"):
        return None
    returned = next(iter(called), None)
    return None if returned is None else (returned.text or "").strip()
