"""Every write of stewardship."""

from klantbeeld.stewardship.actions.follow import follow, follow_refusals, rebuild

__all__ = ["follow", "follow_refusals", "rebuild"]
