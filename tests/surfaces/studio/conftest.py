"""The studio without a browser: records delivered through the flows, pages asked for as an employee."""

from __future__ import annotations

from tests.surfaces.desk.conftest import Desk, Sit, sit

__all__ = ["Desk", "Sit", "sit"]
