"""The one form of an answer that says what went wrong, for the description."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class ErrorAnswer(serializers.Serializer[Any]):
    """
    What went wrong: a sentence for people, a word for programs.

    `fields` tells what is wrong with which; `reference` and `sealed` belong to an
    error that nobody expected, and are what its developers ask for.
    """

    detail = serializers.CharField()
    code = serializers.CharField()
    field = serializers.CharField(required=False)
    fields = serializers.DictField(required=False)  # type: ignore[assignment]  # its name in the answer
    reference = serializers.CharField(required=False)
    sealed = serializers.CharField(required=False)
