"""Checks of what is stored about rights passed on and terminals bound."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.core.checks import CheckMessage, Warning
from django.db import connections
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from jtsec.core.exceptions import ConfigurationError
from jtsec.core.source import source_settings
from jtsec.identity.models import Identity

from .functions import function_of
from .holdings import unexpired
from .models import Propagation, RightGrant, TerminalBinding
from .policy_token import database

NAMED: Final = 10


def check_propagations(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """W210: rights passed on before their function was declared not propagatable."""
    if not _is_readable(databases, RightGrant):
        return []
    left = idle_propagations()
    if not left:
        return []
    return [
        Warning(
            _("Clause A4.9: rights are passed on that may not be: %(rights)s.")
            % {"rights": _listed(left)},
            hint=_(
                "They give nothing any more. Take them back with "
                "jtsec.access.api.revoke_propagation, or declare the function with "
                "propagatable=True."
            ),
            id="jtsec.W210",
        )
    ]


def check_address_alone(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """W211: terminals bound by an address alone, where gateways name terminals."""
    if not _is_readable(databases, TerminalBinding) or not _names_terminals():
        return []
    people = sorted(
        set(address_bindings().values_list("identity__login_name", flat=True))
    )
    if not people:
        return []
    return [
        Warning(
            _("Clause A4.11: terminals bound by an address alone, for %(people)s.")
            % {"people": _listed(people)},
            hint=_(
                "Anybody who takes the address is that terminal. The gateway names "
                "terminals: bind their id or certificate as well, then set "
                "JTSEC_ACCESS_BINDING_ADDRESS_ALONE = False."
            ),
            id="jtsec.W211",
        )
    ]


def idle_propagations() -> list[str]:
    """Return the rights passed on, in any hand, that are not propagatable."""
    rights: set[str] = set()
    for model in (Propagation, RightGrant):
        rows = model._default_manager.filter(unexpired())
        rights.update(rows.values_list("right", flat=True).distinct())
    return sorted(right for right in rights if not _is_propagatable(right))


def address_bindings() -> QuerySet[TerminalBinding]:
    """Return the bindings in force that ask for an address and nothing else."""
    rows = TerminalBinding.objects.filter(unexpired())
    return rows.filter(terminal="", certificate="")


def _is_propagatable(right: str) -> bool:
    function = function_of(right)
    return function is not None and function.propagatable


def _names_terminals() -> bool:
    try:
        chosen = source_settings()
    except ConfigurationError:
        return False  # said by the checks of the settings
    headers = (chosen.terminal_header, chosen.mac_header, chosen.certificate_header)
    return bool(chosen.trusted_proxies) and any(headers)


def _is_readable(databases: Sequence[str] | None, model: Any) -> bool:
    """Answer whether the database is to be checked and has been migrated."""
    alias = database()
    if databases is None or alias not in databases:
        return False
    tables = connections[alias].introspection.table_names()
    return {model._meta.db_table, Identity._meta.db_table} <= set(tables)


def _listed(names: Iterable[str]) -> str:
    found = [name if name.isprintable() else ascii(name) for name in names]
    return ", ".join(found[:NAMED]) + (", …" if len(found) > NAMED else "")


DATABASE = (check_propagations, check_address_alone)
