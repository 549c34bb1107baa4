from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pyarrow as pa
import pytest

from klantbeeld.engines.matching import Resolution, resolve


def _load(name: str) -> ModuleType:
    """The invented population is a module beside the tests; tests are imported without packages."""
    spec = importlib.util.spec_from_file_location(f"matching_{name}", Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def people() -> ModuleType:
    return _load("people")


@pytest.fixture(scope="session")
def table_and_truth(people: ModuleType) -> tuple[pa.Table, list[int]]:
    table: pa.Table
    truth: list[int]
    table, truth = people.population(700)
    return table, truth


@pytest.fixture(scope="session")
def resolved(people: ModuleType, table_and_truth: tuple[pa.Table, list[int]]) -> Resolution:
    return resolve(table_and_truth[0], people.SCHEMA)
