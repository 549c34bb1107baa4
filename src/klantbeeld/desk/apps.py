from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "klantbeeld.desk"
    label = "desk"
