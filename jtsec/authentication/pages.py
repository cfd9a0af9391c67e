"""What the pages say of the project: its name, its warning, and whom to ask."""

from __future__ import annotations

from jtsec.core.conf import Section, load, option, settings_section
from jtsec.core.rules import matching

ONE_LINE = matching(r"[^\r\n]{0,200}", "one line of at most 200 characters")


@settings_section("JTSEC_PAGES_")
class PageSettings(Section):
    """Says what the pages of jtsec call the project, and what they tell visitors."""

    system_name: str = option(
        "",
        "The name of the system, in the head of every page.",
        valid=ONE_LINE,
    )
    organisation: str = option(
        "",
        "The organisation that runs the system, at the foot of every page.",
        valid=ONE_LINE,
    )
    warning: str = option(
        "",
        "The warning on the login page; a general one when empty.",
        clause="A3.2.12",
        valid=ONE_LINE,
    )
    contact: str = option(
        "",
        "Whom to ask, with telephone number; the security administrator when empty.",
        valid=ONE_LINE,
    )
    home: str = option(
        "/",
        "The address on this site to which the last-login page leads on.",
        valid=matching(r"/(?!/)[^\\\r\n]*", "an address on this site"),
    )


def page_settings() -> PageSettings:
    """Return the settings in force."""
    return load(PageSettings)
