"""What is applied for, who approves it, who carries it out (clauses A4.4, P45)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jtsec.approvals.api import Kind, Step, register_kind

from . import decisions
from .functions import (
    APPROVE,
    CHECK_CORRECTION,
    CONFIRM_CORRECTION,
    EXECUTE_CORRECTION,
    FILE,
    REQUEST_CORRECTION,
)
from .shown import editors, object_of, permit_of, version_of


def _subject(resource: str, payload: Mapping[str, Any]) -> str:
    permit = permit_of(resource)
    return f"{permit.number} {permit.plate}"


register_kind(
    Kind(
        code="permits.approve",
        name="临时通行证申请",
        submit_rights=(FILE,),
        steps=(Step(APPROVE, "支队审批"),),
        executor=decisions.approve,
        ended=decisions.send_back,
        object_of=object_of,
        touched=editors,
        subject=_subject,
        version_of=version_of,
        form_title="临时通行证审批表",
    )
)
register_kind(
    Kind(
        code="permits.correct",
        name="通行证更正",
        submit_rights=(REQUEST_CORRECTION,),
        steps=(
            Step(CHECK_CORRECTION, "大队审核"),
            Step(CONFIRM_CORRECTION, "支队批准"),
        ),
        execute_right=EXECUTE_CORRECTION,
        executor=decisions.correct,
        object_of=object_of,
        subject=_subject,
        version_of=version_of,
        form_title="业务数据更正审批表",
    )
)
