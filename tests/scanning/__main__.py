"""
Scans a throw-away example with wapiti, without a login and as each duty.

    python -m tests.scanning --wapiti wapiti --keep docs/explanation/scanners

Each visitor has a copy of the example of their own, that ends with the scan.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

from tests.scanning import wapiti
from tests.scanning.opened import is_logged_in, opened

NOBODY = "nobody"
VISITORS = (NOBODY, "sysadmin", "secadmin", "auditor", "zhang", "li", "wang")
STARTS = ["/accounts/login/", "/permits/", "/console/", "/api/permits/", "/api/notice/"]


def scan(program: str, username: str, seconds: int, work: Path) -> dict[str, Any]:
    """Scan a fresh copy as one visitor; return findings and what was sent."""
    with opened("" if username == NOBODY else username, work) as relay:
        report = wapiti.run(
            program, relay.server_port, work, starts=STARTS, seconds=seconds
        )
        return {
            "visitor": username,
            **wapiti.boil_down(report),
            **relay.summary(),
            "logged_in_at_the_end": is_logged_in(relay),
        }


def main() -> None:
    """Scan as each visitor and keep what came out, a file for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wapiti", default="wapiti", help="the program")
    parser.add_argument("--as", dest="visitors", nargs="*", default=VISITORS)
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--keep", type=Path, required=True)
    chosen = parser.parse_args()
    chosen.keep.mkdir(parents=True, exist_ok=True)
    for username in chosen.visitors:
        with tempfile.TemporaryDirectory() as folder:
            kept = scan(chosen.wapiti, username, chosen.seconds, Path(folder))
        text = json.dumps(kept, ensure_ascii=False, indent=1)
        (chosen.keep / f"wapiti-{username}.json").write_text(text + "\n", "utf-8")
        print(username, kept["requests"], kept["per_level"], kept["statuses"])


if __name__ == "__main__":
    main()
