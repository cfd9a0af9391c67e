"""Forty people log in in the same instant: how much memory, how long."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import psutil

from benchmarks.child import PASSWORD, USER
from benchmarks.children import Child, environment
from benchmarks.measuring import Table, ratio, spread
from benchmarks.servers import new_database
from benchmarks.stacks import Stack
from tests.services import gunicorn
from tests.services.sharing import Service

WORKERS, THREADS = 4, 8
MIB = 2**20
FORM_TOKEN = "a" * 32
DJANGO_ARGON2 = "django.contrib.auth.hashers.Argon2PasswordHasher"
PROJECTS = (
    (Stack("jtsec, its default", ("jtsec", "proxied")), ""),
    (Stack("bare Django, its default Argon2 (100 MiB, p=8)"), DJANGO_ARGON2),
    (
        Stack("bare Django, Argon2 with jtsec's parameters"),
        "benchmarks.hashers.SameArgon2",
    ),
)


@dataclass
class Burst:
    """What one burst took: MiB at the same time, MiB at most, seconds, answers."""

    together: float = 0.0
    at_most: float = 0.0
    before: float = 0.0
    seconds: float = 0.0
    let_in: int = 0


def measure(service: Service, rounds: int, people: int) -> list[Table]:
    """
    Return the table.

    Args:
        service: the PostgreSQL.
        rounds: how often each project has its turn, with a new server each time.
        people: how many log in at once.
    """
    databases: dict[str, Any] = {}
    for stack, hasher in PROJECTS:
        databases[stack.name] = new_database(service)
        made = Child(
            "benchmarks.forty_logins_child", stack, databases[stack.name], hasher
        )
        made.ask("prepare", people)
        made.stop()
    bursts: dict[str, list[Burst]] = {stack.name: [] for stack, _ in PROJECTS}
    for number in range(rounds):
        for stack, hasher in PROJECTS if number % 2 == 0 else reversed(PROJECTS):
            extra = environment(stack, databases[stack.name], hasher)
            bursts[stack.name].append(burst(extra, people))
    return [table_of(bursts, people)]


def burst(extra: dict[str, str], people: int) -> Burst:
    """Serve, let everybody in at once, stop."""
    server = gunicorn.start(
        "benchmarks.wsgi:application",
        workers=WORKERS,
        threads=THREADS,
        environment=extra,
    )
    found = Burst()
    address = urlsplit(server.url).netloc
    try:
        # What the first request imports is no login's price.
        log_in(address, 0)
        with watched(server.pid, found):
            begin = time.perf_counter()
            found.let_in = sum(at_once(address, people))
            found.seconds = time.perf_counter() - begin
    finally:
        server.stop()
    return found


def at_once(address: str, people: int) -> list[bool]:
    """Return whether each was let in."""
    gate = threading.Barrier(people)
    answers: list[bool] = []

    def run(number: int) -> None:
        gate.wait()
        answers.append(log_in(address, number))

    threads = [threading.Thread(target=run, args=(one,)) for one in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def log_in(address: str, number: int) -> bool:
    """Log one person in, from a terminal of their own."""
    name = USER if number == 0 else f"{USER}{number}"
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Forwarded-For": f"10.0.1.{number + 1}",
        "Cookie": f"csrftoken={FORM_TOKEN}",
    }
    server = HTTPConnection(address, timeout=120)
    try:
        fields = {"username": name, "password": PASSWORD}
        form = urlencode({**fields, "csrfmiddlewaretoken": FORM_TOKEN})
        server.request("POST", "/login/", form, headers)
        return server.getresponse().status == 302
    finally:
        server.close()


@contextmanager
def watched(pid: int, found: Burst) -> Iterator[None]:
    """Note the most memory that a server's processes take while the block runs."""
    parent = psutil.Process(pid)
    processes = [parent, *parent.children(recursive=True)]
    found.before = shared_out(processes)
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.01):
            found.together = max(found.together, shared_out(processes))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        found.at_most = sum(peak(one.pid) for one in processes)


def shared_out(processes: list[psutil.Process]) -> float:
    """Return what they take together in MiB, a shared page counted once (PSS)."""
    return float(sum(one.memory_full_info().pss for one in processes) / MIB)


def peak(pid: int) -> float:
    """Return the most a process ever had resident, in MiB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    (line,) = (one for one in lines if one.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def table_of(bursts: dict[str, list[Burst]], people: int) -> Table:
    """Return the table of all bursts."""
    (first, *_) = bursts.values()
    ours = [one.seconds for one in first]
    columns = (
        "project",
        "MiB before",
        "MiB together (PSS, sampled)",
        "MiB at most (sum of each peak)",
        "seconds",
        "x jtsec",
        "let in",
    )
    server = f"gunicorn with {WORKERS} processes of {THREADS} threads"
    table = Table(f"{people} logins at once, {server}", columns)
    for name, found in bursts.items():
        table.rows.append(
            (
                name,
                spread([one.before for one in found]).text(0),
                spread([one.together for one in found]).text(0),
                spread([one.at_most for one in found]).text(0),
                spread([one.seconds for one in found]).text(1),
                ratio([one.seconds for one in found], ours).text(2),
                f"{min(one.let_in for one in found)} of {people}",
            )
        )
    return table
