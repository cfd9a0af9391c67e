"""
Settings, declared once.

A control declares its section as a frozen class with one `option` a setting; the
loader, the system checks, `docs/reference/settings.md` and the compliance report are
all made from that declaration:

    @settings_section("JTSEC_SOURCE_")
    class SourceSettings(Section):
        trusted_proxies: tuple[str, ...] = option(
            (), "Networks of the proxies whose headers are believed.", ...
        )

Values are read when asked (`load`), never at import, cached, and dropped when Django
announces a changed setting. A value of the wrong kind is refused always; a value
weaker than the floor of its clause is refused in operation and a warning under DEBUG.
It is never quietly raised.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import Field, dataclass, field, fields
from types import MappingProxyType, UnionType
from typing import (
    Any,
    TypeVar,
    Union,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
)

from django.conf import settings

from .exceptions import ConfigurationError
from .rules import Rule
from .wording import early_gettext as _

PROFILES: Mapping[str, str] = MappingProxyType(
    {
        "plugin": "Plug-in software: the security design specification (annex A).",
        "internet": "Adds the rules for internet-facing platforms (P).",
        "terminal": "Adds the rules for self-service terminals (T).",
    }
)

S = TypeVar("S", bound="Section")


@dataclass(frozen=True)
class OptionSpec:
    """What one setting is: everything but its name and its type."""

    doc: str
    clause: str
    valid: Rule | None
    floor: Rule | None
    by_profile: Mapping[str, Any]
    floor_by_profile: Mapping[str, Rule]


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with one setting."""

    setting: str
    message: str
    clause: str
    is_gap: bool
    """True: below a clause's floor. False: not usable at all."""


class Section:
    """Is the base of every declared section; the decorator does the work."""


@dataclass(frozen=True)
class Declared:
    """One setting as declared, with its full name."""

    name: str
    attribute: str
    kind: Any
    default: Any
    spec: OptionSpec
    section: type[Section]

    def default_for(self, profile: str) -> Any:
        """Return the default under a profile."""
        return self.spec.by_profile.get(profile, self.default)

    def floor_for(self, profile: str) -> Rule | None:
        """Return the floor under a profile, or None when the clause sets none."""
        return self.spec.floor_by_profile.get(profile, self.spec.floor)


_sections: dict[str, type[Section]] = {}
_loaded: dict[type[Section], Section] = {}


def option(
    default: Any,
    doc: str,
    *,
    clause: str = "",
    valid: Rule | None = None,
    floor: Rule | None = None,
    by_profile: Mapping[str, Any] | None = None,
    floor_by_profile: Mapping[str, Rule] | None = None,
) -> Any:
    """
    Declare one setting of a section.

    Args:
        default: the value when the project sets none; satisfies the floor.
        doc: one English sentence, with the unit.
        clause: the clause the floor comes from, "" when none.
        valid: what makes a value usable at all.
        floor: what the clause demands beyond that.
        by_profile: other defaults under a profile.
        floor_by_profile: other floors under a profile.
    """
    spec = OptionSpec(
        doc=doc,
        clause=clause,
        valid=valid,
        floor=floor,
        by_profile=MappingProxyType(dict(by_profile or {})),
        floor_by_profile=MappingProxyType(dict(floor_by_profile or {})),
    )
    if isinstance(default, Mapping):
        # A frozen view, which dataclasses takes for mutable all the same.
        frozen = MappingProxyType(dict(default))
        return field(default_factory=lambda: frozen, metadata={"jtsec": spec})
    return field(default=default, metadata={"jtsec": spec})


@dataclass_transform(frozen_default=True, field_specifiers=(option,))
def settings_section(prefix: str) -> Callable[[type[S]], type[S]]:
    """Register a class as the section of all settings whose names begin with prefix."""

    def register(cls: type[S]) -> type[S]:
        section = dataclass(frozen=True)(cls)
        known = _sections.get(prefix)
        if known is not None and known.__qualname__ != section.__qualname__:
            raise ConfigurationError(f"two sections claim the prefix {prefix}")
        _sections[prefix] = section
        return section

    return register


def declared() -> Iterator[Declared]:
    """Yield every declared setting, by name."""
    for prefix, section in sorted(_sections.items()):
        hints = get_type_hints(section)
        for item in fields(section):  # type: ignore[arg-type]  # made a dataclass above
            yield _declare(prefix, section, item, hints[item.name])


