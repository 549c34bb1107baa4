"""The truth of the invented world: who exists, where they live, which organisations they have, how to reach them."""

from klantbeeld.demo.world.build import World, build_world

__all__ = ["World", "build_world"]
