"""A segment is restored beside the log, for whoever looks into it alone."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta

import pytest

from django.utils import timezone

from jtsec.audit.archive.api import archive, drop
from jtsec.audit.archive.segments import is_dropped
from jtsec.audit.models import AuditRecord
from tests import databases
from tests.audit.archive.made import REASON, past, present

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.clause("A5.9"),
    pytest.mark.usefixtures("auditor"),
]

PROGRAM = """
import json, sys
import django
django.setup()
from django.core.management import call_command
from jtsec.audit.archive.api import restore
from jtsec.audit.models import AuditRecord
from jtsec.audit.verification import verify_record
from jtsec.core.context import acting_as, system_actor
call_command("migrate", database="side", verbosity=0)
with acting_as(system_actor("tests")):
    restore(sys.argv[1], reason="inspection", database="side")
rows = list(AuditRecord.objects.using("side").order_by("id"))
for row in rows:
    verify_record(row)
print(json.dumps([row.resource for row in rows]))
"""


def test_rows_come_beside_the_log_and_the_log_stays_as_it_is(place, tmp_path):
    """Every row verifies there; the segment is still away from the log."""
    past(500)
    present()
    (segment,) = archive(until=timezone.now() - timedelta(days=400))
    drop(reason=REASON)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, segment.name],
        capture_output=True,
        text=True,
        check=False,
        env=databases.child_environment(
            "tests.audit.archive.beside",
            JTSEC_TEST_SIDE=str(tmp_path / "side.sqlite3"),
            JTSEC_TEST_ARCHIVE=str(place),
        ),
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found == [f"old:500:0:{one}" for one in range(5)]
    assert is_dropped(segment)
    assert not AuditRecord.objects.filter(resource__startswith="old:500").exists()
    assert AuditRecord.objects.filter(code="audit:archive:restored").count() == 1
