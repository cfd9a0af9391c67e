"""The integrity page: what is sealed, verified on the spot, and proved to others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from django.db import connection
from django.test import Client

from jtsec.audit import immutability
from jtsec.audit.models import AuditRecord
from jtsec.audit.proof import ProofRefused, verify_proof
from jtsec.audit.sealing.api import last_checkpoint, seal_now
from jtsec.core.clock import now
from jtsec.keys import api as keys
from jtsec.keys.key import Purpose, State
from tests import keyring
from tests.audit.query.rows import add, row
from tests.audit.verifying.test_scenes import key_folder, use_ring  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sealed(auditor: Client) -> AuditRecord:
    """Return an event that is sealed."""
    (one,) = add(row(now(), subject="li"))
    assert seal_now()
    return one


@pytest.mark.clause("A5.8")
def test_checkpoints_are_listed_and_the_log_verified(
    auditor: Client, sealed: AuditRecord
) -> None:
    """The newest checkpoint with its hash; the button says whole and is recorded."""
    newest = last_checkpoint()
    assert newest is not None
    page = auditor.get("/console/audit/integrity/").content.decode()
    assert bytes(newest.hash).hex() in page
    done = auditor.post("/console/audit/integrity/verify/")
    assert done.status_code == 200
    assert "jtsec-mark-good" in done.content.decode()
    assert AuditRecord.objects.filter(code="audit:log:whole").exists()


@pytest.mark.clause("A5.8")
def test_an_altered_row_is_named_and_raises_an_alarm(
    auditor: Client, sealed: AuditRecord
) -> None:
    """By raw SQL as the owner of the database, triggers dropped."""
    with immutability.lifted(connection), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE jtsec_auditrecord SET subject = 'wang' WHERE id = %s", [sealed.pk]
        )
    page = auditor.post("/console/audit/integrity/verify/").content.decode()
    assert "jtsec-mark-bad" in page
    assert str(sealed.pk) in page
    event = AuditRecord.objects.get(code="audit:log:false")
    assert event.severity == 40


@pytest.mark.clause("A5.8")
def test_an_event_shows_that_its_seal_holds_and_hands_out_the_proof(
    auditor: Client, sealed: AuditRecord
) -> None:
    """The proof convinces a third party that has the public key alone."""
    address = f"/console/audit/records/{sealed.event_id}/"
    page = auditor.get(address).content.decode()
    assert page.count("jtsec-mark-good") == 2
    proof = auditor.get(f"{address}proof/")
    assert proof.headers["Content-Disposition"].startswith("attachment")
    _key_id, private = keys.signing_key()
    proved = verify_proof(proof.content, private.public)
    assert proved.record_id == sealed.pk
    changed: Any = json.loads(proof.content)
    changed["record"]["id"] += 1
    with pytest.raises(ProofRefused):
        verify_proof(json.dumps(changed).encode(), private.public)


def test_an_event_that_waits_for_its_seal_says_so(auditor: Client) -> None:
    """It is not shown as whole before it is."""
    (one,) = add(row(now()))
    address = f"/console/audit/records/{one.event_id}/"
    assert "jtsec-mark-warn" in auditor.get(address).content.decode()
    assert auditor.get(f"{address}proof/").status_code == 409


@pytest.mark.parametrize("number", ["x", "0", "-1", "9" * 40, "999999"])
def test_a_checkpoint_that_is_none_gets_a_400(auditor: Client, number: str) -> None:
    """No number from a form reaches the database unchecked."""
    page = auditor.post("/console/audit/integrity/verify/", {"checkpoint": number})
    assert page.status_code == 400


def test_one_checkpoint_is_verified_by_itself(
    auditor: Client, sealed: AuditRecord
) -> None:
    """From its button in the list."""
    newest = last_checkpoint()
    assert newest is not None
    page = auditor.post(
        "/console/audit/integrity/verify/", {"checkpoint": str(newest.number)}
    )
    assert "jtsec-mark-good" in page.content.decode()


@pytest.mark.clause("A5.8")
def test_a_checkpoint_without_a_range_of_its_own_is_the_one_that_is_verified(
    auditor: Client,
    sealed: AuditRecord,
    settings: Any,
    key_folder: Path,  # noqa: F811
) -> None:
    """One that announces a key, or holds late records, ends with the id before it."""
    rest = [k for k in keyring.known_ring() if k.purpose != Purpose.AUDIT_SIGNATURE]
    old = keyring.known_key(Purpose.AUDIT_SIGNATURE, 1, State.RETIRED)
    new = keyring.known_key(Purpose.AUDIT_SIGNATURE, 2)
    seal_now()
    use_ring(settings, key_folder / "jtsec.keys", [*rest, old, new])
    announcing = next(one for one in seal_now() if one.parsed().next_key)
    of = announcing.number
    assert announcing.last_id < announcing.first_id
    auditor.post("/console/audit/integrity/verify/", {"checkpoint": str(of)})
    event = AuditRecord.objects.get(code="audit:log:whole")
    assert event.resource == f"audit.checkpoint:{of}-{of}"


@pytest.mark.clause("A5.10")
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_an_export_is_asked_for_and_handed_out(auditor: Client, form: str) -> None:
    """The page before it says what it will hold; the file names who took it."""
    asked = auditor.get("/console/audit/records/export/?period=week").content.decode()
    assert f"form={form}" in asked
    answer = auditor.get(f"/console/audit/records/export/?period=week&form={form}")
    assert answer.status_code == 200
    assert f".{form}" in answer.headers["Content-Disposition"]
    data = b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # a file
    answer.close()
    assert len(data) > 500
    if form == "csv":
        assert "(auditor)" in data.decode()
    wrong = auditor.get("/console/audit/records/export/?form=pdf")
    assert wrong.status_code == 400
    table = auditor.get(f"/console/audit/statistics/export/?by=user&form={form}")
    assert table.status_code == 200
    table.close()


@pytest.mark.parametrize("number", ["0", "-1", "x", "9" * 19, "0" * 19 + "1" * 5000])
def test_a_number_that_is_no_checkpoints_is_a_400(auditor: Client, number: str) -> None:
    """However long somebody makes it."""
    form = {"checkpoint": number}
    assert auditor.post("/console/audit/integrity/verify/", form).status_code == 400
