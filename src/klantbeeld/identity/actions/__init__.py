"""Every write of identity."""

from klantbeeld.identity.actions.decide import decide, replace, revoke
from klantbeeld.identity.actions.lock import hold_writer
from klantbeeld.identity.actions.ready import Preparer, Ready
from klantbeeld.identity.actions.rebuild import effect_of, rebuild
from klantbeeld.identity.actions.resolve import resolve
from klantbeeld.identity.actions.train import train

__all__ = [
    "Preparer",
    "Ready",
    "decide",
    "effect_of",
    "hold_writer",
    "rebuild",
    "replace",
    "resolve",
    "revoke",
    "train",
]
