"""Baskets: how many lines an order or a receipt has, what is in them, what it costs and what is left."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from klantbeeld.demo.dice import Dice, Ints, Texts, Weights, by_rank, texts
from klantbeeld.demo.tables import business
from klantbeeld.demo.world.calendar import TODAY

MOST_LINES = 4
_LINES = Weights([0.52, 0.26, 0.14, 0.08])
_DAY = 86_400


@cache
def _stock() -> tuple[Texts, Texts, Ints, Ints, Weights]:
    rows = business.articles()
    return (
        texts([row.sku for row in rows]),
        texts([row.title for row in rows]),
        np.asarray([row.price_cents for row in rows], dtype=np.int64),
        np.asarray([row.cost_cents for row in rows], dtype=np.int64),
        Weights(by_rank(len(rows), 15.0)),
    )


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of baskets in columns; amounts in cents; `basket` is the row of the basket in what was asked."""

    basket: Ints
    place: Ints
    sku: Texts
    title: Texts
    quantity: Ints
    price: Ints
    cost: Ints


def line_counts(dice: Dice, baskets: Ints) -> Ints:
    """Give the number of lines per basket, 1 to 4."""
    return 1 + dice.choose("lines", baskets, _LINES)


def lines(dice: Dice, baskets: Ints) -> Lines:
    """Give the lines of baskets, in the order of the baskets asked."""
    counts = line_counts(dice, baskets)
    basket = np.repeat(np.arange(len(baskets), dtype=np.int64), counts)
    place = np.arange(len(basket), dtype=np.int64) - np.repeat(np.cumsum(counts) - counts, counts)
    return lines_at(dice, baskets[basket], place, basket)


def lines_at(dice: Dice, baskets: Ints, place: Ints, basket: Ints) -> Lines:
    """Give one line per (basket number, place in it); a fifth of the lines was bought at a discount."""
    sku, title, price, cost, weights = _stock()
    line = baskets * MOST_LINES + place
    article = dice.choose("article", line, weights)
    discount = np.where(dice.chance("discount", line, 0.2), 5 * (1 + dice.below("how much", line, 8)), 0)
    return Lines(
        basket=basket, place=place, sku=sku[article], title=title[article],
        quantity=1 + dice.choose("quantity", line, Weights([0.86, 0.1, 0.03, 0.01])),
        price=price[article] * (100 - discount) // 100, cost=cost[article],
    )  # fmt: skip


def totals(found: Lines, baskets: int) -> tuple[Ints, Ints]:
    """Add up price and cost per basket, in cents."""
    price, cost = np.zeros(baskets, dtype=np.int64), np.zeros(baskets, dtype=np.int64)
    np.add.at(price, found.basket, found.quantity * found.price)
    np.add.at(cost, found.basket, found.quantity * found.cost)
    return price, cost


def spread(dice: Dice, created: Ints, weights: Weights, extra: int = 0) -> tuple[Ints, Ints]:
    """Spread events over customers: (customer row, moment in seconds) sorted by moment.

    `weights` are those of 0, 1, 2 ... events per customer; `extra` events have no customer (row -1).
    """
    rows = np.arange(len(created), dtype=np.int64)
    owner = np.concatenate(
        [np.repeat(rows, dice.choose("how many", rows, weights)), np.full(extra, -1, dtype=np.int64)]
    )
    event = np.arange(len(owner), dtype=np.int64)
    begin = np.where(owner >= 0, created[owner], (TODAY - 900) * _DAY) if len(created) else event
    begin_day = begin // _DAY
    day = begin_day + (dice.share("when", event) * (TODAY - begin_day)).astype(np.int64)
    moment = np.maximum(day * _DAY + 8 * 3600 + dice.below("clock", event, 13 * 3600), begin)
    order = np.lexsort((event, moment))
    return owner[order], moment[order]
