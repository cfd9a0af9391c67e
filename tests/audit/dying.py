"""Processes that die in the middle of their work, at any line."""

from __future__ import annotations

PROGRAM = """
import os, signal, sys
import django
django.setup()
from django.db import connection
from {module} import {verb}
connection.ensure_connection()
left = int(sys.argv[1])
lines = 0

def count(frame, event, argument):
    global lines
    if event == "line":
        lines += 1
        if lines == left:
            os.kill(os.getpid(), signal.SIGKILL)
    return count

sys.settrace(count)
{verb}()
sys.settrace(None)
print(lines)
"""


def dying_in(module: str, verb: str) -> str:
    """
    Return a program that calls a verb and prints how many lines of Python it took.

    It dies by SIGKILL when so many have run as its argument says; 0 for to the end.
    """
    return PROGRAM.format(module=module, verb=verb)
