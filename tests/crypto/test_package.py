"""The package is plain Python and its errors are one tree."""

from __future__ import annotations

import inspect
import pkgutil
import subprocess
import sys

import pytest

import jtsec.crypto
from jtsec.core.exceptions import CannotVerify, JtsecError, VerifiedFalse
from jtsec.crypto import exceptions

pytestmark = pytest.mark.clause("A6.3")
MODULES = [
    f"jtsec.crypto.{module.name}"
    for module in pkgutil.iter_modules(jtsec.crypto.__path__)
]


def test_every_module_imports_without_django() -> None:
    """A verifier on a machine without Django can read our formats."""
    program = "import sys; sys.modules['django'] = None\n"
    program += "".join(f"import {name}\n" for name in MODULES)
    program += "from jtsec.crypto import selftest; selftest.require_passed()\n"
    program += "assert not any(n.startswith('django.') for n in sys.modules)\n"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_every_error_is_in_the_printed_tree() -> None:
    """One root, and every leaf is named in the module's docstring."""
    errors = [
        error
        for error in vars(exceptions).values()
        if inspect.isclass(error) and error.__module__ == exceptions.__name__
    ]
    assert len(errors) == 9
    for error in errors:
        assert issubclass(error, exceptions.CryptoError)
        assert issubclass(error, JtsecError)
        assert error.__name__ in (exceptions.__doc__ or "")


def test_verified_false_and_cannot_verify_are_different_leaves() -> None:
    """Evidence of tampering is not a fault of the system."""
    for error in (exceptions.DecryptionFailed, exceptions.InvalidSignature):
        assert issubclass(error, VerifiedFalse)
        assert not issubclass(error, CannotVerify)
    for fault in (exceptions.ProviderUnavailable, exceptions.SelfTestFailed):
        assert issubclass(fault, CannotVerify)
        assert not issubclass(fault, VerifiedFalse)
