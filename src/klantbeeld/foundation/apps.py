from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class FoundationConfig(AppConfig):
    name = "klantbeeld.foundation"
    label = "foundation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # The starter catalogue follows the code, so it is brought up to date whenever the tables are.
        post_migrate.connect(_install, sender=self)


def _install(**_: Any) -> None:
    from klantbeeld.foundation import actions, partitions

    partitions.make_partitions()
    actions.install_catalogue()
