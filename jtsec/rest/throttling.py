"""
The throttle of the REST framework, exact over all processes (clause A4.12).

    class OwnerView(RetrieveAPIView):
        calls = 30                     # a minute and caller, this view alone

The framework's own throttles keep their counts in a cache, and say themselves that
they are no measure of security: two processes that count at once lose one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .call_counter import seconds_left
from .call_counting import Count, counted

try:
    from rest_framework.request import Request
    from rest_framework.throttling import BaseThrottle
except ImportError as missing:
    raise ImportError(
        "jtsec.rest needs Django REST framework: pip install 'jtsec[rest]'"
    ) from missing

if TYPE_CHECKING:
    # The framework's views read their defaults, this module among them, when they are
    # imported: importing them here would go round in a circle.
    from rest_framework.views import APIView


class CountedThrottle(BaseThrottle):
    """Lets as many calls through in a minute as the settings, or the view, say."""

    counts_calls = True

    def allow_request(self, request: Request, view: APIView) -> bool:
        """
        Answer whether this call is within the limit; the middleware has counted it.

        Raises:
            django.db.Error: it could not be counted.
        """
        plain = getattr(request, "_request", request)
        count = getattr(plain, "jtsec_calls", None)
        if not isinstance(count, Count):
            count = counted(plain, view)
        return count.is_within

    def wait(self) -> float:
        """Return in how many seconds it may be tried again."""
        return seconds_left()
