"""Estimating a model without labels: chances of agreement from frequencies and random pairs, then EM on patterns.

Four latent classes. *Random* pairs agree by chance: their probabilities come from value frequencies and a sample of
random pairs, their number is known (all pairs), so they need no mixing weight. *Match* is learned. *Household* learns
what is shared at one address (family name, address, phone, e-mail), while names and birth dates stay those of chance;
*namesake* learns names only. Tying the rest to chance keeps every class what its name says.

EM (Dempster, Laird, Rubin 1977) runs on distinct level patterns with counts, with Dirichlet priors (`priors`).
Agreement by chance is what is left of all agreeing pairs after the other classes have had theirs: in a small file
most equal e-mail addresses belong to one person, and counting those as chance would hide the evidence.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from klantbeeld.engines.matching import kernel, priors
from klantbeeld.engines.matching.columns import Encoded
from klantbeeld.engines.matching.derived import email_domain, first_word, joined
from klantbeeld.engines.matching.frequencies import SEPARATOR, Counted, Frequencies, count_codes, edges_for, summarise
from klantbeeld.engines.matching.levels import BINNED, BINS, LEVELS, LOCAL, Comparison, Op
from klantbeeld.engines.matching.patterns import expected_levels, posteriors_of
from klantbeeld.engines.matching.rows import Rows, stem_of

CLASSES = ("match", "household", "namesake", "random")
MATCH, HOUSEHOLD, NAMESAKE, RANDOM = range(4)
LEVEL_COUNT = 16

_LEARNED = {
    HOUSEHOLD: frozenset({Op.GENERATION, Op.FAMILY, Op.ADDRESS, Op.PHONE, Op.EMAIL, Op.GENDER}),
    NAMESAKE: frozenset({Op.GIVEN, Op.FAMILY, Op.ORGANISATION, Op.GENDER, Op.EMAIL}),
}


PRIOR_PAIRS = 60.0
"""How many observed pairs the prior of one class and comparison weighs."""


def _is_learned(c: int, comparison: Comparison) -> bool:
    """Whether a class has shares of its own for this comparison; else it has those of chance."""
    return c == MATCH or comparison.op in _LEARNED[c] or (c == NAMESAKE and priors.of_a_brand(comparison))


def count_values(encoded: Encoded, comparisons: tuple[Comparison, ...]) -> tuple[Frequencies, dict[str, Counted]]:
    """Count the values of every comparison with frequencies: what a model keeps, and what training needs."""
    frequencies = Frequencies()
    counted: dict[str, Counted] = {}
    pool = encoded.pool
    for comparison in comparisons:
        if comparison.op not in BINNED:
            continue
        name, local = comparison.name, comparison.op in LOCAL
        if comparison.op is Op.ADDRESS:
            packed, counts = _address_counts(encoded)
            total = int(counts.sum())
            some = counts > edges_for(total, local)[0]
            found = [pool.texts[p >> 32] + SEPARATOR + pool.texts[p & 0xFFFFFFFF] for p in packed[some].tolist()]
            frequencies.keep(name, zip(found, counts[some].tolist(), strict=True), total, local)
        else:
            codes = _codes(encoded, comparison)
            counts = _keep(frequencies, name, codes, encoded, local)
            if comparison.op is Op.EMAIL:
                _keep(frequencies, "email.domain", [pool.derive(c, email_domain) for c in codes], encoded, False)
        counted[name] = summarise(counts, frequencies.totals[name], encoded.n, frequencies.edges[name])
    return frequencies, counted


def _keep(frequencies: Frequencies, name: str, codes: list[np.ndarray], encoded: Encoded, local: bool) -> np.ndarray:
    """Count codes, keep the common ones, give all counts."""
    texts = encoded.pool.texts
    counts = count_codes(codes, len(texts))
    total = int(counts.sum())
    common = np.flatnonzero(counts > edges_for(total, local)[0])
    frequencies.keep(name, ((texts[c], int(counts[c])) for c in common.tolist()), total, local)
    return counts


def _codes(encoded: Encoded, comparison: Comparison) -> list[np.ndarray]:
    pool = encoded.pool
    if comparison.op is Op.GIVEN:
        return [pool.derive(encoded.of("given"), first_word)]
    if comparison.op is Op.FAMILY:
        return [encoded.of("family")]
    if comparison.op is Op.BIRTH:
        return [encoded.of("birth")]
    if comparison.op is Op.ORGANISATION:
        return [pool.derive(encoded.of(a), joined) for a in ("organisation", *encoded.slots("aliases"))]
    return [encoded.atoms[s] for s in encoded.slots(stem_of(comparison))]


def _address_counts(encoded: Encoded) -> tuple[np.ndarray, np.ndarray]:
    packed = [np.zeros(0, np.int64)]
    for slot in sorted({a.split(".")[1] for a in encoded.atoms if a.startswith("addresses.")}):
        code, number = encoded.of(f"addresses.{slot}.postcode"), encoded.of(f"addresses.{slot}.number")
        some = (code >= 0) & (number >= 0)
        packed.append((code[some].astype(np.int64) << 32) | number[some])
    values, counts = np.unique(np.concatenate(packed), return_counts=True)
    return values, counts


@dataclass(slots=True)
class Chance:
    """Levels of random pairs: probabilities[comparison, level] given that both values are present."""

    probabilities: np.ndarray
    shares: list[np.ndarray]


def chance_of(
    encoded: Encoded,
    rows: Rows,
    comparisons: tuple[Comparison, ...],
    counted: dict[str, Counted],
    seed: int,
    sample: int = 300_000,
) -> Chance:
    """Probability of every level for two random records: sampled, but for equal values exactly from their counts."""
    rng = np.random.default_rng(seed)
    n = encoded.n
    left, right = rng.integers(0, n, sample), rng.integers(0, n, sample)
    fine = (left != right) & (rows.rows[left, kernel.KIND] == rows.rows[right, kernel.KIND])
    left, right = left[fine].astype(np.int32), right[fine].astype(np.int32)
    levels = kernel.score_levels(rows.rows, left, right, *rows.args())
    out = np.zeros((len(comparisons), LEVEL_COUNT))
    shares: list[np.ndarray] = []
    for f, comparison in enumerate(comparisons):
        counts = np.bincount(levels[:, f], minlength=LEVEL_COUNT).astype(float)[:LEVEL_COUNT]
        present = max(counts[1:].sum(), 1.0)
        count = len(LEVELS[comparison.op])
        spread = np.full(BINS, 1.0 / BINS)
        belief = priors.levels_of(comparison.op, priors.RANDOM[comparison.op], spread)
        found = np.zeros(LEVEL_COUNT)
        found[1:count] = (counts[1:count] + 2.0 * belief[1:count]) / (present + 2.0)
        if comparison.name in counted:
            shares.append(_put_exact(found, comparison, counted[comparison.name], present / max(len(left), 1)))
        else:
            shares.append(spread)
        out[f, 1:count] = np.maximum(found[1:count], 1e-9)
        out[f, BINS + 1 : count] = np.maximum(out[f, BINS + 1 : count], 0.02 * belief[BINS + 1 : count])
        out[f] /= out[f].sum()
    return Chance(out, shares)


def _put_exact(found: np.ndarray, comparison: Comparison, counted: Counted, present: float) -> np.ndarray:
    """Replace the sampled chance of equal values by the counted one; give the share of records per class."""
    scale = counted.filled**2 / max(present, counted.filled**2, 1e-9)
    exact = counted.chance_equal * scale
    if (
        comparison.op is Op.PHONE
    ):  # which of the equal numbers are fixed lines is in the sample of nobody: half and half
        found[6] = max(exact[:2].sum() / 2, 1e-9)
        found[7] = max(exact[2:].sum() / 2, 1e-9)
        exact = exact / 2
    found[1 : BINS + 1] = np.maximum(exact, 1e-10)
    share = counted.share + 1e-4
    return share / share.sum()


@dataclass(slots=True)
class Estimate:
    """What EM found: log2 probabilities[class, comparison, level] and log2 expected pairs[class]; responsibilities."""

    log_levels: np.ndarray
    log_totals: np.ndarray
    posteriors: np.ndarray
    iterations: int
    converged: bool


def start_tables(comparisons: tuple[Comparison, ...], chance: Chance) -> np.ndarray:
    """Prior probabilities[class, comparison, level] of the four classes."""
    tables = np.zeros((4, len(comparisons), LEVEL_COUNT))
    for f, comparison in enumerate(comparisons):
        random = chance.probabilities[f]
        equal = random[1 : BINS + 1] / max(random[1 : BINS + 1].sum(), 1e-12)
        tables[:, f] = priors.class_tables(comparison, random, chance.shares[f], equal)
    return tables


def learn(
    patterns: np.ndarray,
    counts: np.ndarray,
    comparisons: tuple[Comparison, ...],
    chance: Chance,
    records: int,
    iterations: int = 200,
) -> Estimate:
    """Run EM on patterns uint8[patterns, comparisons] with counts; `records` sets the number of random pairs."""
    prior = start_tables(comparisons, chance)
    tables = prior.copy()
    all_pairs = max(records * (records - 1) / 2.0, 1.0)
    totals = np.array([0.3 * records, 0.2 * records, 0.1 * records, all_pairs])
    if not any(c.op in (Op.ADDRESS, Op.PHONE, Op.EMAIL) for c in comparisons):
        totals[HOUSEHOLD] = 0.0
    if not ({Op.GIVEN, Op.FAMILY} <= {c.op for c in comparisons} or any(c.op is Op.ORGANISATION for c in comparisons)):
        totals[NAMESAKE] = 0.0
    weight = counts.astype(float)
    patterns = np.ascontiguousarray(patterns)
    posteriors = np.zeros((len(patterns), 4))
    change, done = np.inf, 0
    while change >= 1e-4 and done < iterations:
        done += 1
        posteriors_of(patterns, _log2(tables), _log2(totals), posteriors)
        expected = posteriors * weight[:, None]
        before = totals.copy()
        totals[:RANDOM] = np.where(totals[:RANDOM] > 0, expected[:, :RANDOM].sum(axis=0) + 1e-3, 0.0)
        _maximise(tables, prior, patterns, expected, comparisons, all_pairs, chance.shares)
        change = float(np.abs(totals - before)[:RANDOM].sum() / max(before[:RANDOM].sum(), 1.0))
    joint = joint_logs(patterns, _log2(tables), _log2(totals))
    return Estimate(blank(_log2(tables), comparisons), _log2(totals), normalise_logs(joint), done, change < 1e-4)


def blank(log_levels: np.ndarray, comparisons: tuple[Comparison, ...]) -> np.ndarray:
    """The same tables with 0 for "missing", which is no evidence, and for places beyond the levels."""
    log_levels[:, :, 0] = 0.0
    for f, comparison in enumerate(comparisons):
        log_levels[:, f, len(comparison.levels) :] = 0.0
    return log_levels


def _maximise(
    tables: np.ndarray,
    prior: np.ndarray,
    patterns: np.ndarray,
    expected: np.ndarray,
    comparisons: tuple[Comparison, ...],
    all_pairs: float,
    share: list[np.ndarray],
) -> None:
    """The M step: new level tables from expected counts."""
    met = np.zeros((3, len(comparisons), LEVEL_COUNT))
    expected_levels(patterns, expected, met)
    for f, comparison in enumerate(comparisons):
        count = len(comparison.levels)
        seen = met[:, f]
        for c in range(3):
            if not _is_learned(c, comparison):
                continue
            found = seen[c].copy()
            found[0] = 0.0
            found += PRIOR_PAIRS * prior[c, f]
            tables[c, f, 1:count] = found[1:count] / found[1:count].sum()
        # Chance is what is left of all agreeing pairs.
        mass = met[:, f].sum()
        present = float(met[:, f, 1:].sum() / mass) if mass > 0 else 1.0
        whole = prior[RANDOM, f] * all_pairs * present
        taken = seen[MATCH] + seen[HOUSEHOLD] + seen[NAMESAKE]
        left = np.maximum(whole - taken, 0.02 * whole)
        left[0] = 0.0
        if left.sum() > 0:
            tables[RANDOM, f, 1:count] = left[1:count] / left[1:count].sum()
        for c in (HOUSEHOLD, NAMESAKE):
            if not _is_learned(c, comparison):
                tables[c, f] = tables[RANDOM, f]
        tables[HOUSEHOLD, f] = priors.with_kin(comparison.op, tables[HOUSEHOLD, f], share[f])


def joint_logs(patterns: np.ndarray, log_levels: np.ndarray, log_totals: np.ndarray) -> np.ndarray:
    """log2 expected pairs[pattern, class], summed in the order of the comparisons."""
    joint = np.repeat(log_totals[None, :], len(patterns), axis=0)
    for f in range(patterns.shape[1]):
        joint = joint + log_levels[:, f, :][:, patterns[:, f]].T
    return joint


def _log2(values: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore"):
        logs = np.log2(values)
    logs = np.where(np.isfinite(logs), logs, -1000.0)
    if logs.ndim == 3:
        logs[:, :, 0] = 0.0  # missing is no evidence
    return logs


def normalise_logs(joint: np.ndarray) -> np.ndarray:
    """Shares per class from log2 of expected pairs; rows sum to 1."""
    powers = np.exp2(joint - joint.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