def _declare(
    prefix: str, section: type[Section], item: Field[Any], kind: Any
) -> Declared:
    return Declared(
        name=prefix + item.name.upper(),
        attribute=item.name,
        kind=kind,
        default=item.default_factory()
        if callable(item.default_factory)
        else item.default,
        spec=item.metadata["jtsec"],
        section=section,
    )


def profile() -> str:
    """
    Return the profile the project chose.

    Raises:
        ConfigurationError: none, or an unknown one, is chosen. There is no default:
            choosing a level is the adopter's first act.
    """
    chosen = getattr(settings, "JTSEC_PROFILE", None)
    if chosen not in PROFILES:
        raise ConfigurationError(
            "JTSEC_PROFILE must be one of " + ", ".join(map(repr, PROFILES))
        )
    return str(chosen)


def load(section: type[S]) -> S:
    """
    Return a section with the values in force.

    Raises:
        ConfigurationError: a value cannot be used, or is below its floor while DEBUG
            is off. Failing here is deliberate: a control must not run on less than
            its clause demands because somebody silenced the check.
    """
    known = _loaded.get(section)
    if known is None:
        known = _loaded[section] = _read(section)
    return known  # type: ignore[return-value]  # stored under its own class


def _read(section: type[S]) -> S:
    chosen = profile()
    values: dict[str, Any] = {}
    for item in declared():
        if item.section is not section:
            continue
        value = value_of(item, chosen)
        for problem in problems_of(item, value, chosen):
            if not problem.is_gap or not settings.DEBUG:
                raise ConfigurationError(f"{problem.setting}: {problem.message}")
        values[item.attribute] = value
    return section(**values)


def value_of(item: Declared, chosen: str) -> Any:
    """Return a setting's value in force; lists become tuples, so that none changes."""
    value = getattr(settings, item.name, item.default_for(chosen))
    if isinstance(value, dict):
        return MappingProxyType(dict(value))
    return tuple(value) if isinstance(value, list | set | frozenset) else value


def is_set(item: Declared) -> bool:
    """Answer whether the project sets this one itself."""
    return hasattr(settings, item.name)


def problems_of(item: Declared, value: Any, chosen: str) -> list[Problem]:
    """Return what is wrong with a value: its kind, its range, or its floor."""
    if not is_of_kind(value, item.kind):
        wanted = getattr(item.kind, "__name__", str(item.kind))
        text = _("%(value)r is not of the kind %(kind)s.") % {
            "value": value,
            "kind": wanted,
        }
        return [Problem(item.name, text, item.spec.clause, is_gap=False)]
    valid, floor = item.spec.valid, item.floor_for(chosen)
    if valid is not None and (fault := valid.fault(value)):
        return [Problem(item.name, fault, item.spec.clause, is_gap=False)]
    if floor is not None and (fault := floor.fault(value)):
        return [Problem(item.name, fault, item.spec.clause, is_gap=True)]
    return []


def is_of_kind(value: Any, kind: Any) -> bool:
    """Answer whether a value fits a declared type; a bool is not an int here."""
    origin, arguments = get_origin(kind), get_args(kind)
    if kind is Any:
        return True
    if origin in (Union, UnionType):
        return any(is_of_kind(value, one) for one in arguments)
    if origin is tuple:
        return isinstance(value, tuple) and all(
            is_of_kind(one, arguments[0]) for one in value
        )
    if origin is not None and issubclass(origin, Mapping):
        return isinstance(value, Mapping) and all(
            is_of_kind(key, arguments[0]) and is_of_kind(one, arguments[1])
            for key, one in value.items()
        )
    if kind is int and isinstance(value, bool):
        return False
    return isinstance(value, kind)


def unknown_names() -> list[tuple[str, str]]:
    """Return each `JTSEC_*` name nobody declared, with the nearest one that exists."""
    names = {item.name for item in declared()} | {"JTSEC_PROFILE"}
    strange = sorted(
        name
        for name in dir(settings)
        if name.startswith("JTSEC_") and name not in names
    )
    return [
        (name, next(iter(difflib.get_close_matches(name, names, 1, 0.6)), ""))
        for name in strange
    ]


def forget(*, setting: str = "", **kwargs: Any) -> None:
    """Drop cached sections; a receiver of Django's `setting_changed`."""
    if not setting or setting.startswith("JTSEC_") or setting == "DEBUG":
        _loaded.clear()
