"""Form v2 carries sorted objects under a check sum over SM3."""

from __future__ import annotations

import json

import pytest

from jtsec.audit.export import json_v2
from jtsec.audit.export.batches import pack
from jtsec.audit.export.log_entry import Kind
from jtsec.audit.export.messages import signed, unsigned
from jtsec.crypto import sm3
from tests.audit.export.made import SECRET, SYSTEM, entry

pytestmark = pytest.mark.clause("A5.11", "T9.1")

USER = {
    "numId", "userId", "organization", "organizationId", "userName", "terminalId",
    "operateTime", "operateType", "operateResult", "errorCode", "operateName",
    "operateCondition", "display", "dataLevel",
}  # fmt: skip
INTERFACE = {
    "numId", "interfaceName", "requester", "userId", "organization", "organizationId",
    "userName", "interfaceTime", "terminalId", "interfaceResult", "errorCode",
    "interfaceCondition", "display", "dataLevel",
}  # fmt: skip


def test_a_user_operation_has_its_fourteen_fields_sorted():
    """The names of the platform, in the order its check sum is made over."""
    row = json_v2.row(entry())
    found = json.loads(row)
    assert set(found) == USER
    assert list(found) == sorted(found)
    assert (found["operateResult"], found["operateType"]) == (1, 2)
    assert "张三" in row


def test_an_interface_call_has_its_own_fourteen(settings):
    """Log type 2, sub type 201."""
    settings.JTSEC_AUDIT_EXPORT_INTERFACE_CODES = ["tests:*"]
    one = entry()
    assert set(json.loads(json_v2.row(one))) == INTERFACE
    (batch,) = pack([one], "v2")
    message = json.loads(unsigned(batch))
    assert (message["logType"], message["subLogType"]) == ("2", "201")
    assert batch.kind is Kind.INTERFACE


def test_the_check_sum_covers_every_field_and_the_secret():
    """Computed here once more, from the words of the platform's manual."""
    (batch,) = pack([entry()], "v2")
    message = json.loads(signed(batch, SECRET))
    names = ("sysId", "sendId", "logType", "subLogType", "logContents", "appSecret")
    joined = "&".join(message[name] for name in names)
    assert message["checkSum"] == sm3.hexdigest(joined.encode())
    assert (message["sysId"], len(message["sendId"])) == (SYSTEM, 32)
    (row,) = json.loads(message["logContents"])
    assert row["userName"] == "张三"


def test_no_file_holds_the_secret():
    """A message for a file lacks the secret and the sum that is made of it."""
    (batch,) = pack([entry()], "v2")
    message = json.loads(unsigned(batch))
    assert set(message) == {"sysId", "sendId", "logType", "subLogType", "logContents"}


def test_half_a_surrogate_pair_does_not_stop_a_batch():
    """A client can send one in JSON; it has no form in UTF-8."""
    (batch,) = pack([entry(resource="a\ud800b")], "v2")
    (row,) = json.loads(batch.content)
    assert row["operateCondition"] == "resource='a\\ud800b'"
