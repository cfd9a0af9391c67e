"""Lets statistics be counted from an index of the audit log (A5.10)."""

from django.db import migrations

from jtsec.audit import counted_columns


def install(apps, schema_editor):
    counted_columns.install(schema_editor.connection)


def remove(apps, schema_editor):
    counted_columns.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("jtsec", "0007_access_and_approvals")]
    operations = [migrations.RunPython(install, remove, elidable=False)]
