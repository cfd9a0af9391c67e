"""Applications for temporary passes."""

from __future__ import annotations

from pathlib import PurePath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from jtsec.access.scope import RowScope
from jtsec.access.scoped_rows import ScopedModel
from jtsec.audit.coverage.api import audit_model
from jtsec.core.exceptions import InputError
from jtsec.fields import EncryptedCharField, EncryptedFileField
from jtsec.identity.models import Organization
from jtsec.protection.extraction.api import Extraction
from jtsec.protection.masking.api import Masking
from jtsec.protection.masking.models import MaskedModel
from jtsec.protection.models import SealedModel
from jtsec.validation.api import (
    Mobile,
    check_licence_class,
    check_plate,
    check_plate_kind,
    check_vin,
    is_vin_consistent,
)
from jtsec.validation.model_fields import CheckedCharField

# What everybody sees who may see an application at all, and never of its owner: a
# field that is added to these is shown to who is no police officer too.
VEHICLE = ("number", "plate", "vehicle_kind")
DRIVEN = ("vin", "licence_class")
COURSE = (
    "valid_from",
    "valid_until",
    "filed_at",
    "filed_by",
    "organisation",
    "sensitivity",
    "state",
    "attachment",
)
OWNER = {"owner_name": "name", "owner_id_number": "id_number", "owner_phone": "phone"}
"""What is personal, and how it is masked."""


def attachment_path(permit: Permit, name: str) -> str:
    """Return where an attachment is kept: by the number, not by a visitor's words."""
    return f"permits/{permit.number}{PurePath(name).suffix.lower()}"


SEALED = (*VEHICLE, *OWNER, "route", "purpose", *COURSE, "edited_by")


