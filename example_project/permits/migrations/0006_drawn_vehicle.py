"""What is drawn from the register is declared, and has no table."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """Declares the model of what is drawn."""

    dependencies = [
        ("permits", "0005_plates_have_one_spelling"),
    ]

    operations = [
        migrations.CreateModel(
            name="DrawnVehicle",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("plate", models.CharField(max_length=9, verbose_name="号牌号码")),
                ("kind", models.CharField(max_length=2, verbose_name="号牌种类")),
                ("state", models.CharField(max_length=8, verbose_name="机动车状态")),
                (
                    "valid_until",
                    models.CharField(max_length=10, verbose_name="检验有效期止"),
                ),
            ],
            options={
                "verbose_name": "抽取的车辆信息",
                "verbose_name_plural": "抽取的车辆信息",
                "managed": False,
                "default_permissions": (),
            },
        ),
    ]
