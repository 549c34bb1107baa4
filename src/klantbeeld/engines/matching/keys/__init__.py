"""Match keys: two records are compared when they share one. (type, 64-bit keyed hash), online as in batch.

A template is a list of parts joined by "+", such as "family_sound+birth"; a part is a text derived from atoms. Keys are
blake2b hashes under the caller's secret, so that a table of keys betrays no values (verify a hit against the value).
Which templates are used, and which keys are too common to be used, is chosen from data and frozen in the model.

`record` makes the keys of one record, `table` those of many under a model, `working` stands in for them while the
templates of a table are chosen.
"""

from klantbeeld.engines.matching.keys.hashing import hash_text, signed
from klantbeeld.engines.matching.keys.parts import templates_for
from klantbeeld.engines.matching.keys.record import match_keys, record_keys
from klantbeeld.engines.matching.keys.table import KeyTable

__all__ = ["KeyTable", "hash_text", "match_keys", "record_keys", "signed", "templates_for"]
