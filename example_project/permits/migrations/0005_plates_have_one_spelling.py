"""Holds plates and telephones to their formats in the columns themselves."""

from django.db import migrations

import jtsec.fields
from jtsec.validation.model_fields import CheckedCharField
from jtsec.validation.phone import Mobile
from jtsec.validation.plate import check_plate


class Migration(migrations.Migration):
    """Changes no column of the database; what is stored was checked by the form."""

    dependencies = [("permits", "0004_rights_stand_in_code")]

    operations = [
        migrations.AlterField(
            model_name="permit",
            name="owner_phone",
            field=jtsec.fields.EncryptedCharField(
                max_length=11,
                searchable=True,
                validators=[Mobile()],
                verbose_name="手机号码",
            ),
        ),
        migrations.AlterField(
            model_name="permit",
            name="plate",
            field=CheckedCharField(
                checked_by=check_plate, max_length=9, verbose_name="号牌号码"
            ),
        ),
    ]
