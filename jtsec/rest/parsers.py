"""
Parsers with limits (clause A8.1): how large, how deep, how many.

What a parser lets through, every serializer behind it must bear. So the rest is
refused here: a name given twice, of which one program reads the first and another the
last; numbers that no column holds; characters that stop a database.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from .bounded_json import MalformedJson, parse_json
from .conf import rest_settings

try:
    from rest_framework.exceptions import APIException, ParseError
    from rest_framework.parsers import BaseParser
except ImportError as missing:
    raise ImportError(
        "jtsec.rest needs Django REST framework: pip install 'jtsec[rest]'"
    ) from missing


class TooLarge(APIException):
    """Says that a body is larger than what is read."""

    status_code = 413
    default_detail = _("This request is too large.")
    default_code = "too-large"


class BoundedJSONParser(BaseParser):
    """Reads JSON in UTF-8, within the limits of the settings."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """
        Return what the body says.

        Raises:
            TooLarge: it is longer than what is read.
            ParseError: it is no JSON, or beyond a limit.
        """
        chosen = rest_settings()
        body = _read(stream, chosen.body_bytes)
        try:
            return parse_json(body, depth=chosen.depth, items=chosen.items)
        except MalformedJson as error:
            raise ParseError from error


class BoundedFormParser(BaseParser):
    """Reads a form that is no upload, within the limits of the settings."""

    media_type = "application/x-www-form-urlencoded"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> QueryDict:
        """
        Return the fields.

        Raises:
            TooLarge: it is longer than what is read.
            ParseError: it is not UTF-8, or holds too many fields.
        """
        chosen = rest_settings()
        body = _read(stream, chosen.body_bytes)
        if body.count(b"&") >= chosen.items:
            raise ParseError
        return QueryDict(body, encoding=settings.DEFAULT_CHARSET)


def _read(stream: IO[Any], most: int) -> bytes:
    body: bytes = stream.read(most + 1)
    if len(body) > most:
        raise TooLarge
    return body
