"""Which records are the same person or organisation: normalise, block, compare, weigh, cluster, explain.

Batch, for a table of records::

    schema = Schema.of({"first_name": "given_name", "last_name": "family_name", "dob": "birth_date"})
    resolution = resolve(table, schema)          # customer_id, suggested_id, links, households, model, report

Online, for one record against the few that share a key (each step works alone on small numbers)::

    features = normalise_record(values, schema)                 # a compact dict of JSON values: store it
    keys = match_keys(features, model)                          # [(type, 64-bit key)]: index them
    links = score_pairs(features, candidates, model)            # weights, levels, posteriors
    partition = cluster(record_keys, features, links, decisions, model)

Both give the same numbers under one `Model`. Design: a pair gets one level per field; levels have weights per latent
class (match, household, namesake, random); the weight of a pair is its prior plus the sum over fields of the log2
ratio of match against the strongest rival class (Fellegi and Sunter 1969; Winkler 1993 for EM), so a waterfall adds up.

Names are imported when first used, so that importing this package stays quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from klantbeeld.engines.matching.fields import DateOrder, Decision, Field, FieldType, Kind, Schema

if TYPE_CHECKING:
    from klantbeeld.engines.matching.clustering import Partition, cluster, households
    from klantbeeld.engines.matching.compare import Link, score_pairs
    from klantbeeld.engines.matching.explanation import Explanation, WhyNot, explain, why_not
    from klantbeeld.engines.matching.keys import match_keys
    from klantbeeld.engines.matching.metrics import Quality, quality
    from klantbeeld.engines.matching.model import Model
    from klantbeeld.engines.matching.normalise import normalise_record
    from klantbeeld.engines.matching.resolution import Resolution, resolve, train, warm

_HOME = {
    "normalise_record": "normalise",
    "match_keys": "keys",
    "score_pairs": "compare",
    "Link": "compare",
    "cluster": "clustering",
    "households": "clustering",
    "Partition": "clustering",
    "explain": "explanation",
    "why_not": "explanation",
    "Explanation": "explanation",
    "WhyNot": "explanation",
    "Model": "model",
    "quality": "metrics",
    "Quality": "metrics",
    "resolve": "resolution",
    "train": "resolution",
    "warm": "resolution",
    "Resolution": "resolution",
}

__all__ = [
    "DateOrder",
    "Decision",
    "Explanation",
    "Field",
    "FieldType",
    "Kind",
    "Link",
    "Model",
    "Partition",
    "Quality",
    "Resolution",
    "Schema",
    "WhyNot",
    "cluster",
    "explain",
    "households",
    "match_keys",
    "normalise_record",
    "quality",
    "resolve",
    "score_pairs",
    "train",
    "warm",
    "why_not",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value
