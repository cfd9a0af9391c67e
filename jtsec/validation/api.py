"""The checks, each a function that returns the normal form or raises `InputError`."""

from __future__ import annotations

from .organisation_code import OrganisationCode, check_organisation_code
from .person_name import PersonName, check_person_name
from .police_number import (
    EmployeeNumber,
    PoliceNumber,
    check_employee_number,
    check_police_number,
)
from .resident_id import ResidentId, check_resident_id, masked
from .text import FILLERS, check_plain_text, is_variation_selector

__all__ = [
    "FILLERS",
    "EmployeeNumber",
    "OrganisationCode",
    "PersonName",
    "PoliceNumber",
    "ResidentId",
    "check_employee_number",
    "check_organisation_code",
    "check_person_name",
    "check_plain_text",
    "check_police_number",
    "check_resident_id",
    "is_variation_selector",
    "masked",
]
