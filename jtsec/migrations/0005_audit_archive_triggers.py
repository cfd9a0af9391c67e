"""
Lets archived rows of the audit go once they are a year old, and no others (A5.9).

The row-level trigger reads which rows lie in a recorded segment; what is recorded of
segments can itself not be changed or removed.
"""

from django.db import migrations

from jtsec.audit import immutability
from jtsec.audit.archive.protection import TABLES
from jtsec.audit.triggers import RECORDS


def install(apps, schema_editor):
    for table in (RECORDS, *TABLES):
        immutability.install(schema_editor.connection, table)


def remove(apps, schema_editor):
    connection = schema_editor.connection
    immutability.install(connection, immutability.without_release(RECORDS))
    for table in TABLES:
        immutability.remove(connection, table)


class Migration(migrations.Migration):
    dependencies = [("jtsec", "0004_audit_evidence_triggers")]
    operations = [migrations.RunPython(install, remove, elidable=False)]
