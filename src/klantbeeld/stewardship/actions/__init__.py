"""Every write of stewardship."""

from klantbeeld.stewardship.actions.follow import follow, follow_refusals, rebuild
from klantbeeld.stewardship.actions.items import (
    assign,
    assign_to_me,
    claim,
    comment,
    decline,
    note,
    propose,
    put_off,
    resume,
    wake,
)
from klantbeeld.stewardship.actions.policy import declare_limits
from klantbeeld.stewardship.actions.samples import answer_check, draw_sample

__all__ = [
    "answer_check",
    "assign",
    "assign_to_me",
    "claim",
    "comment",
    "declare_limits",
    "decline",
    "draw_sample",
    "follow",
    "follow_refusals",
    "note",
    "propose",
    "put_off",
    "rebuild",
    "resume",
    "wake",
]
