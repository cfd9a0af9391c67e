"""Checks of what is stored about rights passed on and terminals bound."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Warning
from django.utils.translation import gettext as _

from jtsec.core.exceptions import ConfigurationError
from jtsec.core.source import source_settings

from .models import RightGrant, TerminalBinding
from .stored_rows import address_bindings, idle_propagations, is_readable, listed


def check_propagations(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """W210: rights passed on before their function was declared not propagatable."""
    if not is_readable(databases, RightGrant):
        return []
    left = idle_propagations()
    if not left:
        return []
    return [
        Warning(
            _("Clause A4.9: rights are passed on that may not be: %(rights)s.")
            % {"rights": listed(left)},
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
    if not is_readable(databases, TerminalBinding) or not _names_terminals():
        return []
    people = sorted(
        set(address_bindings().values_list("identity__login_name", flat=True))
    )
    if not people:
        return []
    return [
        Warning(
            _("Clause A4.11: terminals bound by an address alone, for %(people)s.")
            % {"people": listed(people)},
            hint=_(
                "Anybody who takes the address is that terminal. The gateway names "
                "terminals: bind their id or certificate as well, then set "
                "JTSEC_ACCESS_BINDING_ADDRESS_ALONE = False."
            ),
            id="jtsec.W211",
        )
    ]


def _names_terminals() -> bool:
    try:
        chosen = source_settings()
    except ConfigurationError:
        return False  # said by the checks of the settings
    headers = (chosen.terminal_header, chosen.mac_header, chosen.certificate_header)
    return bool(chosen.trusted_proxies) and any(headers)


DATABASE = (check_propagations, check_address_alone)
