"""Makes the tables and people of a project that gunicorn will serve."""

from __future__ import annotations

from benchmarks import child

if __name__ == "__main__":
    child.serve({"prepare": child.prepare})
