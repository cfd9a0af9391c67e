"""The police log on the formats page is what is handed over."""

from __future__ import annotations

import json

import pytest

from jtsec.audit.export.batches import pack
from jtsec.audit.export.log_entry import log_entries
from jtsec.audit.export.messages import signed
from tests.audit.declared import PermitGranted
from tests.audit.test_formats import vector

pytestmark = pytest.mark.clause("A5.11")


def test_both_forms_are_as_written(settings):
    """One event, to the byte."""
    case = vector("police-log")
    settings.JTSEC_AUDIT_EXPORT_SYSTEM_ID = case["system_id"]
    payload = json.loads(case["payload"])
    assert payload["code"] == PermitGranted.declaration.code
    (entry,) = log_entries([payload])
    (xml,), (array,) = pack([entry], "v1"), pack([entry], "v2")
    assert xml.content == case["v1"].encode("gbk")
    assert signed(array, case["secret"]).decode() == case["v2"]
