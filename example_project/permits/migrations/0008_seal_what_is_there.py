"""What was filed before is sealed, and its attachments are encrypted."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from jtsec.fields.files.existing import encrypt_files
from jtsec.protection.operations import SealExisting


def encrypt(apps: Any, schema_editor: Any) -> None:
    """Encrypt the attachments that lie there in clear."""
    from permits.models import Permit  # noqa: PLC0415 - the model as it is

    encrypt_files(Permit, "attachment", schema_editor.connection.alias)


class Migration(migrations.Migration):
    """Each batch is committed by itself; a run that was stopped is run again."""

    atomic = False
    dependencies = [
        ("jtsec", "0012_rest"),
        ("permits", "0007_applications_are_sealed"),
    ]

    operations = [
        SealExisting("permit"),
        migrations.RunPython(encrypt, migrations.RunPython.noop),
    ]
