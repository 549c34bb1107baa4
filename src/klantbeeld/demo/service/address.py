"""Where the demo's services answer."""

from __future__ import annotations

import os

SERVICE_PORT = 8003
SERVICE_KEY = "demo"
"""Everybody knows it: the services give invented data, and answer this machine only."""


def service_port() -> int:
    """Give the port: KLANTBEELD_DEMO_PORT, or 8003."""
    return int(os.environ.get("KLANTBEELD_DEMO_PORT", SERVICE_PORT))


def service_address() -> str:
    """Give host and port."""
    return f"127.0.0.1:{service_port()}"
