"""The message of form v2 around a batch: who sends what, under which check sum."""

from __future__ import annotations

from typing import Final

from jtsec.crypto import sm3

from .batches import Batch
from .conf import export_settings
from .json_v2 import TYPES, message

SIGNED: Final = ("sysId", "sendId", "logType", "subLogType", "logContents")


def fields_of(batch: Batch) -> dict[str, str]:
    """Return the fields of a message, without secret and check sum."""
    log_type, sub_type = TYPES[batch.kind]
    return {
        "sysId": export_settings().system_id,
        "sendId": batch.send_id,
        "logType": log_type,
        "subLogType": sub_type,
        "logContents": batch.content.decode("utf-8"),
    }


def signed(batch: Batch, secret: str) -> bytes:
    """Return the whole message; the check sum covers the fields and the secret."""
    fields = fields_of(batch)
    summed = "&".join([*(fields[name] for name in SIGNED), secret])
    check_sum = sm3.hexdigest(summed.encode("utf-8"))
    return message({**fields, "appSecret": secret, "checkSum": check_sum})


def unsigned(batch: Batch) -> bytes:
    """Return the message for a file: a secret must not lie in one."""
    return message(fields_of(batch))


def answer_sum(status: str, text: str) -> str:
    """Return the check sum of an answer."""
    summed = f"{status}&{text}&{export_settings().system_id}"
    return sm3.hexdigest(summed.encode("utf-8"))
