"""A table whose column is put under a new key, again and again, in one process."""

from __future__ import annotations

import time
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from benchmarks import child

TEXT = "110101199003071234"


def make(rows: int) -> None:
    """Make a ring that may be changed, and one table for each kind of column."""
    from django.conf import settings
    from django.db import connection

    from benchmarks.columns import model_with
    from jtsec.fields import EncryptedCharField
    from jtsec.keys import api as keys
    from jtsec.keys.format import dump_ring
    from tests import keyring

    path = Path(mkdtemp(prefix="jtsec-bench-")) / "jtsec.keys"
    keyring.write(path, dump_ring(keyring.known_ring(), keyring.CREATED))
    settings.JTSEC_KEYS_FILE = str(path)
    keys.reload(setting="JTSEC_KEYS_FILE")
    for name, searchable in (("Plainly", False), ("Searched", True)):
        model = model_with(
            name, EncryptedCharField(max_length=200, searchable=searchable)
        )
        with connection.schema_editor() as editor:
            editor.create_model(model)
        fresh = (model(id_number=f"{TEXT}{one}") for one in range(rows))
        model._default_manager.bulk_create(fresh, batch_size=2000)
        TABLES[name] = model


TABLES: dict[str, Any] = {}


def rotate(name: str, purposes: list[str]) -> dict[str, float]:
    """Give the purposes new keys, and time how a table is put under them."""
    from jtsec.fields.renewing import ColumnUse
    from jtsec.keys import api as keys

    for purpose in map(keys.Purpose, purposes):
        keys.prepare_key(purpose)
        keys.activate_key(purpose)
    field: Any = TABLES[name]._meta.get_field("id_number")
    companion = field.index_field if field.searchable else None
    use = ColumnUse(field, "default", companion)
    began = time.perf_counter()
    renewed = sum(step.renewed for step in use.renew())
    taken = time.perf_counter() - began
    return {"rate": renewed / taken, "renewed": renewed, "left": use.waiting()}


def main() -> None:
    """Answer the parent."""
    child.prepare()
    child.serve({"make": make, "rotate": rotate})


if __name__ == "__main__":
    main()
