"""What a visitor of the demonstration may try, as the command prints it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from django.conf import settings

from .keyring import error_key_file, key_file
from .people import PASSWORD


def sentences(address: str) -> list[str]:
    """
    Return what to try, one line each.

    Args:
        address: where the demonstration is served.
    """
    return [
        f"浏览器打开 {address}，账户口令都是 {PASSWORD}（只用于演示）:",
        "  sysadmin 系统管理员、secadmin 安全管理员、auditor 审计管理员、",
        "  zhang 民警（申请）、li 民警（审批）、wang 非警员（申请、查询）、"
        "zhao 民警（批准更正）、chen 民警（执行更正）",
        f"可以试一试（manage.py 指 {_manage()}）:",
        *(f"  {number}. {text}" for number, text in enumerate(_tour(address), 1)),
        f"密钥文件: {key_file()}",
        f"错误编码的私钥: {error_key_file()}（正式部署时由开发单位保管，不留在服务器）",
    ]


def _tour(address: str) -> list[str]:
    return [
        "用 zhang 登录，提交一份申请；zhang 不能审批自己的申请。用 li 登录，"
        "在“待我审批”中批准它；li 不能申请。",
        "用 wang 登录：可以申请和查询，打开申请详情中的完整号码被拒绝"
        "（非警员），授予任何角色也一样。",
        "完整号码只能在绑定的访问终端查看：zhang 绑定了 127.0.0.1，可以；"
        "li 没有绑定，被拒绝。",
        "用 zhang 在查询页打开“人员核查”：重要查询，只能在绑定的访问终端进行，"
        "须说明理由；查询结果可以导出为 xlsx。",
        f"从 li 的列表复制 wang 的一个编号，用 zhang 打开 {address}permits/编号/ "
        "和附件：查无此记录，并记入审计。",
        "更正已批准的通行证: zhang 申请，li 审核，zhao 批准，chen 执行；"
        "审批表可以下载。",
        "sysadmin 在“用户维护”中为用户申请角色，secadmin 在“授权审核”中批准；"
        "为 wang 申请“通行证受理民警”，批准时被拒绝（含民警专用功能）。"
        "三个管理员都打不开业务页面。",
        "用 li 连续输错 5 次口令，用户锁定；解锁: manage.py jtsec_unlock li "
        "--actor secadmin --reason 本人申请",
        "用 zhang 在两个浏览器登录，先登录的一方被告知会话已被替换。",
        "让 wang 下次操作前必须修改口令: manage.py demo_password_due wang",
        f"打开 {address}permits/demo-error/ 看出错页面，用错误编号还原: "
        f"manage.py jtsec_error JT-XXXX-XXXX --key {error_key_file()}",
        f"用 auditor 登录，打开 {address}console/，查看以上每一次拒绝及其原因；"
        "或: manage.py demo_audit（同时逐行写入 "
        f"{_short(Path(settings.VAR_DIR) / 'audit.log')}）",
        "用 auditor 看审计总览、统计和报表：有一年的历史（演示数据），"
        "其中有几处异常，在“预警处置”中。",
        "核验整个日志: manage.py jtsec_audit_verify；用 SQL 改一行再核验，"
        "会指出是哪一行。",
        "用 SQL 改动、增加或删除一条申请（permits_permit）: manage.py "
        "jtsec_data_verify 会指出是哪一行；打开这一行会被拒绝并告警。",
    ]


def _manage() -> str:
    """Return how this very copy is called from the folder the visitor is in."""
    manage = Path(settings.BASE_DIR) / "manage.py"
    return " ".join(_short(path) for path in (Path(sys.executable), manage))


def _short(path: Path) -> str:
    here = Path.cwd()
    return os.path.relpath(path, here) if path.is_relative_to(here) else str(path)
