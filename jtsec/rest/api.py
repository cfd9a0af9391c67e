"""
The verbs of the interfaces: clients that sign, and who signed a request.

Works without the REST framework; what needs it is in `permissions`, `authentication`,
`throttling` and `parsers`.
"""

from __future__ import annotations

from .accepting import SignedCaller, signed_caller
from .call_counting import count_call
from .clients import end_client, list_clients, register_client
from .exceptions import ClientRefused, SignatureRefused
from .nonces import purge as purge_nonces
from .recognising import is_interface, is_signed, recognise, signature_answer
from .signing import authorization

__all__ = [
    "ClientRefused",
    "SignatureRefused",
    "SignedCaller",
    "authorization",
    "count_call",
    "end_client",
    "is_interface",
    "is_signed",
    "list_clients",
    "purge_nonces",
    "recognise",
    "register_client",
    "signature_answer",
    "signed_caller",
]
