"""Batches keep to the platform's limits, and the same rows give the same number."""

from __future__ import annotations

import json

import pytest

from jtsec.audit.export.batches import pack
from jtsec.audit.export.log_entry import Kind, log_entries
from jtsec.audit.export.messages import signed
from tests.audit.export.made import entry, parsed, payload

pytestmark = pytest.mark.clause("A5.11")


def test_a_batch_has_at_most_a_hundred_rows():
    """250 events make three batches that hold each once."""
    entries = list(log_entries([payload() for _ in range(250)]))
    batches = list(pack(entries, "v2"))
    assert [batch.rows for batch in batches] == [100, 100, 50]
    found = [row["numId"] for one in batches for row in json.loads(one.content)]
    assert found == [one.number for one in entries]


@pytest.mark.parametrize("form", ["v1", "v2"])
def test_a_batch_has_at_most_a_megabyte(form):
    """The largest events there are, with the signs that grow most when escaped."""
    worst = payload(resource='"\\' * 2500, data={"before": {"a": "\x01" * 5000}})
    entries = list(log_entries([{**worst, "id": payload()["id"]} for _ in range(120)]))
    batches = list(pack(entries, form))
    assert sum(batch.rows for batch in batches) == 120
    for batch in batches:
        assert len(batch.content) <= 1_000_000
        if form == "v2":
            assert len(signed(batch, "s" * 64)) <= 1_000_000
        else:
            assert len(parsed(batch.content).findall("Logs/Log")) == batch.rows


def test_a_batch_holds_one_log(settings):
    """User operations and interface calls travel apart."""
    settings.JTSEC_AUDIT_EXPORT_INTERFACE_CODES = ["gateway:*"]
    mixed = [entry(), entry(code="gateway:call:answered"), entry()]
    batches = {batch.kind: batch.rows for batch in pack(mixed, "v2")}
    assert batches == {Kind.USER: 2, Kind.INTERFACE: 1}


def test_the_number_of_a_batch_is_made_of_its_rows():
    """Packed again it is recognised; other rows, another form: another number."""
    rows = [entry() for _ in range(3)]
    (one,), (again,), (fewer,), (other,) = (
        pack(rows, "v2"), pack(rows, "v2"), pack(rows[:2], "v2"), pack(rows, "v1"),
    )  # fmt: skip
    assert one == again
    assert len({one.send_id, fewer.send_id, other.send_id}) == 3
    assert len(one.send_id) == 32
