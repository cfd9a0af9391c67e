"""What validation can prove: its own known answers, asked anew for each report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from jtsec.core.evidence import Fact
from jtsec.core.exceptions import InputError

from .conf import validation_settings
from .driving_licence import check_licence_class
from .organisation_code import check_organisation_code
from .person_name import check_person_name
from .phone import check_mobile
from .plate import check_plate
from .resident_id import check_resident_id
from .validator import Check
from .vin import check_vin

REFUSED: Final[Mapping[str, tuple[Check, str]]] = MappingProxyType(
    {
        "a resident ID with a wrong check character": (
            check_resident_id,
            "110105194912310021",
        ),
        "a resident ID with an impossible date": (
            check_resident_id,
            "110105194902300021",
        ),
        "an organisation code of eleven digits": (
            check_organisation_code,
            "11000000000",
        ),
        "a name with a null byte": (check_person_name, "张\0三"),
        "a plate with a Cyrillic letter": (check_plate, "京\u041012345"),
        "a new-energy plate without its letter": (check_plate, "京A123456"),
        "a VIN of sixteen characters": (check_vin, "1M8GDM9AXKP04278"),
        "a licence class that does not exist": (check_licence_class, "C7"),
        "a mobile number of ten digits": (check_mobile, "1380013800"),
    }
)


def facts() -> Iterable[Fact]:
    """Return what the formats refuse, and the local forms in force."""
    for what, (check, value) in REFUSED.items():
        yield Fact("A8.1", f"Validation refuses {what}.", _refuses(check, value))
    chosen = validation_settings()
    yield Fact(
        "A8.1",
        "Police and employee numbers have these forms.",
        None,
        {
            "police": chosen.police_number_pattern,
            "employee": chosen.employee_number_pattern,
        },
    )


def _refuses(check: Check, value: str) -> bool:
    try:
        check(value)
    except InputError:
        return True
    return False
