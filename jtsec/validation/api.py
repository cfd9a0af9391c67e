"""The checks, each a function that returns the normal form or raises `InputError`."""

from __future__ import annotations

from .confusables import UnmixedText, check_unmixed_text, meant_by
from .driving_licence import (
    DrivingLicenceClass,
    LicenceClass,
    LicenceFileNumber,
    check_licence_class,
    check_licence_file_number,
)
from .organisation_code import OrganisationCode, check_organisation_code
from .person_name import PersonName, check_person_name
from .phone import Mobile, Phone, check_mobile, check_phone
from .plate import Plate, check_plate
from .plate_kinds import PlateKind, PlateKindCode, check_plate_kind
from .police_number import (
    EmployeeNumber,
    PoliceNumber,
    check_employee_number,
    check_police_number,
)
from .resident_id import ResidentId, check_resident_id, masked
from .text import FILLERS, PlainText, check_plain_text, is_variation_selector
from .validator import Check, CheckedBy
from .vin import Vin, check_vin, is_vin_consistent

__all__ = [
    "FILLERS",
    "Check",
    "CheckedBy",
    "DrivingLicenceClass",
    "EmployeeNumber",
    "LicenceClass",
    "LicenceFileNumber",
    "Mobile",
    "OrganisationCode",
    "PersonName",
    "Phone",
    "PlainText",
    "Plate",
    "PlateKind",
    "PlateKindCode",
    "PoliceNumber",
    "ResidentId",
    "UnmixedText",
    "Vin",
    "check_employee_number",
    "check_licence_class",
    "check_licence_file_number",
    "check_mobile",
    "check_organisation_code",
    "check_person_name",
    "check_phone",
    "check_plain_text",
    "check_plate",
    "check_plate_kind",
    "check_police_number",
    "check_resident_id",
    "check_unmixed_text",
    "check_vin",
    "is_variation_selector",
    "is_vin_consistent",
    "masked",
    "meant_by",
]
