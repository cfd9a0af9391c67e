"""Takes the rights out of the model; they are declared in functions.py."""

from django.db import migrations


class Migration(migrations.Migration):
    """Changes no table."""

    dependencies = [("permits", "0003_organisation_is_required")]

    operations = [
        migrations.AlterModelOptions(
            name="permit",
            options={
                "default_permissions": (),
                "ordering": ("-filed_at", "-pk"),
                "verbose_name": "临时通行证申请",
                "verbose_name_plural": "临时通行证申请",
            },
        ),
    ]
