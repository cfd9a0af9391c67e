"""gunicorn's own configuration in tests: each worker says when it is ready."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any


def post_worker_init(worker: Any) -> None:
    """Leave a mark once the application is loaded; called by gunicorn."""
    directory = Path(os.environ["JTSEC_TEST_GUNICORN_READY"])
    (directory / f"worker-{worker.pid}").touch()
