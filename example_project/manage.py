#!/usr/bin/env python
"""Runs management commands of the example."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

DRIVERS = 'PostgreSQL: pip install "psycopg[binary]"；MySQL: pip install mysqlclient'


def main() -> None:
    """Run the command given."""
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "example.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        # Most often the driver of the database that DATABASE_URL names.
        sys.exit(f"配置有误: {error}\n数据库驱动须另外安装。{DRIVERS}")


if __name__ == "__main__":
    main()
