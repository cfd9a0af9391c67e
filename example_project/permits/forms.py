"""Forms: what to look for, and what to file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from jtsec.core.exceptions import InputError
from jtsec.protection.masking.forms import MaskedForm
from jtsec.validation.api import (
    check_mobile,
    check_person_name,
    check_plain_text,
    check_plate,
    check_resident_id,
    check_unmixed_text,
)
from jtsec.validation.form_fields import CheckedCharField

from .attachments import check_attachment
from .models import Permit
from .shown import FIELDS

LONGEST = timedelta(days=30)


class PermitQuery(forms.Form):
    """Asks for whole values: what is encrypted cannot be searched in part."""

    plate = CheckedCharField(label="号牌号码", required=False, checked_by=check_plate)
    owner_id_number = CheckedCharField(
        label="身份证明号码", required=False, checked_by=check_resident_id
    )
    owner_phone = CheckedCharField(
        label="手机号码", required=False, checked_by=check_mobile
    )

    def conditions(self) -> dict[str, str]:
        """Return what was asked for, as query conditions."""
        return {name: text for name, text in self.cleaned_data.items() if text}


class Reason(forms.Form):
    """Asks why something is done that leaves a trace."""

    reason = CheckedCharField(
        label="理由", max_length=200, checked_by=check_unmixed_text
    )


class PersonQuery(Reason):
    """Asks who is looked up, and why; both are written down."""

    owner_id_number = CheckedCharField(
        label="身份证明号码", checked_by=check_resident_id
    )
    field_order = ("owner_id_number", "reason")


class PermitFields(forms.ModelForm):
    """Checks the fields that an application and its correction have in common."""

    class Meta:
        model = Permit
        fields: tuple[str, ...] = FIELDS
        help_texts = {
            "plate": "例如 京A12345",
            "vin": "17 位，见行驶证",
            "licence_class": "见驾驶证，例如 C1 或 A2D",
            "owner_id_number": "18 位，末位可为 X",
            "valid_until": f"最长 {LONGEST.days} 天",
            "attachment": "PDF、JPG 或 PNG，不超过 2 MB，可不提供",
        }
        widgets = {
            "valid_from": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "valid_until": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "attachment": forms.FileInput,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [("", "请选择"), *Permit.VehicleKind.choices]
        self.fields["vehicle_kind"].choices = kinds

    def clean_route(self) -> str:
        """Refuse what cannot be seen."""
        return _checked(check_plain_text, self.cleaned_data["route"])

    def clean_purpose(self) -> str:
        """Refuse what cannot be seen."""
        return _checked(check_plain_text, self.cleaned_data["purpose"])

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins, or lasts too long."""
        cleaned: dict[str, Any] = super().clean() or {}
        begin, end = cleaned.get("valid_from"), cleaned.get("valid_until")
        if isinstance(begin, date) and isinstance(end, date):
            if end < begin:
                self.add_error("valid_until", "结束日期不能早于开始日期。")
            elif end - begin > LONGEST:
                self.add_error("valid_until", f"临时通行证最长 {LONGEST.days} 天。")
        return cleaned


class PermitApplication(MaskedForm, PermitFields):
    """
    Asks for everything an application needs.

    Of a draft, the owner is shown masked: whoever may change it may not thereby read
    what is for police alone. A mask that comes back keeps the stored value.

    Args:
        clearance: of who files; nobody labels what they could not see afterwards.
    """

    class Meta(PermitFields.Meta):
        fields = (
            "plate",
            "vehicle_kind",
            "vin",
            "licence_class",
            "owner_name",
            "owner_id_number",
            "owner_phone",
            "route",
            "valid_from",
            "valid_until",
            "purpose",
            "sensitivity",
            "attachment",
        )

    def __init__(self, *args: Any, clearance: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = Permit.Sensitivity.choices
        self.fields["sensitivity"].choices = [
            (label, name) for label, name in labels if label <= clearance
        ]

    def clean_owner_id_number(self) -> str:
        """Return the number in its normal form, or refuse it."""
        return _checked(check_resident_id, self.cleaned_data["owner_id_number"])

    def clean_owner_name(self) -> str:
        """Return the name in its normal form; refuse what cannot be seen."""
        return _checked(check_person_name, self.cleaned_data["owner_name"])

    def clean_attachment(self) -> Any:
        """Refuse what is too large, or is not what its name says."""
        file = self.cleaned_data["attachment"]
        if "attachment" in self.changed_data and file:
            check_attachment(file)
        return file


class PermitCorrection(PermitFields):
    """Asks what is to be corrected in an approved application, and why (P45)."""

    reason = forms.CharField(label="更正原因", max_length=200)

    def clean_reason(self) -> str:
        """Refuse what cannot be seen."""
        return _checked(check_plain_text, self.cleaned_data["reason"])

    def clean(self) -> dict[str, Any]:
        """Refuse a correction that changes nothing."""
        cleaned = super().clean()
        if not self.errors and not set(self.changed_data) & set(FIELDS):
            raise ValidationError("没有更正任何内容。", code="unchanged")
        return cleaned


def _checked(check: Callable[[str], str], text: str) -> str:
    """Return what a check of jtsec makes of a text, or the form's own kind of error."""
    if not text:
        return ""
    try:
        return check(text)
    except InputError as error:
        raise ValidationError(str(error), code=error.code) from error
