"""One project that lets somebody in, over and over."""

from __future__ import annotations

import time
from statistics import median
from typing import Any

from benchmarks import child


class Visitor:
    """Somebody who logs in with the right password, and out again."""

    def __init__(self) -> None:
        from django.test import Client

        self.client = Client(headers={"user-agent": "benchmark"})

    def log_in(self) -> None:
        """Log in."""
        form = {"username": child.USER, "password": child.PASSWORD}
        response: Any = self.client.post("/login/", form)
        assert response.status_code == 302, response.content

    def leave(self) -> None:
        """Log out, which nobody measures, and forget the cookie."""
        response: Any = self.client.post("/logout/")
        assert response.status_code == 302, response.content
        self.client.cookies.clear()


def main() -> None:
    """Prepare one project and answer."""
    child.prepare()
    visitor = Visitor()

    def count() -> dict[str, int]:
        """Count the statements of one login that is not the first."""
        for _ in range(2):
            visitor.log_in()
            visitor.leave()
        found = child.statements_of(visitor.log_in)
        visitor.leave()
        return found

    def run(number: int) -> list[float]:
        """Return the medians of so many logins: wall and processor, in ms."""
        walls, processors = [], []
        for _ in range(number):
            wall, processor = time.perf_counter(), time.process_time()
            visitor.log_in()
            walls.append((time.perf_counter() - wall) * 1e3)
            processors.append((time.process_time() - processor) * 1e3)
            visitor.leave()
        return [median(walls), median(processors)]

    child.serve({"count": count, "run": run})


if __name__ == "__main__":
    main()
