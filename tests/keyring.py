"""
The key ring of a test run: known keys in a real file, outside of the project.

The keys are the same in every run, so that vectors in the documentation can be
checked; the file is written as `jtsec_init` writes it, and read with every check.
"""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from jtsec.crypto import sm2, sm3
from jtsec.keys.format import dump_ring
from jtsec.keys.key import ALGORITHM_OF, SIZE_OF, Key, Purpose, State
from tests.databases import run_directory

CREATED = datetime(2026, 1, 1, tzinfo=UTC)


def private_key(name: str) -> sm2.PrivateKey:
    """Return an SM2 key made of a name."""
    return sm2.PrivateKey(int.from_bytes(sm3.digest(name.encode())[:31], "big"))


def error_private_key() -> sm2.PrivateKey:
    """Return the private half of the error key, which is in no ring."""
    return private_key("jtsec test error")


def known_key(
    purpose: Purpose, number: int = 1, state: State = State.ACTIVE, name: str = "test"
) -> Key:
    """Return a key made of its purpose, number and a name."""
    seed = f"jtsec {name} {purpose} {number}"
    if purpose is Purpose.ERROR:
        material = error_private_key().public.to_pem().encode()
    elif purpose is Purpose.AUDIT_SIGNATURE:
        material = private_key(seed).to_pem().encode()
    else:
        material = sm3.digest(seed.encode())[: SIZE_OF[ALGORITHM_OF[purpose]]]
    return Key(
        id=f"{purpose}-{number}",
        purpose=purpose,
        algorithm=ALGORITHM_OF[purpose],
        state=state,
        created=CREATED,
        material=material,
    )


def known_ring(name: str = "test") -> list[Key]:
    """Return one active key for every purpose."""
    return [known_key(purpose, name=name) for purpose in Purpose]


def write(path: Path, data: bytes, mode: int = 0o400) -> Path:
    """Write a file with a mode, unless another process of the run was first."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_bytes(data)
    draft.chmod(mode)
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
    return path


def path() -> Path:
    """Return the key file of this run, written when first asked for."""
    folder = run_directory() / "keys"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder / "jtsec.keys"
    if not found.exists():
        write(found, dump_ring(known_ring(), CREATED))
    return found
