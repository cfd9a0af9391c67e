"""A file gets its new content whole, whoever else is at it, and leaves nothing over."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from jtsec.fields.files import replacing as subject
from jtsec.fields.files.replacing import replacing

pytestmark = pytest.mark.clause("A6.3")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a file with a content."""
    path = tmp_path / "scan.txt"
    path.write_bytes(b"before")
    return path


def both(path: Path) -> None:
    """Replace a file while it is being replaced, from another container, say."""
    with replacing(path) as one:
        one.write(b"the whole")
        with replacing(path) as other:
            other.write(b"the whole, too")
        assert path.read_bytes() == b"the whole, too"


def test_two_at_the_same_file_do_not_share_a_draft(path: Path) -> None:
    """Each is whole when it takes the place; the last one stays."""
    both(path)
    assert path.read_bytes() == b"the whole"
    assert [one.name for one in path.parent.iterdir()] == ["scan.txt"]


def test_with_drafts_of_one_name_the_second_does_not_write_over_the_first(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Should chance fail, it says so; the first one's draft is not cut."""
    monkeypatch.setattr(subject, "token_hex", lambda size: "same")
    with pytest.raises(FileExistsError):
        both(path)
    assert path.read_bytes() == b"before"


def test_a_full_disk_leaves_no_draft(path: Path) -> None:
    """Nor would a thousand files leave a thousand beginnings of drafts."""
    with pytest.raises(OSError, match="No space"), replacing(path) as draft:
        draft.write(b"half of i")
        raise OSError(errno.ENOSPC, "No space left on device")
    assert [one.name for one in path.parent.iterdir()] == ["scan.txt"]
    assert path.read_bytes() == b"before"
