"""The app; after migrating, the starter policy is in force when none is."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class LifecycleConfig(AppConfig):
    name = "klantbeeld.lifecycle"
    label = "lifecycle"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Install what a new installation begins with."""
        post_migrate.connect(_install, sender=self)


def _install(**_: Any) -> None:
    from klantbeeld.lifecycle import actions

    actions.install()
