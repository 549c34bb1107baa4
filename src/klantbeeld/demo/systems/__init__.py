"""What each system of the company group knows of the world, and how it writes that down."""

from __future__ import annotations

from klantbeeld.demo.systems.calls import calls_system
from klantbeeld.demo.systems.crm import crm_system
from klantbeeld.demo.systems.feed import Feed, System
from klantbeeld.demo.systems.partner import partner_system
from klantbeeld.demo.systems.policies import archive_system, policies_system
from klantbeeld.demo.systems.pos import pos_system
from klantbeeld.demo.systems.shop import shop_system
from klantbeeld.demo.world import World

_BUILDERS = {
    "crm": crm_system,
    "policies": policies_system,
    "shop": shop_system,
    "pos": pos_system,
    "calls": calls_system,
    "partner": partner_system,
    "archive": archive_system,
}
CODES = tuple(_BUILDERS)
"""The systems in the order in which they are loaded."""


def build_system(world: World, code: str) -> System:
    """Build one system of a world; KeyError for a code that is not in CODES."""
    return _BUILDERS[code](world)


def build_systems(world: World) -> tuple[System, ...]:
    """Build all systems of a world."""
    return tuple(build_system(world, code) for code in CODES)


__all__ = ["CODES", "Feed", "System", "build_system", "build_systems"]
