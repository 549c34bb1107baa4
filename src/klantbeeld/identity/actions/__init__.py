"""Every write of identity."""

from klantbeeld.identity.actions.decide import decide, replace, revoke
from klantbeeld.identity.actions.lock import hold_writer
from klantbeeld.identity.actions.ready import Preparer, Ready, Recipe
from klantbeeld.identity.actions.rebuild import effect_of, rebuild
from klantbeeld.identity.actions.resolve import resolve
from klantbeeld.identity.actions.train import train
from klantbeeld.identity.tables.keys import KeyRows

__all__ = [
    "KeyRows",
    "Preparer",
    "Ready",
    "Recipe",
    "decide",
    "effect_of",
    "hold_writer",
    "rebuild",
    "replace",
    "resolve",
    "revoke",
    "train",
]
