"""An owner with a value of every kind, and people who look."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from jtsec.access.api import Function
from tests.access.declared import declared
from tests.authentication.persons import registered
from tests.plainapp.masked import CLEAR, Owner

PLAIN = {
    "name": "欧阳锦绣",
    "id_number": "11010519491231002X",
    "phone": "13912345678",
    "address": "江苏省无锡市梁溪区人民中路123号",
    "plate": "苏B7K8M9",
    "card": "6222021234567890128",
}
MASKED = {
    "name": "欧***",
    "id_number": "110***********002X",
    "phone": "139****5678",
    "address": "江苏省无锡市梁溪区****",
    "plate": "苏B***M9",
    "card": "***************0128",
}


@pytest.fixture
def owner() -> Any:
    """Return a stored row, loaded anew."""
    return Owner.objects.get(pk=Owner.objects.create(**PLAIN).pk)


@pytest.fixture
def police() -> Any:
    """Return a police officer of the business duty."""
    return registered("police", 1)


@pytest.fixture
def civilian() -> Any:
    """Return somebody of the business duty who is no police officer."""
    return registered("civilian", 2, is_police=False)


@pytest.fixture
def right() -> Iterator[None]:
    """Declare the right to see in clear; police of the business duty have it."""
    with declared(Function(CLEAR, by_duty=True, police_only=True)):
        yield
