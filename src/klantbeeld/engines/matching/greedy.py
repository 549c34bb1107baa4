"""The clustering kernel: strongest link first, every merge judged on all that both groups know, never chained.

Single links chain a household into one person. Here two groups merge when their *entities* match: for who somebody is
(names, birth, gender, numbers) the evidence of all cross pairs is averaged, so one conflicting record counts; for
what a person may have several of (address, phone, e-mail) the best pair counts. Decisions of people come first.

A merge is contested when a group agrees with two others that are not each other (John Smith without a birth date, at
the address of father and son John Smith): it is one of them, so each merge has the other as a rival hypothesis.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from klantbeeld.engines.matching.kernel.pairs import pair_levels

MEMBERS = 6
"""Members of a group that speak for it, the first that joined."""
RIVALS = 12
"""Links of a member that are looked at for a rival, the strongest."""
CONFLICT = -4.0
"""Groups that do not match (odds below even) are told apart when one field says this (log2) or worse."""


@njit(cache=True)
def find(parent, i):
    """The root of a group, with path halving."""
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


@njit(cache=True)
def entity_weight(rows, a, b, following, spec, averaged, log_levels, log_totals, data, start, variants, scratch):
    """log2 odds that two groups are one entity, match against the strongest rival class; and what the field says (log2
    ratio against chance) that speaks most against it, 0 when none does."""
    count = spec.shape[0]
    sums = scratch[:4, :count]
    seen = scratch[4, :count]
    best = scratch[5, :count]
    sums[:] = 0.0
    seen[:] = 0.0
    best[:] = -1e9
    levels = np.zeros(count, np.uint8)
    i, left = a, 0
    while i >= 0 and left < MEMBERS:
        j, right = b, 0
        while j >= 0 and right < MEMBERS:
            pair_levels(rows[i], rows[j], spec, data, start, variants, levels)
            for f in range(count):
                level = levels[f]
                if level == 0:
                    continue
                if averaged[f]:
                    seen[f] += 1.0
                    for c in range(4):
                        sums[c, f] += log_levels[c, f, level]
                else:
                    gain = log_levels[0, f, level] - log_levels[3, f, level]
                    if gain > best[f]:
                        best[f] = gain
                        seen[f] = 1.0
                        for c in range(4):
                            sums[c, f] = log_levels[c, f, level]
            j = following[j]
            right += 1
        i = following[i]
        left += 1
    match = log_totals[0]
    rival = -1e9
    worst = 0.0
    for f in range(count):
        if seen[f] > 0.0:
            match += sums[0, f] / seen[f]
            worst = min(worst, (sums[0, f] - sums[3, f]) / seen[f])
    for c in range(1, 4):
        total = log_totals[c]
        for f in range(count):
            if seen[f] > 0.0:
                total += sums[c, f] / seen[f]
        rival = max(rival, total)
    return match - rival, worst


@njit(cache=True, inline="never")
def _contest(a, b, least, groups, links, rows, spec, averaged, log_levels, log_totals, data, start, variants, scratch):
    """The strength (log2 odds) of the strongest rival of a merge above `least`, or `least`."""
    parent, following, _, _ = groups
    left, right, weight, near, near_start = links
    strongest = least
    for turn in range(2):
        x, y = (a, b) if turn == 0 else (b, a)
        i, spoken = x, 0
        while i >= 0 and spoken < MEMBERS:
            seen = -1
            for place in range(near_start[i], near_start[i + 1]):
                k = near[place]
                if weight[k] <= strongest or place >= near_start[i] + RIVALS:
                    break  # links of a record stand from strong to weak
                c = find(parent, left[k] if right[k] == i else right[k])
                if c in (x, y, seen):
                    continue
                seen = c
                likeness, worst = entity_weight(
                    rows, y, c, following, spec, averaged, log_levels, log_totals, data, start, variants, scratch
                )
                if likeness >= 0.0 or worst > CONFLICT:
                    continue
                strength, _ = entity_weight(
                    rows, x, c, following, spec, averaged, log_levels, log_totals, data, start, variants, scratch
                )
                strongest = max(strongest, min(strength, weight[k]))
            i = following[i]
            spoken += 1
    return strongest


@njit(cache=True)
def _forbidden(a, b, parent, following, bars, bar_start):
    """Whether a decision keeps somebody of group `a` from somebody of group `b`."""
    i = a
    while i >= 0:
        for k in range(bar_start[i], bar_start[i + 1]):
            if find(parent, bars[k]) == b:
                return True
        i = following[i]
    return False


@njit(cache=True)
def _join(a, b, parent, following, last, size):
    """Put group `b` behind group `a`; the larger one leads, of equals the one with the smaller number."""
    if size[b] > size[a] or (size[b] == size[a] and b < a):
        a, b = b, a
    parent[b] = a
    following[last[a]] = b
    last[a] = last[b]
    size[a] += size[b]


@njit(cache=True)
def start_groups(n):
    """Every record alone: parent, following, last, size."""
    return np.arange(n), np.full(n, -1, np.int64), np.arange(n), np.ones(n, np.int64)


@njit(cache=True, nogil=True)
def join_decided(groups, left, right, bars, bar_start):
    """Carry out must-links, except where a cannot-link forbids."""
    parent, following, last, size = groups
    for k in range(left.shape[0]):
        a, b = find(parent, left[k]), find(parent, right[k])
        if a != b and not _forbidden(a, b, parent, following, bars, bar_start):
            _join(a, b, parent, following, last, size)


@njit(cache=True, nogil=True)
def join_greedily(
    groups,
    links,
    strong,
    threshold,
    rows,
    spec,
    averaged,
    log_levels,
    log_totals,
    data,
    start,
    variants,
    bars,
    bar_start,
    chosen,
    component,
    moved,
    turn,
):
    """One pass over the first `strong` links in their order; gives how many merged. A pair of single records is judged
    by its link; so is a single one that agrees with a record that people put together with others (`chosen`, bool[n]):
    what those differ in says nothing against a newcomer that is like one of them, and they may be like several.

    `component`: which records are connected by links, and `moved`: the last pass in which a component saw a merge. In
    a later pass (`turn`) a component without one in the pass before would give the same answers, so it is left alone.

    `links`: left, right, weight, the places of the links of every record in a row and where each record's begin.
    """
    left, right, weight, _, _ = links
    parent, following, last, size = groups
    scratch = np.zeros((6, max(spec.shape[0], 1)))
    merged = 0
    for k in range(strong):
        if moved[component[left[k]]] < turn - 1:
            continue
        a, b = find(parent, left[k]), find(parent, right[k])
        if a == b:
            continue
        if size[a] == 1 and size[b] == 1:
            score = weight[k]
        else:
            score, _ = entity_weight(
                rows, a, b, following, spec, averaged, log_levels, log_totals, data, start, variants, scratch
            )
        vouched = (size[b] == 1 and chosen[left[k]]) or (size[a] == 1 and chosen[right[k]])
        if vouched:
            score = max(score, weight[k])
        if score < threshold:
            continue
        if bars.shape[0] and _forbidden(a, b, parent, following, bars, bar_start):
            continue
        least = score - threshold - 1.0
        rival = least
        if not vouched:
            rival = _contest(
                a, b, least, groups, links, rows, spec, averaged, log_levels, log_totals, data, start, variants, scratch
            )
        if rival > least and score - np.log2(1.0 + np.exp2(min(rival, 60.0))) < threshold:
            continue
        _join(a, b, parent, following, last, size)
        moved[component[left[k]]] = turn
        merged += 1
    return merged


@njit(cache=True)
def roots(parent):
    """The root of every record."""
    out = np.empty(parent.shape[0], np.int64)
    for i in range(parent.shape[0]):
        out[i] = find(parent, i)
    return out


@njit(cache=True)
def join_all(labels, left, right):
    """Join the groups of labels along every pair, without judging; gives new labels."""
    parent = labels.copy()
    for i in range(parent.shape[0]):
        parent[i] = labels[i]
    for k in range(left.shape[0]):
        a, b = find(parent, left[k]), find(parent, right[k])
        if a != b:
            parent[max(a, b)] = min(a, b)
    return roots(parent)
