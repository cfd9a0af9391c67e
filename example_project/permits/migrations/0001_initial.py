"""Makes the table of the applications."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import jtsec.fields


class Migration(migrations.Migration):
    """Makes the table of the applications."""

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Permit",
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
                (
                    "number",
                    models.CharField(
                        max_length=20, unique=True, verbose_name="申请编号"
                    ),
                ),
                (
                    "plate",
                    models.CharField(
                        max_length=9,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[\\u4e00-\\u9fff][A-Z][A-HJ-NP-Z0-9]{5,6}\\Z",
                                "号牌号码格式不正确，例如 京A12345。",
                            )
                        ],
                        verbose_name="号牌号码",
                    ),
                ),
                (
                    "vehicle_kind",
                    models.CharField(
                        choices=[
                            ("01", "大型汽车"),
                            ("02", "小型汽车"),
                            ("51", "大型新能源汽车"),
                            ("52", "小型新能源汽车"),
                        ],
                        max_length=2,
                        verbose_name="号牌种类",
                    ),
                ),
                ("owner_name", models.CharField(max_length=50, verbose_name="所有人")),
                (
                    "owner_id_number",
                    jtsec.fields.EncryptedCharField(
                        max_length=18, searchable=True, verbose_name="身份证明号码"
                    ),
                ),
                (
                    "owner_phone",
                    jtsec.fields.EncryptedCharField(
                        max_length=11,
                        searchable=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^1[3-9]\\d{9}\\Z", "手机号码应为 11 位数字。"
                            )
                        ],
                        verbose_name="手机号码",
                    ),
                ),
                ("route", models.CharField(max_length=100, verbose_name="通行路段")),
                ("purpose", models.CharField(max_length=200, verbose_name="申请事由")),
                ("valid_from", models.DateField(verbose_name="通行开始日期")),
                ("valid_until", models.DateField(verbose_name="通行结束日期")),
                ("filed_at", models.DateTimeField(verbose_name="申请时间")),
                (
                    "owner_id_number_index",
                    jtsec.fields.BlindIndexField(
                        of="owner_id_number", verbose_name="身份证明号码"
                    ),
                ),
                (
                    "owner_phone_index",
                    jtsec.fields.BlindIndexField(
                        of="owner_phone", verbose_name="手机号码"
                    ),
                ),
                (
                    "filed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="经办人",
                    ),
                ),
            ],
            options={
                "verbose_name": "临时通行证申请",
                "verbose_name_plural": "临时通行证申请",
                "ordering": ("-filed_at", "-pk"),
                "permissions": (
                    ("query_permit", "查询临时通行证"),
                    ("file_permit", "申请临时通行证"),
                ),
                "default_permissions": (),
            },
        ),
    ]
