"""Runs wapiti through a relay, bounded, and boils its report down."""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

MODULES = (
    "backup,cookieflags,crlf,csp,csrf,exec,file,htaccess,http_headers,methods,"
    "permanentxss,redirect,shellshock,sql,timesql,upload,xss"
)
"""
All but those that ask servers elsewhere, or look for other people's software.

`ldap` is left out: there is no LDAP here, and it takes pages for answers to its query
that differ in the seconds until the session ends, or in the asterisks of a mask.
"""

LEVELS = ("info", "low", "medium", "high", "critical")
KEPT = ("method", "path", "parameter")
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


def run(program: str, port: int, work: Path, *, starts: list[str], seconds: int) -> Any:
    """
    Scan through the relay at `port`; nothing leaves the machine.

    Args:
        program: the scanner.
        port: the relay.
        work: where its own files go.
        starts: paths to begin with, besides the root.
        seconds: how long it may crawl and attack.

    Returns:
        The scanner's report.
    """
    address = f"http://127.0.0.1:{port}"
    report = work / "wapiti.json"
    more = [part for path in starts for part in ("--start", address + path)]
    # A tenth of the applications is enough; each has the same five pages.
    for digit in range(1, 10):
        more += ["--exclude", f"{address}/permits/TX*{digit}/*"]
    subprocess.run(
        [
            *("nice", program, "--url", f"{address}/", "--scope", "folder"),
            *("--module", MODULES, "--skip", "csrfmiddlewaretoken"),
            *("--exclude", f"{address}/accounts/logout/"),
            *("--exclude", f"{address}/accounts/password/"),
            *("--dns-endpoint", "localhost", "--endpoint", address),
            *("--max-scan-time", str(seconds), "--max-attack-time", str(seconds // 10)),
            *("--flush-session", "--no-bugreport", "--tasks", "4", "--level", "1"),
            *("--timeout", "30", "--verbose", "0", "--format", "json"),
            *("--output", str(report), "--store-session", str(work), *more),
        ],
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return json.loads(report.read_text("utf-8"))


def boil_down(report: Any) -> dict[str, Any]:
    """Return the findings without the requests they came by, alike ones as one."""
    found: Counter[str] = Counter()
    levels = Counter(dict.fromkeys(LEVELS, 0))
    for kind in ("vulnerabilities", "anomalies", "additionals"):
        for title, ones in report[kind].items():
            for one in ones:
                level = LEVELS[one["level"]]
                levels[level] += 1
                found[json.dumps(_kept(kind, title, level, one))] += 1
    infos = report["infos"]
    return {
        "version": infos["version"],
        "date": infos["date"],
        "pages_crawled": infos["crawled_pages_nbr"],
        "per_level": dict(levels),
        "findings": [json.loads(text) | {"times": n} for text, n in found.items()],
    }


def _kept(kind: str, title: str, level: str, one: dict[str, Any]) -> dict[str, str]:
    """Return what is kept of a finding; of a mere remark not on which page it is."""
    told = ADDRESS.sub("", str(one["info"]))[:200]
    kept = {"level": level, "kind": kind, "title": title}
    if kind == "additionals":
        return kept | {"info": told.replace(one["path"], "…")}
    return kept | {key: str(one.get(key) or "") for key in KEPT} | {"info": told}
