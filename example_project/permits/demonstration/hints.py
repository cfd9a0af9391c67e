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
        f"浏览器打开 {address}，六个账户口令都是 {PASSWORD}（只用于演示）:",
        "  sysadmin 系统管理员、secadmin 安全管理员、auditor 审计管理员、"
        "zhang 民警、li 民警、wang 非警员",
        f"可以试一试（manage.py 指 {_manage()}）:",
        "  1. 用 zhang 登录，看登录提示，查询和申请临时通行证；再用 sysadmin "
        "登录，业务页面拒绝访问。",
        "  2. 用 li 连续输错 5 次口令，用户锁定；解锁: manage.py jtsec_unlock li "
        "--actor secadmin --reason 本人申请",
        "  3. 用 zhang 在两个浏览器登录，先登录的一方被告知会话已被替换。",
        "  4. 让 wang 下次操作前必须修改口令: manage.py demo_password_due wang",
        f"  5. 打开 {address}permits/demo-error/ 看出错页面，用错误编号还原: "
        f"manage.py jtsec_error JT-XXXX-XXXX --key {error_key_file()}",
        "  6. 查看最近的审计记录: manage.py demo_audit（同时逐行写入 "
        f"{_short(Path(settings.VAR_DIR) / 'audit.log')}）",
        f"  7. 用 auditor 登录，打开 {address}console/：总览、查询、预警处置、策略、"
        "报表、完整性核验。",
        "  8. 核验整个日志: manage.py jtsec_audit_verify；用 SQL 改一行再核验，"
        "会指出是哪一行。",
        f"密钥文件: {key_file()}",
        f"错误编码的私钥: {error_key_file()}（正式部署时由开发单位保管，不留在服务器）",
    ]


def _manage() -> str:
    """Return how this very copy is called from the folder the visitor is in."""
    manage = Path(settings.BASE_DIR) / "manage.py"
    return " ".join(_short(path) for path in (Path(sys.executable), manage))


def _short(path: Path) -> str:
    here = Path.cwd()
    return os.path.relpath(path, here) if path.is_relative_to(here) else str(path)
