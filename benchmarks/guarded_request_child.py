"""One project that answers requests, through its WSGI handler in this process."""

from __future__ import annotations

import gc
import io
import sys
import time
from statistics import median
from typing import Any

from benchmarks import child

USER_AGENT = "Mozilla/5.0 (Windows NT 6.1) benchmark"


class Visitor:
    """Somebody who is logged in and asks for pages."""

    def __init__(self) -> None:
        from django.core.wsgi import get_wsgi_application
        from django.test import Client

        self.application = get_wsgi_application()
        self.answer = ("", [("", "")])
        client = Client(headers={"user-agent": USER_AGENT})
        form = {"username": child.USER, "password": child.PASSWORD}
        response = client.post("/login/", form)
        assert response.status_code == 302, response.content
        self.cookie = "; ".join(
            f"{name}={morsel.value}" for name, morsel in client.cookies.items()
        )

    def ask(self, path: str) -> bytes:
        """Return one page."""
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "GET",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "127.0.0.1",
            "HTTP_COOKIE": self.cookie,
            "HTTP_USER_AGENT": USER_AGENT,
            "REMOTE_ADDR": "127.0.0.1",
            "PATH_INFO": path,
            "QUERY_STRING": "",
            "SCRIPT_NAME": "",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.multithread": False,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        answer: Any = self.application(environ, self._start)
        body = b"".join(answer)
        answer.close()
        return body

    def _start(self, status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        self.answer = (status, headers)
        return sys.stderr.write


def main() -> None:
    """Prepare one project and answer."""
    child.prepare()
    visitor = Visitor()

    def count(path: str) -> dict[str, int]:
        """Count the statements of one request that is not the first."""
        for _ in range(3):
            visitor.ask(path)
        found = child.statements_of(lambda: visitor.ask(path))
        status, headers = visitor.answer
        assert status.startswith("200"), (path, status)
        return {**found, "headers": len(headers)}

    def run(path: str, number: int) -> list[float]:
        """Return the medians of so many requests: wall and processor, in µs."""
        gc.collect()
        walls, processors = [], []
        for _ in range(number):
            wall, processor = time.perf_counter(), time.thread_time()
            visitor.ask(path)
            walls.append((time.perf_counter() - wall) * 1e6)
            processors.append((time.thread_time() - processor) * 1e6)
        return [median(walls), median(processors)]

    child.serve({"count": count, "run": run})


if __name__ == "__main__":
    main()
