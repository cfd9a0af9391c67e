"""
What no interface may draw: phone numbers, addresses, tracks of vehicles (clause R16).

A field is known by how it is masked, by its names, and by the names that the national
platforms' interfaces have for such data.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model

from jtsec.protection.masking.api import masking_of

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {"phone": "phone", "address": "address"}
)
"""What the kinds of masking that name something forbidden name."""

# Beginnings of the pinyin of 手机号码, 联系电话, 住所详细地址, 联系地址, 过车.
WORDS: Final[Mapping[str, re.Pattern[str]]] = MappingProxyType(
    {
        "phone": re.compile(
            r"手机|电话|联系方式|(^|_)(phone|mobile|tel|telephone|cellphone)(_|\d|$)"
            r"|^(sjhm|sj|lxdh|dhhm|yddh|gddh|dh)\d?$",
            re.IGNORECASE,
        ),
        "address": re.compile(
            r"地址|住址|住所|居住地|(^|_)(address|addr)(_|\d|$)"
            r"|^(zz|dz|zsxxdz|djzsxxdz|zsxxzz|lxdz|jtzz|hjdz|xzdz|yjdz)\d?$",
            re.IGNORECASE,
        ),
        "track": re.compile(
            r"轨迹|过车|经度|纬度|(^|_)(track|tracks|trajectory|gps|longitude|latitude"
            r"|lng|lat)(_|\d|$)|^(gcxx|gcsj|gcdd|gj|gjxx|jd|wd)$",
            re.IGNORECASE,
        ),
    }
)


def forbidden_kind(model: type[Model], name: str, source: str) -> str:
    """
    Return what forbidden thing a declared field draws, "" for none.

    Args:
        model: the model.
        name: the field's name.
        source: the interface's name for it.
    """
    by_masking = KINDS.get(masking_of(model).fields.get(name, ""))
    if by_masking:
        return by_masking
    for kind, words in WORDS.items():
        if any(words.search(one) for one in _names_of(model, name, source)):
            return kind
    return ""


def _names_of(model: type[Model], name: str, source: str) -> Iterator[str]:
    yield name
    yield source
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return
    yield str(getattr(field, "verbose_name", ""))
