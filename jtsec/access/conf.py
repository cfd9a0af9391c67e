"""Settings of access."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_noop

from jtsec.core.conf import Section, load, option, settings_section
from jtsec.core.rules import between, matching, one_of
from jtsec.core.wording import early_gettext as _
from jtsec.identity.conf import DUTIES

REQUIREMENT = matching(
    r"public|login|[A-Za-z_][A-Za-z0-9_]*\.[A-Za-z_][A-Za-z0-9_.]*",
    gettext_noop('"public", "login" or a right such as "permits.query_permit"'),
)


class EachRequirement:
    """Every value of the mapping is a requirement."""

    def fault(self, value: Mapping[str, str]) -> str:
        """Return what is wrong, or ""."""
        return REQUIREMENT.fault(tuple(value.values()))

    def __str__(self) -> str:
        return f"URL names to {REQUIREMENT}"


class EachPost:
    """Every value of the mapping describes a post."""

    NEEDED: Final = frozenset({"title", "duty"})
    KNOWN: Final = NEEDED | {"police_required", "excludes"}

    def fault(self, value: Mapping[str, object]) -> str:
        """Return what is wrong, or ""."""
        for code, post in value.items():
            if not isinstance(post, Mapping) or not post.keys() >= self.NEEDED:
                return _("The post %(code)s needs a title and a duty.") % {"code": code}
            if strange := sorted(set(post) - self.KNOWN):
                return _("The post %(code)s has no %(name)s.") % {
                    "code": code,
                    "name": strange[0],
                }
            if post["duty"] not in DUTIES:
                return _("The post %(code)s is of no duty.") % {"code": code}
        return ""

    def __str__(self) -> str:
        return "codes to title, duty, police_required and excludes"


class _Off:
    """A switch the clause wants off."""

    def fault(self, value: bool) -> str:
        """Return what is wrong, or ""."""
        if not value:
            return ""
        return _("Rights in Django's tables carry no seal; make roles of them.")

    def __str__(self) -> str:
        return "off"


@settings_section("JTSEC_ACCESS_")
class AccessSettings(Section):
    """Says who may call what a project cannot decorate, and how rights are given."""

    views: Mapping[str, str] = option(
        {},
        "For views that cannot be decorated: URL name (`shop:*` for a namespace) "
        'to "public", "login" or a right.',
        clause="A3.1.1",
        valid=EachRequirement(),
    )
    propagation_depth: int = option(
        3,
        "Through how many further hands a right to pass on may go at most.",
        clause="A4.9",
        valid=between(0, 8),
    )
    binding_address_alone: bool = option(
        True,
        "Whether a terminal may be bound by its network alone, without an id, a MAC "
        "or a certificate; anybody who takes its address is that terminal.",
        clause="A4.11",
    )
    django_permissions: bool = option(
        False,
        "Whether permissions and groups in Django's own tables count beside roles; "
        "for the time of changing over.",
        clause="A4.2",
        floor=_Off(),
    )
    grant_levels: str = option(
        "below",
        'Up to where an administrator grants: "below", the own organisation and all '
        'under it; "next", the own one, and the same duty directly under it.',
        clause="P39",
        valid=one_of("below", "next"),
        by_profile={"internet": "next"},
        floor_by_profile={"internet": one_of("next")},
    )
    posts: Mapping[str, Mapping[str, object]] = option(
        {},
        "Posts beside those that come with jtsec, or instead of one of them: code to "
        "`title`, `duty`, `police_required` and `excludes`, the codes of other posts.",
        clause="P15.1",
        valid=EachPost(),
    )
    files_accel: str = option(
        "",
        "The internal address under which a web server in front has the folder of "
        'uploads, such as "/protected/" (X-Accel-Redirect); "" to stream files here.',
        clause="A4.1",
        valid=matching(
            r"|/([\w-][\w.-]*/)+", gettext_noop('an address such as "/protected/"')
        ),
    )


def access_settings() -> AccessSettings:
    """Return the settings in force."""
    return load(AccessSettings)
