from django.apps import AppConfig


class FlowsConfig(AppConfig):
    name = "klantbeeld.flows"
    label = "flows"
