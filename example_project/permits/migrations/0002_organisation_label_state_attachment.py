"""Says whose each application is, how sensitive, how far it has come, with a file."""

import django.db.models.deletion
from django.db import migrations, models

import permits.models


def give_to_the_organisation_of_who_filed(apps, schema_editor):
    """Applications from before belong where their filer works; all were in force."""
    Identity = apps.get_model("jtsec", "Identity")
    Permit = apps.get_model("permits", "Permit")
    top = apps.get_model("jtsec", "Organization").objects.order_by("code").first()
    filers = Permit.objects.order_by().values_list("filed_by_id", flat=True).distinct()
    places = dict(Identity.objects.values_list("user_id", "organisation_id"))
    for filer in filers:
        Permit.objects.filter(filed_by_id=filer).update(
            organisation_id=places.get(filer, top and top.pk), state="approved"
        )


class Migration(migrations.Migration):
    """Adds what decides who may see an application."""

    dependencies = [
        ("jtsec", "0001_initial"),
        ("permits", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="permit",
            name="organisation",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="jtsec.organization",
                verbose_name="受理部门",
            ),
        ),
        migrations.AddField(
            model_name="permit",
            name="sensitivity",
            field=models.PositiveSmallIntegerField(
                choices=[(0, "一般"), (1, "敏感")],
                default=0,
                verbose_name="敏感级别",
            ),
        ),
        migrations.AddField(
            model_name="permit",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "草稿"),
                    ("filed", "待审批"),
                    ("approved", "已批准"),
                    ("rejected", "已驳回"),
                ],
                default="draft",
                editable=False,
                max_length=8,
                verbose_name="状态",
            ),
        ),
        migrations.AddField(
            model_name="permit",
            name="attachment",
            field=models.FileField(
                blank=True,
                max_length=120,
                upload_to=permits.models.attachment_path,
                verbose_name="证明材料",
            ),
        ),
        migrations.AddField(
            model_name="permit",
            name="edited_by",
            field=models.JSONField(default=list, editable=False, verbose_name="修改人"),
        ),
        migrations.RunPython(
            give_to_the_organisation_of_who_filed, migrations.RunPython.noop
        ),
    ]
