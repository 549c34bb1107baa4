"""How any process of ours begins: settings chosen, secrets there, Django ready."""

from __future__ import annotations

import os


def prepare_process() -> None:
    """Choose our settings and refuse to go on with keys that would be forgotten when the process ends.

    Raises SettingError with what to do.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "klantbeeld.config.settings")
    from klantbeeld.config import settings
    from klantbeeld.config.options import SettingError

    if not settings.SECRETS_ARE_KEPT:
        raise SettingError(
            f"No secrets in {settings.HOME.secrets_file}. Start `klantbeeld up` once (as the user who runs it), or set"
            " KLANTBEELD_SECRET_KEY, KLANTBEELD_MATCH_KEY and KLANTBEELD_PARTNER_KEY."
        )


def setup_django() -> None:
    """Load the apps; what every command that needs the database calls first."""
    prepare_process()
    import django

    django.setup()
    from klantbeeld.config.logs import install_hooks

    install_hooks()
