from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "klantbeeld.ui"
    label = "ui"
