"""Probes."""
from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest

from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from jtsec.audit import immutability
from jtsec.audit.archive.api import archive
from jtsec.audit.archive.models import AuditSegmentMove, Move
from jtsec.audit.verifying.api import first_public_key
from tests.audit.archive.made import past, present
from tests.audit.verifying.test_zz_probe import attempt, said
from tests.authentication.passwords_in_force import cheap_passwords  # noqa: F401
from tests.authentication.persons import registered

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("cheap_passwords")]


def run(name, *a):
    out = StringIO()
    try:
        call_command(name, *a, stdout=out, stderr=out)
    except CommandError as e:
        return "EXIT", e.returncode, str(e)[:120], out.getvalue()[:100]
    except SystemExit as e:
        return "SYSEXIT", e.code, out.getvalue()[:100]
    return "OK", out.getvalue()[:160]


def test_commands(place, tmp_path):
    print()
    past(500); past(450); present()
    registered("auditor", 11, duty="audit")
    who = ("--actor", "auditor", "--reason", "over")
    attempt("archive", lambda: run("jtsec_audit_archive", "--json"))
    name = sorted(p.name for p in place.iterdir())[0]
    attempt("segment without drop", lambda: run("jtsec_audit_archive", "--segment", name))
    attempt("filter without show", lambda: run("jtsec_audit_archive", "--filter", "a=b"))
    attempt("list and drop", lambda: run("jtsec_audit_archive", "--list", "--drop", *who))
    attempt("drop segment with until", lambda: run("jtsec_audit_archive", "--drop", *who, "--segment", name, "--until", "2020-01-01"))
    attempt("drop all", lambda: run("jtsec_audit_archive", "--drop", *who))
    attempt("drop again", lambda: run("jtsec_audit_archive", "--drop", *who))
    attempt("drop named again", lambda: run("jtsec_audit_archive", "--drop", *who, "--segment", name))
    attempt("verify", lambda: run("jtsec_audit_verify"))
    attempt("proof of a dropped", lambda: run("jtsec_audit_verify", "--proof", "1"))
    attempt("restore nowhere", lambda: run("jtsec_audit_restore", name, "--database", "nope", *who))
    attempt("restore wrong name", lambda: run("jtsec_audit_restore", "nope", *who))
    attempt("restore wrong actor", lambda: run("jtsec_audit_restore", name, "--actor", "nobody", "--reason", "x"))
    attempt("restore empty reason", lambda: run("jtsec_audit_restore", name, "--actor", "auditor", "--reason", " "))
    attempt("restore file as dir", lambda: run("jtsec_audit_restore", name, "--directory", str(place / name), *who))
    attempt("restore", lambda: run("jtsec_audit_restore", name, *who))
    attempt("restore twice", lambda: run("jtsec_audit_restore", name, *who))
    attempt("verify", lambda: run("jtsec_audit_verify"))
    attempt("drop again", lambda: run("jtsec_audit_archive", "--drop", *who))
    attempt("verify", lambda: run("jtsec_audit_verify"))
    attempt("show nonsense", lambda: run("jtsec_audit_archive", "--show", "nope"))
    attempt("show filter", lambda: run("jtsec_audit_archive", "--show", name, "--filter", "at=5"))
    attempt("until nonsense", lambda: run("jtsec_audit_archive", "--until", "2026-13-45"))
    attempt("directory is file", lambda: run("jtsec_audit_archive", "--directory", str(place / name)))
    attempt("directory nul", lambda: run("jtsec_audit_archive", "--directory", "a\0b"))


def test_young_segment_dropped_by_an_insider(place):
    print()
    past(500); past(40); present()
    from jtsec.core.context import acting_as
    from tests.audit.archive.made import AUDITOR
    with acting_as(AUDITOR):
        segments = archive(until=timezone.now() - timedelta(days=20))
    young = segments[-1]
    with immutability.lifted(connection), connection.cursor() as cursor:
        cursor.execute("DELETE FROM jtsec_auditrecord WHERE resource LIKE %s", ["old:40%"])
    AuditSegmentMove(segment=young, what=Move.DROPPED, at=timezone.now(), rows=5, actor="x").save()
    attempt("verify", said)
    attempt("public", lambda: said(public_key=first_public_key()))
    (place / young.name).unlink()
    attempt("file gone", said)
