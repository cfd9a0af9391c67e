"""Vehicles get their identification number, drivers the classes they may drive."""

from __future__ import annotations

from django.db import migrations

from jtsec.validation.driving_licence import check_licence_class
from jtsec.validation.model_fields import CheckedCharField
from jtsec.validation.vin import check_vin


class Migration(migrations.Migration):
    """Adds the two columns; of what was filed before, neither is known."""

    dependencies = [
        ("permits", "0008_seal_what_is_there"),
    ]

    operations = [
        migrations.AddField(
            model_name="permit",
            name="vin",
            field=CheckedCharField(
                checked_by=check_vin,
                default="",
                max_length=17,
                verbose_name="车辆识别代号",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="permit",
            name="licence_class",
            field=CheckedCharField(
                checked_by=check_licence_class,
                default="",
                max_length=28,
                verbose_name="驾驶人准驾车型",
            ),
            preserve_default=False,
        ),
    ]
