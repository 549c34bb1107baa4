"""The batch road: a table in, customers out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from klantbeeld.engines.matching import blocking, estimation, kernel
from klantbeeld.engines.matching.clustering import cluster_table
from klantbeeld.engines.matching.columns import Encoded, encode, with_date_order
from klantbeeld.engines.matching.copies import Copies, find_copies, without_copies
from klantbeeld.engines.matching.fields import DateOrder, Decision, Schema, decided
from klantbeeld.engines.matching.frequencies import Frequencies
from klantbeeld.engines.matching.keys import KeyTable, templates_for
from klantbeeld.engines.matching.keys.hashing import MASK
from klantbeeld.engines.matching.keys.working import WorkingKeys
from klantbeeld.engines.matching.levels import LOCAL
from klantbeeld.engines.matching.model import Model, Thresholds
from klantbeeld.engines.matching.normalise import normalise_record
from klantbeeld.engines.matching.ordering import key_order
from klantbeeld.engines.matching.outcome import (
    Pairs,
    households_of,
    in_row_order,
    labels_of_rows,
    links_table,
    record_weights,
    report_of,
)
from klantbeeld.engines.matching.patterns import patterns_of
from klantbeeld.engines.matching.rows import Rows, build_rows, comparisons_for
from klantbeeld.engines.matching.selection import budget_of, choose_templates
from klantbeeld.engines.matching.thresholds import (
    Weighed,
    calibration_points,
    customer_threshold,
    may_be_kin,
    uncut_threshold,
)

Progress = Callable[[str, float], None]
"""Called with the name of a phase and the share done, 0..1."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """What `resolve` found.

    `customer_id`, `suggested_id`, `household_id`: int64[n], one number per row of the table; rows with the same number
    belong together and the number is the smallest row number (from 0) of the group. `customer_id` is what may be merged
    without a person looking (precision first) and refines `suggested_id` (F1 first).
    `weight`: float64[n], the strongest link (log2 odds) that holds the row in its customer; NaN for a row alone.
    `links`: one row per pair worth keeping: left, right (row numbers, left < right), weight (log2 odds),
    probability (calibrated, 0..1), class (match | household | namesake | random), class_match ... class_random
    (posteriors, sum 1), levels (struct: one name of a level per comparison, null when a value is missing).
    `model`: frozen; give it to the online steps. `report`: figures as JSON values.
    """

    customer_id: np.ndarray
    suggested_id: np.ndarray
    household_id: np.ndarray
    weight: np.ndarray
    links: pa.Table
    model: Model
    report: dict[str, Any]
    _features: Callable[[int], dict[str, Any]] = field(repr=False)

    def features(self, row: int) -> dict[str, Any]:
        """The normalised features of one row, the same as `normalise_record` gives."""
        return self._features(row)


FEWEST = 300
"""Tables with fewer records are resolved by the default model: general experience beats what so few can teach."""


class _Watch:
    """Tells progress and keeps the seconds of every phase."""

    def __init__(self, progress: Progress | None) -> None:
        self.progress = progress
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def done(self, phase: str, share: float) -> None:
        now = time.perf_counter()
        self.seconds[phase] = round(now - self._last, 3)
        self._last = now
        if self.progress:
            self.progress(phase, share)


def resolve(
    table: pa.Table,
    schema: Schema,
    *,
    decisions: Iterable[Decision | tuple[str, str, bool]] = (),
    model: Model | None = None,
    precision: float = 0.99,
    key: bytes = b"",
    seed: int = 1,
    progress: Progress | None = None,
) -> Resolution:
    """Find which rows of a table are the same person or organisation.

    `table`: any Arrow table with the columns of `schema`; values of other types than text are turned into text.
    `decisions`: must-link and cannot-link by record key. `model`: score with this one instead of training.
    `precision`: wanted precision of `customer_id`, 0..1. `key`: secret of the match keys. Deterministic for a seed.
    Raises KeyError for a missing column, ValueError for record keys that are not unique.
    """
    watch = _Watch(progress)
    if model is not None and schema.date_order is DateOrder.OPEN:
        schema = replace(schema, date_order=model.schema.date_order)
    schema = with_date_order(table, schema)
    order = key_order(table, schema)
    encoded = encode(table, schema, order)
    watch.done("normalise", 0.2)
    copies = find_copies(encoded)
    speaking = without_copies(encoded, copies)
    if model is None:
        model, rows, pairs = _trained(speaking, schema, precision, key, seed, watch)
    else:
        rows, pairs = _scored(speaking, model, key, watch)
    if copies is not None:
        rows, pairs = _with_copies(encoded, copies, model, pairs)
    joint = estimation.joint_logs(pairs.patterns, model.log_levels, model.log_totals)
    weight = (joint[:, 0] - joint[:, 1:].max(axis=1))[pairs.inverse]
    posteriors = estimation.normalise_logs(joint)
    places = _places(decided(decisions), table, schema, order)
    strong = weight >= model.thresholds.suggested
    customer, suggested = cluster_table(
        model,
        rows,
        pairs.left[strong],
        pairs.right[strong],
        weight[strong],
        [(i, j) for i, j, together in places if together],
        [(i, j) for i, j, together in places if not together],
    )
    watch.done("cluster", 0.9)
    household = households_of(suggested, pairs, posteriors)
    kept = (weight >= model.thresholds.link) | (posteriors[pairs.inverse, 1] >= 0.5)
    links = links_table(model, pairs, weight, posteriors, kept, order)
    record_weight = record_weights(customer, pairs, weight)
    watch.done("links", 1.0)
    report = report_of(model, encoded, pairs, weight, customer, suggested, watch.seconds)
    source = table.select([f.name for f in schema.fields] + ([schema.source] if schema.source else []))
    return Resolution(
        labels_of_rows(customer, order),
        labels_of_rows(suggested, order),
        labels_of_rows(household, order),
        in_row_order(record_weight, order),
        links,
        model,
        report,
        lambda row: normalise_record(source.slice(row, 1).to_pylist()[0], schema),
    )


def train(
    table: pa.Table,
    schema: Schema,
    *,
    precision: float = 0.99,
    key: bytes = b"",
    seed: int = 1,
    progress: Progress | None = None,
) -> Model:
    """Estimate a model from a table, without labels (see `estimation`)."""
    watch = _Watch(progress)
    schema = with_date_order(table, schema)
    encoded = encode(table, schema, key_order(table, schema))
    return _trained(without_copies(encoded, find_copies(encoded)), schema, precision, key, seed, watch)[0]


def _trained(
    encoded: Encoded, schema: Schema, precision: float, key: bytes, seed: int, watch: _Watch
) -> tuple[Model, Rows, Pairs]:
    if encoded.n < FEWEST:
        return _untrained(encoded, schema, precision, key, watch)
    comparisons = comparisons_for(list(encoded.atoms))
    frequencies, counted = estimation.count_values(encoded, comparisons)
    rows = build_rows(encoded, comparisons, frequencies)
    watch.done("rows", 0.3)
    chance = estimation.chance_of(encoded, rows, comparisons, counted, seed)
    keys = WorkingKeys(encoded)
    choice = choose_templates(keys, templates_for(list(encoded.atoms)), rows, comparisons, chance, seed)
    watch.done("keys", 0.4)
    generic: set[int] = set()
    pairs = _candidates(_laid(keys, choice.templates, encoded.n, key, generic), rows)
    watch.done("score", 0.65)
    estimate = estimation.learn(
        np.concatenate([pairs.patterns, choice.levels]),
        np.concatenate([pairs.counts, choice.weights]),
        comparisons,
        chance,
        encoded.n,
    )
    model = Model(
        schema,
        comparisons,
        estimate.log_levels,
        estimate.log_totals,
        frequencies,
        tuple(choice.templates),
        frozenset(generic),
        Thresholds(8.0, precision=precision),
        records=encoded.n,
        seed=seed,
        notes={"iterations": estimate.iterations, "converged": estimate.converged},
    )
    links = _second_opinion(model, rows, pairs)
    customer, expected = customer_threshold(links, precision)
    model = replace(
        model,
        calibration=calibration_points(links),
        thresholds=replace(model.thresholds, customer=customer, expected=expected),
    )
    watch.done("learn", 0.75)
    return model, rows, pairs


def _untrained(
    encoded: Encoded, schema: Schema, precision: float, key: bytes, watch: _Watch
) -> tuple[Model, Rows, Pairs]:
    """Too few records to learn from: the default model, with the counts of values that are shared in this table."""
    model = Model.default(schema)
    found, _ = estimation.count_values(encoded, model.comparisons)
    local = [c.name for c in model.comparisons if c.op in LOCAL and c.name in found.values]
    frequencies = Frequencies(
        {**model.frequencies.totals, **{n: found.totals[n] for n in local}},
        {**model.frequencies.values, **{n: found.values[n] for n in local}},
        {**model.frequencies.edges, **{n: found.edges[n] for n in local}},
    )
    limits = replace(model.thresholds, precision=precision)
    every = templates_for(list(encoded.atoms))
    model = replace(model, frequencies=frequencies, thresholds=limits, templates=every, notes={"trained": False})
    rows, pairs = _scored(encoded, model, key, watch)
    customer = uncut_threshold(_second_opinion(model, rows, pairs), precision, limits.customer)
    return replace(model, thresholds=replace(limits, customer=customer)), rows, pairs


def _second_opinion(model: Model, rows: Rows, pairs: Pairs) -> Weighed:
    """What the mixture says of every pattern, and how many of its links clustering did not follow."""
    joint = estimation.joint_logs(pairs.patterns, model.log_levels, model.log_totals)
    weights = joint[:, 0] - joint[:, 1:].max(axis=1)
    least = model.thresholds.suggested
    strong = np.flatnonzero((weights >= least)[pairs.inverse])
    left, right, which = pairs.left[strong], pairs.right[strong], pairs.inverse[strong]
    judge = model.with_thresholds(customer=least)
    groups, _ = cluster_table(judge, rows, left, right, weights[which], [], [])
    cuts = np.bincount(which[groups[left] != groups[right]], minlength=len(weights))
    matches = estimation.normalise_logs(joint)[:, 0]
    matches = np.where(may_be_kin(pairs.patterns, model.comparisons, model.schema), np.minimum(matches, 0.5), matches)
    return Weighed(weights, matches, pairs.counts, cuts)


def _scored(encoded: Encoded, model: Model, key: bytes, watch: _Watch) -> tuple[Rows, Pairs]:
    rows = build_rows(encoded, model.comparisons, model.frequencies)
    watch.done("rows", 0.3)
    keys = KeyTable(encoded, key)
    generic = np.array(sorted(k & MASK for k in model.generic_keys), np.uint64)
    blocks = [blocking.lay_frozen(t, keys.keys(t), generic) for t in model.templates]
    watch.done("keys", 0.45)
    pairs = _candidates(blocks, rows)
    watch.done("score", 0.75)
    return rows, pairs


def _laid(
    keys: WorkingKeys, templates: list[str], n: int, secret: bytes, generic: set[int]
) -> Iterator[blocking.Block]:
    """Lay the chosen templates one by one over the whole table, and collect the keys that are too common."""
    for template in templates:
        block = blocking.lay_block(template, keys.keys(template), budget_of(n))
        generic |= keys.true_keys(template, block.generic, block.holders, secret)
        yield block
    keys.forget()


def _candidates(blocks: Iterable[blocking.Block], rows: Rows) -> Pairs:
    found = blocking.candidate_pairs(blocks, rows.rows[:, kernel.KIND].copy())
    levels = kernel.score_levels(rows.rows, found.left, found.right, *rows.args())
    patterns, inverse, counts = patterns_of(levels)
    return Pairs(found.left, found.right, inverse, patterns, counts, found.found_by)


def _with_copies(encoded: Encoded, copies: Copies, model: Model, pairs: Pairs) -> tuple[Rows, Pairs]:
    """The rows and pairs of all records: every copy is held against the one that spoke for it."""
    rows = build_rows(encoded, model.comparisons, model.frequencies)
    first, copy = copies.first.astype(np.int32), copies.copy.astype(np.int32)
    own = kernel.score_levels(rows.rows, first, copy, *rows.args())
    patterns, inverse, counts = patterns_of(np.concatenate([pairs.patterns[pairs.inverse], own]))
    kept = copies.kept.astype(np.int32)
    left, right = np.concatenate([kept[pairs.left], first]), np.concatenate([kept[pairs.right], copy])
    return rows, Pairs(left, right, inverse, patterns, counts, pairs.found_by)


def _places(
    decisions: tuple[Decision, ...], table: pa.Table, schema: Schema, order: np.ndarray
) -> list[tuple[int, int, bool]]:
    """Decisions about records that are in the table, as places in key order."""
    if not decisions:
        return []
    keys = pc.cast(table.column(schema.record_key), pa.string()).to_pylist() if schema.record_key else None
    place = {keys[row] if keys else str(row): i for i, row in enumerate(order.tolist())}
    known = [d for d in decisions if d.left in place and d.right in place]
    return [(place[d.left], place[d.right], d.together) for d in known]


def warm() -> None:
    """Compile the kernels and fill numba's cache, so that the first pair is scored at full speed.

    Goes both roads over an invented table: learning, and scoring with the model that was learned.
    """
    schema = Schema.of({"given": "given_name", "family": "family_name", "birth": "birth_date", "mail": "email"})
    people = [(f"Naam{chr(97 + i % 26)}{chr(97 + i // 26)}", 1950 + i % 50) for i in range(FEWEST)]
    rows = [
        {"given": name[:5], "family": name, "birth": f"{year}-02-03", "mail": f"{name}@example.nl".lower()}
        for name, year in people
        for _ in range(2)
    ]
    table = pa.Table.from_pylist(rows)
    resolve(table, schema, model=resolve(table, schema).model)
