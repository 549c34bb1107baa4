from django.apps import AppConfig


class StudioConfig(AppConfig):
    name = "klantbeeld.studio"
    label = "studio"
