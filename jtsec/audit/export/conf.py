"""Settings of the export to the police application-log audit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jtsec.core.conf import Section, load, option, settings_section
from jtsec.core.rules import between, matching, one_of


@settings_section("JTSEC_AUDIT_EXPORT_")
class ExportSettings(Section):
    """Says in which form the log is handed over, and to whom."""

    system_id: str = option(
        "",
        "Identifier of this application, given out by the audit platform.",
        clause="A5.11",
        valid=matching(r"[A-Za-z0-9_.-]{0,32}", "an identifier of at most 32 signs"),
    )
    format: str = option(
        "v2",
        "Form of what is spooled: v1 (XML in GBK) or v2 (JSON).",
        clause="A5.11",
        valid=one_of("v1", "v2"),
    )
    requester: str = option(
        "",
        "Who calls interfaces, as their log names it; the identifier where empty.",
    )
    operations: Mapping[str, Mapping[str, Any]] = option(
        {},
        "Event code (with * and ?) to type, name or level of the operation, where "
        "the project's differ.",
    )
    error_codes: Mapping[str, str] = option(
        {},
        "Reason or event code (with * and ?) to the platform's code of a failure, "
        "at most four signs.",
        valid=matching(r".+", "a reason"),
    )
    interface_codes: tuple[str, ...] = option(
        ("gateway:*",),
        "Event codes (with * and ?) that belong to the log of interface services.",
    )
    leave_out: tuple[str, ...] = option(
        (), "Event codes (with * and ?) that are not handed over."
    )
    sender: str = option(
        "",
        "Dotted path of the class that sends; by default the one of the form.",
    )
    url: str = option("", "Where the audit platform takes batches.")
    receivers: tuple[str, ...] = option(
        (),
        "Every host:port that may be sent to; nothing else is ever called.",
        valid=matching(r"[^\s/:]+:\d{1,5}|\[[0-9A-Fa-f:]+\]:\d{1,5}", "host:port"),
    )
    namespace: str = option(
        "http://service.audit.police", "Namespace of acceptLogs in form v1."
    )
    secret_file: str = option(
        "",
        "File with the secret the platform gave out for form v2, readable by the "
        "service alone.",
    )
    timeout_seconds: int = option(
        10, "Seconds to wait for the platform.", valid=between(1, 120)
    )
    batch_rows: int = option(100, "Events of one batch.", valid=between(1, 100))
    batch_bytes: int = option(
        1_000_000, "Bytes of one batch.", valid=between(200_000, 1_000_000)
    )
    retry_seconds: int = option(
        5,
        "Seconds before the first new attempt; each next waits twice as long.",
        valid=between(1, 300),
    )
    retry_limit_seconds: int = option(
        300, "Seconds no attempt waits longer than.", valid=between(1, 3600)
    )


def export_settings() -> ExportSettings:
    """Return the settings in force."""
    return load(ExportSettings)
