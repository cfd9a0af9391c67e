"""
Lets the database refuse every change of the checkpoints (clause A5.8).

On PostgreSQL it takes the column `txid` away again, which no release has read: sealing
goes by the numbers of the records and the locks of those who write them, which also
holds for what was restored from a dump, whose transaction ids mean nothing.
"""

from django.db import migrations

from jtsec.audit import immutability
from jtsec.audit.sealing.protection import TABLES

ADD_TXID = (
    'ALTER TABLE "jtsec_auditrecord" '
    'ADD COLUMN "txid" xid8 NOT NULL DEFAULT pg_current_xact_id()'
)
DROP_TXID = 'ALTER TABLE "jtsec_auditrecord" DROP COLUMN "txid"'


def install(apps, schema_editor):
    connection = schema_editor.connection
    if connection.vendor == "postgresql":
        schema_editor.execute(DROP_TXID)
    # SQLite forgets the triggers of a table that a migration before this one changed.
    immutability.install(connection)
    for table in TABLES:
        immutability.install(connection, table)


def remove(apps, schema_editor):
    connection = schema_editor.connection
    for table in TABLES:
        immutability.remove(connection, table)
    if connection.vendor == "postgresql":
        schema_editor.execute(ADD_TXID)


class Migration(migrations.Migration):
    dependencies = [("jtsec", "0003_audit_evidence")]
    operations = [migrations.RunPython(install, remove, elidable=False)]
