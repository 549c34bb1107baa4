"""The demo as a Django app; it has no tables."""

from __future__ import annotations

import os

from django.apps import AppConfig

from klantbeeld.demo.declarations import KEY_VARIABLE, SERVICE_VARIABLE


class DemoConfig(AppConfig):
    """Lets every process of ours find the demo's services: its declarations name these variables."""

    name = "klantbeeld.demo"
    label = "demo"

    def ready(self) -> None:
        """Fill the variables that the environment does not have."""
        from klantbeeld.demo.service.address import SERVICE_KEY, service_address

        os.environ.setdefault(SERVICE_VARIABLE, service_address())
        os.environ.setdefault(KEY_VARIABLE, SERVICE_KEY)
