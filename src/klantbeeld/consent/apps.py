from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ConsentConfig(AppConfig):
    name = "klantbeeld.consent"
    label = "consent"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # The starter register follows the code, so it is brought up to date whenever the tables are.
        post_migrate.connect(_install, sender=self)


def _install(**_: Any) -> None:
    from klantbeeld.consent import actions

    actions.install_purposes()
