"""A company with two sources, and drafts in one line."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from klantbeeld.foundation.access import Actor
from klantbeeld.foundation.models import Company
from klantbeeld.sources.models import Source

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
ACTOR = Actor.system("test")


def make_source(code: str, **values: Any) -> Source:
    company, _ = Company.objects.get_or_create(code="noord", defaults={"name": "Noord B.V."})
    defaults: dict[str, Any] = {
        "label": {"nl": code, "en": code},
        "company": company,
        "owner": "Beheer",
        "trust_rank": 5,
        "purpose": "service",
        "declaration": {},
    }
    return Source.objects.create(code=code, **{**defaults, **values})


@pytest.fixture
def crm(db: None) -> Source:
    return make_source("crm")


@pytest.fixture
def shop(db: None) -> Source:
    return make_source("shop")
