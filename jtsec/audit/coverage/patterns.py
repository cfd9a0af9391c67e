"""
What a scanner's request looks like, and nobody else's.

Looked for only in requests that were refused or found nothing, in the address alone
and in its first two thousand characters; nothing is refused on account of it, so that
somebody who is really called `Robert'); DROP TABLE` is not shut out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import unquote_plus

LENGTH: Final = 2048
"""Characters of the address that are looked at."""

SNIPPET: Final = 80
HEADER_LENGTH: Final = 8192
QUERY_LENGTH: Final = 4096
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


@dataclass(frozen=True)
class Finding:
    """
    What was recognised.

    Args:
        kind: "scan" or "injection".
        reason: a stable word, such as "sql".
        snippet: the part of the address that shows it.
    """

    kind: str
    reason: str
    snippet: str


INJECTIONS: Final[Mapping[str, re.Pattern[str]]] = MappingProxyType(
    {
        "path-traversal": re.compile(
            r"\.\.[/\\]|/etc/(?:passwd|shadow)|\bwin\.ini\b|/proc/self/", re.IGNORECASE
        ),
        "null-byte": re.compile(r"\x00"),
        "sql": re.compile(
            r"\bunion\b[\s/*+]{1,20}(?:all\b[\s/*+]{1,20})?select\b"
            r"|\bselect\b.{1,80}\bfrom\b"
            r"|['\"]\s{0,9}(?:or|and)\b.{1,20}="
            r"|\b(?:or|and)\s{1,9}\d+\s{0,9}=\s{0,9}\d+"
            r"|;\s{0,9}(?:drop|delete|insert|update|alter)\s"
            r"|\b(?:pg_sleep|sleep|benchmark|extractvalue|updatexml)\s{0,9}\("
            r"|\bwaitfor\s{1,9}delay\b|\binformation_schema\b|\bxp_cmdshell\b",
            re.IGNORECASE | re.DOTALL,
        ),
        "script": re.compile(
            r"<\s{0,9}(?:script|svg|iframe|img)\b|javascript\s{0,9}:"
            r"|\bon(?:error|load|click|mouseover)\s{0,9}=",
            re.IGNORECASE,
        ),
        "command": re.compile(
            r"\$\{\s{0,9}jndi\s{0,9}:|[;|&`]\s{0,9}(?:cat|wget|curl|nc|bash|sh|id|ping)\b"
            r"|\$\(|\{\{.{1,40}\}\}|\bphp://|\bdata://",
            re.IGNORECASE | re.DOTALL,
        ),
    }
)

SCANNED: Final = re.compile(
    r"\.(?:php\d?|aspx?|ashx|jspx?|cgi|pl|do|action|env|bak|old|swp|sql|sqlite3?|ini"
    r"|pem|key|tar\.gz|rar|7z|yml)(?:$|[/?])"
    r"|/\.(?:git|svn|hg|aws|ssh|env|ds_store|htaccess|htpasswd|vscode|idea)\b"
    r"|/(?:wp-(?:admin|login|content|includes)|phpmyadmin|pma|cgi-bin|vendor/phpunit"
    r"|actuator|solr|manager/html|jenkins|druid|nacos|xxl-job-admin|weblogic|wls-wsat"
    r"|console/login|boaform|hnap1|owa/auth|autodiscover|_ignition|telescope"
    r"|server-status|jmx-console|struts|invoker|axis2)(?:$|[/?.])",
    re.IGNORECASE,
)

TOOLS: Final = re.compile(
    r"sqlmap|nikto|nmap|masscan|zgrab|acunetix|nessus|openvas|wpscan|dirbuster"
    r"|gobuster|feroxbuster|ffuf|nuclei|wfuzz|hydra|w3af|arachni|xray|goby|awvs"
    r"|burpsuite|netsparker|appscan|havij",
    re.IGNORECASE,
)


def finding_in(method: str, meta: Mapping[str, Any]) -> Finding | None:
    """
    Return what a request shows of a scanner, None for nothing.

    Args:
        method: its method.
        meta: `request.META`.
    """
    query = str(meta.get("QUERY_STRING", ""))
    path = str(meta.get("PATH_INFO", ""))
    address = f"{path[:LENGTH]}?{unquote_plus(query[:LENGTH])}"
    # Encoded twice, it passes a filter in front that decodes once.
    address = f"{address} {unquote_plus(address)}" if "%" in address else address
    for reason, pattern in INJECTIONS.items():
        if found := pattern.search(address):
            return Finding("injection", reason, found.group()[:SNIPPET])
    if found := SCANNED.search(path[:LENGTH]):
        return Finding("scan", "path", found.group()[:SNIPPET])
    if method.upper() not in METHODS:
        return Finding("scan", "method", method[:SNIPPET])
    if found := TOOLS.search(str(meta.get("HTTP_USER_AGENT", ""))[:LENGTH]):
        return Finding("scan", "tool", found.group()[:SNIPPET])
    return _oversized(path, query, meta)


def _oversized(path: str, query: str, meta: Mapping[str, Any]) -> Finding | None:
    if len(path) > LENGTH or len(query) > QUERY_LENGTH:
        return Finding("scan", "long-address", str(len(path) + len(query)))
    for name, value in meta.items():
        is_header = name.startswith("HTTP_") and isinstance(value, str)
        if is_header and len(value) > HEADER_LENGTH:
            return Finding("scan", "long-header", name[:SNIPPET])
    return None
