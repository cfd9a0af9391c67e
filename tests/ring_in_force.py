"""Another key ring in force, for tests of what the keys protect."""

from __future__ import annotations

import pytest

from django.conf import settings
from django.test import override_settings

from jtsec.core.conf import forget
from jtsec.keys import api as keys
from jtsec.keys.format import dump_ring
from tests import keyring


@pytest.fixture
def other_ring(tmp_path):
    """Return a verb that puts another key file in force."""
    with override_settings():

        def use(*ring):
            path = keyring.write(
                tmp_path / f"{len(list(tmp_path.iterdir()))}.keys",
                dump_ring(ring, keyring.CREATED),
            )
            settings.JTSEC_KEYS_FILE = str(path)
            forget()
            keys.reload()

        yield use
    forget()
    keys.reload()