@audit_model(sensitive=("owner_name",))
class Permit(ScopedModel, MaskedModel, SealedModel):
    """
    One application for a temporary pass; every change of it is recorded (A5.1).

    The owner's ID number and phone are encrypted in the database and can be searched
    for whole values, and the attachment is encrypted where it lies (clause A6.3). All
    of it is sealed: what is changed, added or removed behind the application is found,
    and nothing is done with it (clauses A6.1, A6.2). It belongs to an organisation, and
    carries a label; both decide who sees it and its attachment (clauses A4.1, A4.14).
    The owner is shown masked, and in clear to police alone; who is no police officer
    acts for others, and sees the core of it (clause T7.2).
    """

    SCOPE = RowScope(organisation="organisation", label="sensitivity")
    # What was sealed before there were the two is checked by the first list.
    sealed_fields = {1: SEALED, 2: (*SEALED, *DRIVEN)}
    MASKING = Masking(
        fields=OWNER,
        clear="permits.view_owner",
        core=(*VEHICLE, *DRIVEN, "route", *COURSE),
    )

    class State(models.TextChoices):
        """How far an application has come."""

        DRAFT = "draft", "草稿"
        FILED = "filed", "待审批"
        APPROVED = "approved", "已批准"
        REJECTED = "rejected", "已驳回"

    class Sensitivity(models.IntegerChoices):
        """How sensitive the data are; who is to see them needs that clearance."""

        ORDINARY = 0, "一般"
        SENSITIVE = 1, "敏感"

    class VehicleKind(models.TextChoices):
        """Kinds of plates, as the field codes them."""

        LARGE = "01", "大型汽车"
        SMALL = "02", "小型汽车"
        LARGE_NEW_ENERGY = "51", "大型新能源汽车"
        SMALL_NEW_ENERGY = "52", "小型新能源汽车"

    LARGE = (VehicleKind.LARGE, VehicleKind.LARGE_NEW_ENERGY)
    LARGE_CLASSES = ("A1", "A2", "A3", "B1", "B2")
    """Who may drive a large one; any class for cars will do for a small one."""

    number = models.CharField("申请编号", max_length=20, unique=True)
    plate = CheckedCharField("号牌号码", max_length=9, checked_by=check_plate)
    vehicle_kind = models.CharField("号牌种类", max_length=2, choices=VehicleKind)
    vin = CheckedCharField("车辆识别代号", max_length=17, checked_by=check_vin)
    licence_class = CheckedCharField(
        "驾驶人准驾车型", max_length=28, checked_by=check_licence_class
    )
    owner_name = models.CharField("所有人", max_length=50)
    owner_id_number = EncryptedCharField("身份证明号码", max_length=18, searchable=True)
    owner_phone = EncryptedCharField(
        "手机号码", max_length=11, searchable=True, validators=[Mobile()]
    )
    route = models.CharField("通行路段", max_length=100)
    purpose = models.CharField("申请事由", max_length=200)
    valid_from = models.DateField("通行开始日期")
    valid_until = models.DateField("通行结束日期")
    filed_at = models.DateTimeField("申请时间")
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name="经办人"
    )
    organisation = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="受理部门",
    )
    sensitivity = models.PositiveSmallIntegerField(
        "敏感级别", choices=Sensitivity, default=Sensitivity.ORDINARY
    )
    state = models.CharField(
        "状态", max_length=8, choices=State, default=State.DRAFT, editable=False
    )
    attachment = EncryptedFileField(
        "证明材料", upload_to=attachment_path, max_length=120, blank=True
    )
    # Whoever changed it is among its makers, and approves nothing of it.
    edited_by = models.JSONField("修改人", default=list, editable=False)

    class Meta:
        verbose_name = "临时通行证申请"
        verbose_name_plural = "临时通行证申请"
        ordering = ("-filed_at", "-pk")
        # What there is to do with it, and who may, stands in functions.py.
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.number} {self.plate}"

    def clean(self) -> None:
        """
        Refuse a plate, or a driver, that is not for the kind of vehicle (clause A8.1).

        Raises:
            ValidationError: for the field of the plate, or of the licence.
        """
        self._require_plate_of_its_kind()
        held = self.licence_class
        may_drive_it = any(one in held for one in self.LARGE_CLASSES)
        if self.vehicle_kind in self.LARGE and held and not may_drive_it:
            raise ValidationError({"licence_class": "该准驾车型不能驾驶大型汽车。"})

    def _require_plate_of_its_kind(self) -> None:
        try:
            check_plate(self.plate)
            check_plate_kind(self.vehicle_kind)
        except InputError:
            return  # their own fields say so
        try:
            check_plate(self.plate, kind=self.vehicle_kind)
        except InputError as error:
            raise ValidationError({"plate": str(error)}) from error

    @property
    def is_open(self) -> bool:
        """Answer whether it may still be changed and filed."""
        return self.state in (self.State.DRAFT, self.State.REJECTED)

    @property
    def vin_is_doubtful(self) -> bool:
        """Answer whether the check character of the VIN tells to read it again."""
        return bool(self.vin) and not is_vin_consistent(self.vin)

    @property
    def masked_id_number(self) -> str:
        """Return the ID number as lists show it; a list is read over shoulders."""
        return self.MASKING.masked("owner_id_number", self.owner_id_number)

    @property
    def masked_phone(self) -> str:
        """Return the phone number as lists show it."""
        return self.MASKING.masked("owner_phone", self.owner_phone)


class DrawnVehicle(models.Model):
    """
    What the vehicle register tells of a vehicle, drawn for one application.

    It has no table: it is kept for the session that drew it, encrypted, and is gone
    when that or the application ends (clauses R16, T7.4).
    """

    EXTRACTION = Extraction(
        interface="DEMO-VEHICLE",
        purpose="核对临时通行证的车辆状态",
        fields={"plate": "hphm", "kind": "hpzl", "state": "zt", "valid_until": "yxqz"},
        dropped=("clsbdh",),
    )

    plate = models.CharField("号牌号码", max_length=9)
    kind = models.CharField("号牌种类", max_length=2)
    state = models.CharField("机动车状态", max_length=8)
    valid_until = models.CharField("检验有效期止", max_length=10)

    class Meta:
        verbose_name = "抽取的车辆信息"
        verbose_name_plural = "抽取的车辆信息"
        managed = False
        default_permissions = ()
