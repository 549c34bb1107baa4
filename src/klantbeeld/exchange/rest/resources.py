"""The resources of the API. Fixed addresses (`/customers/find`) go before those with an id in the same place."""

from __future__ import annotations

from importlib import import_module

from ninja import Router

_MODULES = {
    "customers": ("finding", "listing", "merges", "explanations", "moments", "customers", "holdings", "neighbours"),
    "changes": ("changes",),
    "records": ("one_record", "records", "jobs"),
    "sources": ("sources",),
    "catalogue": ("catalogue",),
    "reviews": ("reviews.figures", "reviews.queue", "reviews.deeds"),
    "lifecycle": ("lifecycle",),
    "health": ("health",),
}

#: (tag, router) pairs.
ROUTERS: tuple[tuple[str, Router], ...] = tuple(
    (tag, import_module(f"klantbeeld.exchange.rest.{module}").router)
    for tag, modules in _MODULES.items()
    for module in modules
)
