"""
What there is to do with temporary passes, and what each asks of who does it.

Found by itself when Django starts. Who has them is decided by roles; nothing that is
marked here, such as that only police may, is changed by a role or by SQL.
"""

from __future__ import annotations

from jtsec.access.api import function, guard_file

from .models import Permit

QUERY = "permits.query_permit"
FILE = "permits.file_permit"
APPROVE = "permits.approve_permit"
VIEW_OWNER = "permits.view_owner"
EXPORT = "permits.export_permit"
TRACE = "permits.trace_person"
REQUEST_CORRECTION = "permits.request_correction"
CHECK_CORRECTION = "permits.check_correction"
CONFIRM_CORRECTION = "permits.confirm_correction"
EXECUTE_CORRECTION = "permits.execute_correction"

function(QUERY, "查询临时通行证", propagatable=True)
# Whoever files approves nothing, whatever roles somebody collects (clause A4.4).
function(FILE, "申请临时通行证", core=True, conflicts_with=(APPROVE,))
function(APPROVE, "审批临时通行证", police_only=True, core=True)
# The owner's full data: for police, at a terminal that is bound to them (A4.7, A4.11).
function(
    VIEW_OWNER,
    "查看所有人完整信息",
    police_only=True,
    critical=True,
    core=True,
)
# What leaves the system, and what is known of a person: each use says why (A5.1).
function(EXPORT, "导出查询结果", police_only=True, core=True)
function(TRACE, "人员核查", police_only=True, critical=True, core=True)
# A correction of what is approved already passes four hands (clause P45).
function(REQUEST_CORRECTION, "申请更正通行证", police_only=True)
function(CHECK_CORRECTION, "审核更正", police_only=True)
function(CONFIRM_CORRECTION, "批准更正", police_only=True)
function(
    EXECUTE_CORRECTION,
    "执行更正",
    police_only=True,
    core=True,
    conflicts_with=(REQUEST_CORRECTION, CHECK_CORRECTION, CONFIRM_CORRECTION),
)

# Its file is for who may see the application (A4.1).
guard_file(Permit, "attachment", right=QUERY, inline=True)
