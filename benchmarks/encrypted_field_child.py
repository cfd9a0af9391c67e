"""Encrypted columns: per value and through the ORM, all in one process."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable
from typing import Any

from benchmarks import bare_sm4, child

Call = Callable[[], Any]
ID_NUMBER = "110101199003071234"


class Values:
    """Encrypting and decrypting one value, by each library."""

    def __init__(self, size: int) -> None:
        self.text = (ID_NUMBER * (size // len(ID_NUMBER) + 1))[:size]
        self.encrypt: dict[str, Call] = {}
        self.decrypt: dict[str, Call] = {}
        self._add_bare()
        self._add_jtsec()
        self._add_peers()

    def _add_bare(self) -> None:
        """Add the bare call of the provider that jtsec has for this length."""
        data, aad = self.text.encode(), b"benchmarks.person.id_number"
        seal, open_ = bare_sm4.calls(os.urandom(16))

        def encrypt() -> bytes:
            nonce = os.urandom(bare_sm4.NONCE_SIZE)
            return nonce + seal(nonce, data, aad)

        blob = encrypt()

        def decrypt() -> bytes:
            body = blob[bare_sm4.NONCE_SIZE : -bare_sm4.TAG_SIZE]
            return open_(
                blob[: bare_sm4.NONCE_SIZE], body, blob[-bare_sm4.TAG_SIZE :], aad
            )

        assert decrypt() == data
        self.encrypt["bare SM4-GCM of the provider"] = encrypt
        self.decrypt["bare SM4-GCM of the provider"] = decrypt

    def _add_jtsec(self) -> None:
        from django.db import connections

        from benchmarks.columns import model_with
        from jtsec.fields import EncryptedCharField

        connection = connections["default"]
        model = model_with(
            f"Person{len(self.text)}", EncryptedCharField(max_length=200)
        )
        field = model._meta.get_field("id_number")
        stored = as_stored(field.get_db_prep_save(self.text, connection))
        (convert,) = field.get_db_converters(connection)
        assert convert(stored, None, connection) == self.text
        self.encrypt["EncryptedCharField"] = lambda: field.get_db_prep_save(
            self.text, connection
        )
        self.decrypt["EncryptedCharField"] = lambda: convert(stored, None, connection)

    def _add_peers(self) -> None:
        from django.db import connections

        from benchmarks.columns import peer_fields

        connection = connections["default"]
        for name, field in peer_fields().items():
            field.set_attributes_from_name("id_number")
            stored = as_stored(field.get_db_prep_save(self.text, connection))
            assert field.from_db_value(stored, None, connection) == self.text

            def encrypt(field: Any = field) -> Any:
                return field.get_db_prep_save(self.text, connection)

            def decrypt(field: Any = field, stored: Any = stored) -> Any:
                return field.from_db_value(stored, None, connection)

            self.encrypt[name], self.decrypt[name] = encrypt, decrypt


def as_stored(value: Any) -> Any:
    """Return what the database gives back for what the driver was given."""
    return getattr(value, "obj", value)


def microseconds(call: Call, number: int) -> float:
    """Return the processor's time for one call, over so many."""
    gc.collect()
    begin = time.thread_time()
    for _ in range(number):
        call()
    return (time.thread_time() - begin) / number * 1e6


def main() -> None:
    """Prepare the tables and answer."""
    child.prepare()
    from benchmarks.columns import Tables

    tables = Tables()
    values: dict[int, Values] = {size: Values(size) for size in (18, 64)}

    def value(verb: str, size: int, name: str, number: int) -> float:
        return microseconds(getattr(values[size], verb)[name], number)

    def names() -> list[str]:
        return list(values[18].encrypt)

    child.serve(
        {
            "names": names,
            "value": value,
            "tables": tables.names,
            "create": tables.create,
            "load": tables.load,
        }
    )


if __name__ == "__main__":
    main()
