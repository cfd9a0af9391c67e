"""
Lets the database refuse every change of the audit (clause A5.8).

On PostgreSQL it adds the column `txid` too, unknown to the ORM and filled by the
database: the transaction that wrote a row. A sealer can then tell which rows are
complete without making a writer wait. Elsewhere no such number exists.
"""

from django.db import migrations

from jtsec.audit import immutability

ADD_TXID = (
    'ALTER TABLE "jtsec_auditrecord" '
    'ADD COLUMN "txid" xid8 NOT NULL DEFAULT pg_current_xact_id()'
)
DROP_TXID = 'ALTER TABLE "jtsec_auditrecord" DROP COLUMN "txid"'


def install(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(ADD_TXID)
    immutability.install(schema_editor.connection)


def remove(apps, schema_editor):
    immutability.remove(schema_editor.connection)
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(DROP_TXID)


class Migration(migrations.Migration):
    dependencies = [("jtsec", "0001_initial")]
    operations = [migrations.RunPython(install, remove, elidable=False)]
