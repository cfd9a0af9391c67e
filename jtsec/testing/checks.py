"""The check that nothing of a test run is at work where no test run is."""

from __future__ import annotations

import sys
from typing import Any

from django.core.checks import CheckMessage, Error
from django.utils.translation import gettext as _


def check_no_relief(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """
    E017: no relief is in place outside of a test run.

    A server never imports the reliefs at all, and is not made to by this question.
    """
    reliefs = sys.modules.get("jtsec.testing.reliefs")
    run = sys.modules.get("jtsec.testing.run")
    if reliefs is None or run is None or run.is_alive():
        return []
    left = reliefs.left_in_place()
    if not left and not run.is_held():
        return []
    return [
        Error(
            _("What only a test run may ease is eased: %(names)s.")
            % {"names": ", ".join(left) or "jtsec.testing"},
            hint=_(
                "Start the server in a process of its own; it must not import "
                "jtsec.testing."
            ),
            id="jtsec.E017",
        )
    ]


ALL = (check_no_relief,)
