from django.apps import AppConfig


class FoundationConfig(AppConfig):
    name = "klantbeeld.foundation"
    label = "foundation"
    default_auto_field = "django.db.models.BigAutoField"
