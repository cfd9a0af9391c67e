"""Checks of the store, and for secrets that stand in clear."""

from __future__ import annotations

from typing import Any, Final

from django.core.checks import CheckMessage, Error, Warning
from django.utils.translation import gettext as _

from jtsec.core.exceptions import ConfigurationError

from . import api
from .conf import secrets_settings
from .finding import Finding, Kind
from .in_settings import connections_in_clear
from .searching import MOST_FILES, Searched, project_root, search

SET: Final = "python -m jtsec.secrets set %(name)s"


def check_store(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E120: the store can be opened, where there is one."""
    if not api.has_store():
        return []
    try:
        api.secret_status()
    except ConfigurationError as error:
        return [
            Error(
                _("The store of secrets cannot be used: %(error)s.") % {"error": error},
                hint=_(
                    "JTSEC_SECRETS_FILE and JTSEC_SECRETS_KEY_FILE in the environment "
                    "say where it and its key lie; both mode 0400, owned by the user "
                    "of the service."
                ),
                id="jtsec.E120",
            )
        ]
    return []


def check_settings(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E121: no secret stands in clear in the settings' own files."""
    return [
        Error(
            _("%(place)s: the setting %(name)s holds a secret in clear.")
            % {"place": one.place, "name": one.name},
            hint=_store_hint(one),
            id="jtsec.E121",
        )
        for one in _found(Kind.SETTINGS)
    ]


def check_configuration(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E122: no secret stands in clear in an environment or configuration file."""
    return [
        Error(
            _("%(place)s: %(name)s is a secret in clear in a configuration file.")
            % {"place": one.place, "name": one.name},
            hint=_store_hint(one),
            id="jtsec.E122",
        )
        for one in _found(Kind.CONFIGURATION)
    ]


def check_code(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E123: no secret stands in clear in the project's code."""
    return [
        Error(
            _("%(place)s: %(name)s is a secret in clear in the code.")
            % {"place": one.place, "name": one.name},
            hint=_store_hint(one),
            id="jtsec.E123",
        )
        for one in _found(Kind.CODE)
    ]


def check_keys(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E124: no private key and no token that others issued lies in the project."""
    return [
        Error(
            _("%(place)s: a %(name)s lies in the project.")
            % {"place": one.place, "name": one.name},
            hint=_(
                "Take it out of the project, have another one issued, and keep that "
                "one in the store or in a file outside of the project."
            ),
            id="jtsec.E124",
        )
        for one in _found(Kind.KEY)
    ]


def check_connections(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """W234: passwords of connections come from the store; all was searched."""
    messages: list[CheckMessage] = [
        Warning(
            _("The password in the setting %(name)s does not come from the store.")
            % {"name": one.name},
            hint=_store_hint(one),
            id="jtsec.W234",
        )
        for one in found_in_settings()
    ]
    searched = _searched()
    if searched is None or not searched.is_whole:
        messages.append(
            Warning(
                _("Not every file of the project was searched for secrets."),
                hint=_("Set BASE_DIR to the folder of the project; at most %(most)s.")
                % {"most": MOST_FILES},
                id="jtsec.W234",
            )
        )
    return messages


def found_in_files() -> list[Finding]:
    """Return what stands in clear in the project's files, reviewed ones left out."""
    searched = _searched()
    findings = () if searched is None else searched.findings
    return [one for one in findings if one.label not in secrets_settings().reviewed]


def found_in_settings() -> list[Finding]:
    """Return which connections have a password from elsewhere than the store."""
    try:
        kept = api.values() if api.has_store() else frozenset()
    except ConfigurationError:
        return []  # E120 says so; whether a value is kept cannot be known
    return [
        one
        for one in connections_in_clear(kept)
        if one.label not in secrets_settings().reviewed
    ]


def _found(kind: Kind) -> list[Finding]:
    return [one for one in found_in_files() if one.kind is kind]


def _searched() -> Searched | None:
    root = project_root()
    return None if root is None else search(root)


def _store_hint(one: Finding) -> str:
    name = one.name.rsplit(".", 1)[-1].lower().replace("_", "-")
    return _(
        'Keep it in the store: %(command)s; then write secret("%(name)s"). No secret: '
        'JTSEC_SECRETS_REVIEWED = ["%(label)s"]'
    ) % {"command": SET % {"name": name}, "name": name, "label": one.label}


ON_DEPLOY: Final = (
    check_settings,
    check_configuration,
    check_code,
    check_keys,
    check_connections,
)
ALL: Final = (check_store, *ON_DEPLOY)
