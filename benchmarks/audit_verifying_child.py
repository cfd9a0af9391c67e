"""The log and its verification, with the memory that each process took."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks import child


def verify(deep: bool, processes: int) -> dict[str, Any]:
    """
    Verify once in a new process, so that its peak of memory is its own.

    Args:
        deep: check values and columns too.
        processes: how many share the work.
    """
    module = "benchmarks.audit_verifying_child"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", module, str(int(deep)), str(processes)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    rate, rows, code, mib = done.stdout.split()
    return {
        "rate": float(rate),
        "rows": int(rows),
        "exit": int(code),
        "mib": float(mib),
    }


def verify_here(deep: bool, processes: int) -> None:
    """Verify in this process, and print the figures."""
    import django

    django.setup()
    from jtsec.audit.verifying.api import verify as verify_log

    report = verify_log(deep=deep, processes=processes, anchors=False)
    # What a process is told of itself begins with the memory of who started it.
    lines = Path("/proc/self/status").read_text().splitlines()
    (own,) = (int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
    others = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    peak = max(own, others) / 1024
    print(report.rate, report.rows, int(report.exit_code), peak)


def make(rows: int) -> dict[str, float]:
    """Make and seal the log."""
    from benchmarks import audit_rows
    from jtsec.audit.sealing.api import last_checkpoint

    audit_rows.make(rows, indexed=False, sealed=True)
    newest = last_checkpoint()
    event = next(audit_rows.events(1, 1))
    return {"checkpoints": newest.number if newest else 0, "bytes": len(event.payload)}


def main() -> None:
    """Answer the parent, or do one verification where that is asked for."""
    if len(sys.argv) == 3:
        verify_here(sys.argv[1] == "1", int(sys.argv[2]))
        return
    child.prepare()
    child.serve({"make": make, "verify": verify})


if __name__ == "__main__":
    main()
