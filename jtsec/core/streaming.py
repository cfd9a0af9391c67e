"""
Answers that are streamed: made after the request has been answered, in its name still.

The parts of such an answer are fetched by the server when everything else is over. A
query that runs there would be nobody's: its events without an actor, and its rows
given out as if a background job had asked for them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

from django.http.response import HttpResponseBase

from .context import Context, enter, leave


def keep_context(response: HttpResponseBase, context: Context) -> None:
    """
    Make the parts of a streamed answer in the context of its request.

    Args:
        response: any answer; one that is not streamed, and a file that the server
            sends by itself, stay as they are.
        context: of the request.
    """
    answer: Any = response
    if not response.streaming or getattr(answer, "file_to_stream", None) is not None:
        return
    parts = answer.streaming_content
    if answer.is_async:
        answer.streaming_content = _async_parts(parts, context)
    else:
        answer.streaming_content = _parts(parts, context)


def _parts(parts: Iterator[bytes], context: Context) -> Iterator[bytes]:
    while True:
        token = enter(context)
        try:
            part = next(parts)
        except StopIteration:
            return
        finally:
            leave(token)
        yield part


async def _async_parts(
    parts: AsyncIterator[bytes], context: Context
) -> AsyncIterator[bytes]:
    while True:
        token = enter(context)
        try:
            part = await anext(parts)
        except StopAsyncIteration:
            return
        finally:
            leave(token)
        yield part
