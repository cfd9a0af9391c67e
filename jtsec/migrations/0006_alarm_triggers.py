"""
Lets the database refuse every change of the steps taken with an alarm (clause P61).

An alarm itself goes on: it counts and changes its state. What was done with it does
not, and while its steps are there its row cannot be removed either.
"""

from django.db import migrations

from jtsec.audit import immutability
from jtsec.audit.alarms.protection import TABLES


def install(apps, schema_editor):
    for table in TABLES:
        immutability.install(schema_editor.connection, table)


def remove(apps, schema_editor):
    for table in TABLES:
        immutability.remove(schema_editor.connection, table)


class Migration(migrations.Migration):
    dependencies = [("jtsec", "0005_audit_archive_triggers")]
    operations = [migrations.RunPython(install, remove, elidable=False)]
