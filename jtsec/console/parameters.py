"""Every setting as a page shows it: value, default, floor, clause, last change."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import router, transaction
from django.utils.translation import gettext as _

from jtsec.audit.api import record
from jtsec.core import conf
from jtsec.core.clock import now
from jtsec.core.rules import Rule, at_least, between, is_true, one_of

from .events import ParameterChanged
from .models import ParameterState
from .parameter_words import title_of


@dataclass(frozen=True)
class Parameter:
    """
    One setting.

    Args:
        name: its full name in the settings file.
        title: what people call it.
        value, default: as text.
        floor: what its clause demands, "" for nothing.
        clause: which clause, "" for none.
        differs: whether the value is not the default.
        is_gap: whether the value is below the floor, or unusable.
        since: since when it stands so, as far as anybody looked.
        is_changed: whether it stood otherwise before that.
    """

    name: str
    title: str
    value: str
    default: str
    floor: str
    clause: str
    differs: bool
    is_gap: bool
    since: datetime | None
    is_changed: bool


def parameters() -> list[Parameter]:
    """Return every setting by name, and note which of them changed (clause A3.2.8)."""
    items = list(conf.declared())
    chosen = conf.profile()
    values = {one.name: conf.value_of(one, chosen) for one in items}
    states = note_changes(values)
    return [_shown(one, values[one.name], chosen, states) for one in items]


def beginning_with(
    found: Iterable[Parameter], prefixes: Collection[str]
) -> list[Parameter]:
    """Return the settings whose names begin so."""
    return [one for one in found if one.name.startswith(tuple(prefixes))]


def note_changes(values: Mapping[str, Any]) -> Mapping[str, ParameterState]:
    """
    Compare settings with how they stood before, and record what changed.

    Who opens the page is the one who notices, not the one who changed it: files have
    no author. Of two who look at once, one records.

    Returns:
        How each stands, by name.
    """
    texts = {name: _canonical(value) for name, value in values.items()}
    known = _known()
    if unknown := texts.keys() - known.keys():
        ParameterState.objects.bulk_create(
            [ParameterState(name=name, value=texts[name]) for name in sorted(unknown)],
            ignore_conflicts=True,
        )
        known = _known()
    for name, text in texts.items():
        if known[name].value != text:
            _change(known[name], text)
    return known


def _known() -> dict[str, ParameterState]:
    return {one.name: one for one in ParameterState.objects.all()}


def _change(state: ParameterState, text: str) -> None:
    before, state.value = state.value, text
    state.since, state.is_changed = now(), True
    with transaction.atomic(using=router.db_for_write(ParameterState)):
        rows = ParameterState.objects.filter(pk=state.pk, value=before)
        if not rows.update(value=text, since=state.since, is_changed=True):
            return
        record(
            ParameterChanged(
                resource=state.name, before={"value": before}, after={"value": text}
            )
        )


def _shown(
    item: conf.Declared,
    value: Any,
    chosen: str,
    states: Mapping[str, ParameterState],
) -> Parameter:
    default = item.default_for(chosen)
    state = states[item.name]
    return Parameter(
        name=item.name,
        title=title_of(item),
        value=as_text(value),
        default=as_text(default),
        floor=floor_text(item.floor_for(chosen)),
        clause=item.spec.clause,
        differs=_canonical(value) != _canonical(default),
        is_gap=bool(conf.problems_of(item, value, chosen)),
        since=state.since,
        is_changed=state.is_changed,
    )


def as_text(value: Any) -> str:
    """Return a value as people read it."""
    if isinstance(value, bool):
        return _("on") if value else _("off")
    if isinstance(value, Mapping):
        return "；".join(f"{name}: {as_text(one)}" for name, one in value.items())
    if isinstance(value, tuple | list):
        return "、".join(map(as_text, value))
    return str(value)


def floor_text(floor: Rule | None) -> str:
    """Return what a clause demands of a value, without words where signs do."""
    match floor:
        case None:
            return ""
        case at_least(limit):
            return f"≥ {limit}"
        case between(low, high):
            return f"{low} – {high}"
        case is_true():
            return _("on")
        case one_of():
            return "、".join(floor.words)
    words = str(floor)
    told = {
        "off": _("off"),
        "no business users": _("no business users"),
        'one that names "cache"': _('one that names "cache"'),
    }
    return told.get(words) or words.replace(" or ", " / ")


def _canonical(value: Any) -> str:
    """Return the one text of a value, whatever kind of list it came in."""
    if isinstance(value, Mapping):
        value = dict(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=_plain)


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else str(value)
