"""engines/matching as the matcher of one kind of party, under one frozen model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from functools import cached_property
from typing import Any

import msgspec
import numpy as np

from klantbeeld.engines import matching
from klantbeeld.engines.matching import Model
from klantbeeld.engines.matching.compare import compare, prepare
from klantbeeld.engines.matching.estimation import joint_logs, normalise_logs
from klantbeeld.foundation.catalogue import attributes
from klantbeeld.foundation.contracts import AttributeSpec
from klantbeeld.identity.contracts import Step
from klantbeeld.identity.ports import Features, Grouped, Matcher, Prepared, Said, Scored, Waterfall
from klantbeeld.identity.rules.evidence_fields import SCHEMES, schema_of, values_of
from klantbeeld.identity.rules.pairs import KIND_STRIDE
from klantbeeld.sources.contracts import Kind

CAP = 50
"""Above so many holders a key says too little to compare them all with each other."""

PARTIES = (Kind.PERSON, Kind.ORGANISATION)

USUAL_TEMPLATES = (
    "email",
    "phone",
    "birth+family_sound",
    "birth+other_sound",
    "postcode_number+initial",
    "postcode_number+family_sound",
    "postcode_number+organisation_sound",
    "postcode+family_sound",
    "postcode+other_sound",
    "area+family_sound+initial",
    "city+family_sound+initial",
    "name_pair",
    "organisation",
    "organisation_words",
    "area+organisation_word",
)
"""Which keys the model for an empty database makes: few, because each is a row in the index for ever."""


FEW = 24
"""Fewer records or pairs than this go the plain way; the arrays of the compiled one would cost more."""

NOTHING = np.empty(0, np.int64)
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode


def _sorted_places(pairs: Sequence[tuple[int, int]], place: np.ndarray) -> list[tuple[int, int]]:
    placed = [(int(place[a]), int(place[b])) for a, b in pairs]
    return sorted((min(pair), max(pair)) for pair in placed)


class EngineMatcher:
    """One kind of party, matched by the engine."""

    def __init__(self, kind: Kind, model: Model, secret: bytes) -> None:
        self.kind, self.model, self.secret = kind, model, secret
        self.floor = float(model.thresholds.suggested)
        self.merging = float(model.thresholds.customer)
        self._generic = np.fromiter(model.generic_keys, np.int64, len(model.generic_keys))
        base = KIND_STRIDE * (PARTIES.index(kind))
        self._specs: Mapping[str, AttributeSpec] | None = None
        self._type_of = {template: base + number for number, template in enumerate(model.templates)}

    @property
    def specs(self) -> Mapping[str, AttributeSpec]:
        """The catalogue's attributes of this kind."""
        return attributes(self.kind.code) if self._specs is None else self._specs

    def frozen(self) -> EngineMatcher:
        made = copy(self)
        made._specs = attributes(self.kind.code)
        return made

    def cap(self, key_type: int) -> int:
        return CAP

    def key_label(self, key_type: int) -> str:
        return self.model.templates[key_type % KIND_STRIDE]

    def prepare(self, records: Sequence[Said]) -> Prepared:
        specs, schema = self.specs, self.model.schema
        features = [matching.normalise_record(values_of(record, specs), schema) for record in records]
        return Prepared(features, *(self._keys_each(features) if len(features) < FEW else self._keys(features)))

    def _keys_each(self, features: Sequence[Features]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Row, key and type, record by record: for a few records."""
        rows = [
            (row, key, self._type_of[template])
            for row, one in enumerate(features)
            for template, key in matching.match_keys(one, self.model, self.secret)
        ]
        table = np.array(rows, np.int64).reshape(-1, 3)
        return table[:, 0], table[:, 1], table[:, 2]

    def _keys(self, features: Sequence[Features]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The same keys, template by template."""
        from klantbeeld.engines.matching.encoding import encode_batch
        from klantbeeld.engines.matching.keys import KeyTable

        table = KeyTable(encode_batch(features), self.secret)
        rows, found, types = [NOTHING], [NOTHING], [NOTHING]
        for template in self.model.templates:
            made = table.keys(template)
            row, slot = np.nonzero(made)
            rows.append(row)
            found.append(made[row, slot].view(np.int64))
            types.append(np.full(len(row), self._type_of[template], np.int64))
        row, key, kind = np.concatenate(rows), np.concatenate(found), np.concatenate(types)
        usual = ~np.isin(key, self._generic) if len(self._generic) else np.ones(len(key), bool)
        return row[usual], key[usual], kind[usual]

    def pack(self, features: Features) -> bytes:
        return _encode(features)

    def unpack(self, packed: bytes) -> Features:
        return _decode(packed)

    def score(self, features: Sequence[Features], left: np.ndarray, right: np.ndarray) -> Scored:
        levels = self._levels_each(features, left, right) if len(left) < FEW else self._levels(features, left, right)
        joint = joint_logs(levels, self.model.log_levels, self.model.log_totals)
        # Rounded: the last bits of a share are not worth writing a link again.
        household = normalise_logs(joint)[:, 1].round(6) if len(joint) else joint[:, 1]
        return Scored(joint[:, 0] - joint[:, 1:].max(axis=1), household, levels)

    def _levels_each(self, features: Sequence[Features], left: np.ndarray, right: np.ndarray) -> np.ndarray:
        """The levels of a few pairs, in plain Python: no compiled code to load."""
        ready = [prepare(one, self.model) for one in features]
        comparisons = self.model.comparisons
        pairs = zip(left.tolist(), right.tolist(), strict=True)
        levels = [compare(ready[a], ready[b], comparisons) for a, b in pairs]
        return np.array(levels, np.uint8).reshape(len(levels), len(comparisons))

    def _levels(self, features: Sequence[Features], left: np.ndarray, right: np.ndarray) -> np.ndarray:
        """The same levels by the compiled kernel."""
        from klantbeeld.engines.matching import kernel

        rows = self._rows(features)
        # int32 as in batch: another type would be compiled anew, seconds long, in the middle of the first import.
        pairs = left.astype(np.int32), right.astype(np.int32)
        found: np.ndarray = kernel.score_levels(rows.rows, *pairs, *rows.args())
        return found

    def _rows(self, features: Sequence[Features]) -> Any:
        from klantbeeld.engines.matching.encoding import encode_batch
        from klantbeeld.engines.matching.rows import build_rows

        return build_rows(encode_batch(features), self.model.comparisons, self.model.frequencies)

    def group(
        self,
        stable: Sequence[str],
        features: Sequence[Features],
        links: Sequence[tuple[int, int, float, float, bytes]],
        must: Sequence[tuple[int, int]],
        cannot: Sequence[tuple[int, int]],
    ) -> Grouped:
        strong = [link for link in links if link[2] >= self.floor]
        if len(stable) < FEW:
            return self._group_each(stable, features, strong, must, cannot)
        from klantbeeld.engines.matching.clustering import cluster_table

        order = sorted(range(len(stable)), key=stable.__getitem__)
        place = np.empty(len(order), np.int64)
        place[order] = np.arange(len(order))
        left, right, weight = (np.array([link[column] for link in strong]) for column in range(3))
        customer, suggested = cluster_table(
            self.model,
            self._rows([features[number] for number in order]),
            place[left.astype(np.int64)],
            place[right.astype(np.int64)],
            weight.astype(float),
            _sorted_places(must, place),
            _sorted_places(cannot, place),
        )
        return Grouped(customer[place].tolist(), suggested[place].tolist())

    def _group_each(
        self,
        stable: Sequence[str],
        features: Sequence[Features],
        links: Sequence[tuple[int, int, float, float, bytes]],
        must: Sequence[tuple[int, int]],
        cannot: Sequence[tuple[int, int]],
    ) -> Grouped:
        """The same in plain Python, for a few records."""
        decisions = [(stable[a], stable[b], True) for a, b in must] + [(stable[a], stable[b], False) for a, b in cannot]
        weighed = [(stable[a], stable[b], weight) for a, b, weight, *_ in links]
        partition = matching.cluster(stable, features, weighed, decisions, self.model)
        place = {key: number for number, key in enumerate(stable)}
        return Grouped(
            [place[partition.customer[key]] for key in stable], [place[partition.suggested[key]] for key in stable]
        )

    def explain(
        self, left: Features, right: Features, groups: tuple[Sequence[Features], Sequence[Features]] | None
    ) -> Waterfall:
        told = {language: matching.explain(left, right, self.model, language) for language in ("nl", "en")}
        sentence = {language: one.sentence for language, one in told.items()}
        why_not = ""
        if groups is not None:
            for language in ("nl", "en"):
                reason = matching.why_not(
                    left, right, self.model, left_group=groups[0], right_group=groups[1], language=language
                )
                sentence[language], why_not = reason.sentence, reason.reason
        steps = tuple(
            Step(nl.comparison, nl.level, nl.left, nl.right, nl.weight,
                 {"nl": nl.label, "en": en.label}, {"nl": nl.text, "en": en.text})
            for nl, en in zip(told["nl"].steps, told["en"].steps, strict=True)
        )  # fmt: skip
        one = told["en"]
        return Waterfall(one.weight, one.prior, one.rival, one.probability, steps, one.posteriors, sentence, why_not)

    @cached_property
    def parameters(self) -> dict[str, Any]:
        """The model as JSON."""
        return self.model.to_dict()


def begin() -> dict[str, Any]:
    """Parameters of the model for an empty database, per kind: the engine's default on the catalogue as it is."""
    return {kind.code: default_model(kind).to_dict() for kind in PARTIES}


def default_model(kind: Kind, schemes: Iterable[str] = SCHEMES) -> Model:
    """The engine's default model for a kind of party, with few keys."""
    model = Model.default(schema_of(kind, attributes(kind.code), schemes))
    usual = tuple(t for t in model.templates if t in USUAL_TEMPLATES or t.startswith("ids."))
    return replace(model, templates=usual)


def load(parameters: Mapping[str, Any], secret: bytes) -> dict[int, Matcher]:
    """The matchers of a stored model, by kind."""
    return {int(kind): EngineMatcher(kind, Model.from_dict(parameters[kind.code]), secret) for kind in PARTIES}


__all__ = ["EngineMatcher", "Step", "begin", "default_model", "load"]
