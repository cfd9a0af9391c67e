"""Applications get their seal, and what is attached is encrypted from now on."""

from __future__ import annotations

from django.db import migrations, models

import jtsec.fields.files.field
import permits.models


class Migration(migrations.Migration):
    """Adds the column of the seal."""

    dependencies = [
        ("permits", "0006_drawn_vehicle"),
    ]

    operations = [
        migrations.AddField(
            model_name="permit",
            name="seal",
            field=models.BinaryField(default=b"", editable=False),
        ),
        migrations.AlterField(
            model_name="permit",
            name="attachment",
            field=jtsec.fields.files.field.EncryptedFileField(
                blank=True,
                max_length=120,
                upload_to=permits.models.attachment_path,
                verbose_name="证明材料",
            ),
        ),
    ]
