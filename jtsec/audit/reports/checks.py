"""Checks of the reports: what they are written with."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from django.core.checks import CheckMessage, Warning
from django.utils.translation import gettext as _

LIBRARIES = {"xlsxwriter": "XlsxWriter", "docx": "python-docx"}


def check_libraries(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """W225: a form of the reports cannot be written."""
    missing = [name for module, name in LIBRARIES.items() if find_spec(module) is None]
    if not missing:
        return []
    return [
        Warning(
            _("Clause A5.10: reports cannot leave as xlsx or docx: %(names)s.")
            % {"names": ", ".join(missing)},
            hint=_('Install them: pip install "jtsec[report]"'),
            id="jtsec.W225",
        )
    ]
