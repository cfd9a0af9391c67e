"""Leaves no application without an organisation, now that each has one."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """
    Makes the organisation required.

    Apart from the step before: PostgreSQL alters no table in the transaction that has
    just written its rows.
    """

    dependencies = [("permits", "0002_organisation_label_state_attachment")]

    operations = [
        migrations.AlterField(
            model_name="permit",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="jtsec.organization",
                verbose_name="受理部门",
            ),
        ),
    ]
