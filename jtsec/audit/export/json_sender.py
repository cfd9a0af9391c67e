"""Form v2: JSON by POST, answered with a code and a check sum."""

from __future__ import annotations

import hmac
import json
from typing import Any

from .batches import Batch
from .messages import answer_sum, signed
from .posting import NoAnswer, Reply, post
from .receiver import Accepted, Answer, Rejected, Unreachable
from .secret_file import read_secret

OK = "0000"


class JsonSender:
    """Sends batches of form v2."""

    def send(self, batch: Batch) -> Answer:
        """Send one batch; see `receiver.Sender`."""
        message = signed(batch, read_secret())
        try:
            reply = post(message, "application/json; charset=utf-8", {})
        except NoAnswer as error:
            return Unreachable(str(error))
        return _understood(reply)


def _understood(reply: Reply) -> Answer:
    if reply.status >= 500 or reply.status in (408, 425, 429):
        return Unreachable(f"HTTP {reply.status}")
    fields = _fields(reply.body)
    if fields is None:
        # A proxy's page, or a wrong address: the platform itself said nothing.
        return Unreachable(f"HTTP {reply.status} without an answer of the platform")
    status = str(fields.get("status_code", ""))
    text = str(fields.get("Message", fields.get("message", "")))
    given = str(fields.get("checkSum", ""))
    if not hmac.compare_digest(
        given.lower().encode(), answer_sum(status, text).encode()
    ):
        # Whoever stands between could make the log vanish by saying that it arrived.
        return Unreachable(f"{status} {text}: the answer's check sum is wrong")
    if status == OK:
        return Accepted(text)
    return Rejected(f"{status} {text}".strip())


def _fields(body: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(body)
    except ValueError:
        return None
    return found if isinstance(found, dict) and "status_code" in found else None
