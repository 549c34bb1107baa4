"""Values as people and systems write them to values that can be compared; Dutch first, sane for other languages.

One module per kind of value, pure functions from text to text; `record` puts them together for a schema.
"""

from klantbeeld.engines.matching.normalise.record import gather, normalise_record, plan_of

__all__ = ["gather", "normalise_record", "plan_of"]
