"""Tables follow the layers: foreign keys point down or stay at home; every change of a model has its migration."""

from __future__ import annotations

import configparser
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]


def _height() -> dict[str, int]:
    """How high each package stands: 0 is the lowest layer. Names on one line stand equally high."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter")
    layers = parser["importlinter:contract:layers"]["layers"].split("\n")
    layers = [layer for layer in layers if layer.strip()]
    return {name.strip(): -at for at, layer in enumerate(layers) for name in layer.split("|")}


def test_foreign_keys_point_down() -> None:
    height = _height()
    wrong, seen = [], 0
    for model in apps.get_models(include_auto_created=True):
        if not model.__module__.startswith("klantbeeld."):
            continue
        package = model.__module__.split(".")[1]
        for field in model._meta.get_fields():
            if not (field.many_to_one or field.one_to_one or field.many_to_many) or field.auto_created:
                continue
            target = field.related_model.__module__.split(".")
            if target[0] != "klantbeeld" or target[1] == package:
                continue
            seen += 1
            if height[target[1]] >= height[package]:
                wrong.append(f"{package}.{model.__name__}.{field.name} -> {target[1]}")
    assert seen > 3, "foreign keys between packages must be found"
    assert wrong == []


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration() -> None:
    said = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=said, stderr=said)
    except SystemExit:
        pytest.fail(f"makemigrations would write:\n{said.getvalue()}")
