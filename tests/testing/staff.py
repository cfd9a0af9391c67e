"""The list of people with which a project hands its users over."""

from __future__ import annotations

from collections.abc import Iterable

from jtsec.validation.resident_id import check_character

HEADER = (
    "username,name,resident_id,is_police,number,organisation,organisation_name,duty"
)


def resident_id(number: int) -> str:
    """Return a valid resident ID number, nobody's."""
    digits = f"11010519491231{number:03}"
    return digits + check_character(digits)


def staff_file(usernames: Iterable[str], *, bad: int | None = None) -> str:
    """
    Return the file; the first two are technical administrators (P38).

    The person at `bad` has a wrong ID number.
    """
    lines = [HEADER]
    for number, username in enumerate(usernames):
        known = "110105194912310999" if number == bad else resident_id(number)
        duty = "业务" if number > 1 else "系统管理员"
        lines.append(
            f"{username},张三,{known},否,E{number:05},110000000000,北京总队,{duty}"
        )
    return "\n".join(lines) + "\n"
