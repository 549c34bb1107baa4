"""engines/matching as the matcher of one kind of party, under one frozen model."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from klantbeeld.engines import matching
from klantbeeld.engines.matching import Model
from klantbeeld.foundation.catalogue import attributes
from klantbeeld.foundation.contracts import AttributeSpec
from klantbeeld.identity.contracts import Step
from klantbeeld.identity.ports import Features, Grouped, Matcher, Prepared, Scored, Waterfall
from klantbeeld.identity.rules.evidence_fields import SCHEMES, schema_of, values_of
from klantbeeld.identity.rules.pairs import KIND_STRIDE
from klantbeeld.sources.contracts import Kind, StoredRecord

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


class EngineMatcher:
    """One kind of party, matched by the engine."""

    def __init__(self, kind: Kind, model: Model, secret: bytes) -> None:
        self.kind, self.model, self.secret = kind, model, secret
        self.floor = float(model.thresholds.suggested)
        base = KIND_STRIDE * (PARTIES.index(kind))
        self._type_of = {template: base + number for number, template in enumerate(model.templates)}

    @property
    def specs(self) -> Mapping[str, AttributeSpec]:
        """The catalogue's attributes of this kind."""
        return attributes(self.kind.code)

    def cap(self, key_type: int) -> int:
        return CAP

    def key_label(self, key_type: int) -> str:
        return self.model.templates[key_type % KIND_STRIDE]

    def prepare(self, records: Sequence[StoredRecord]) -> list[Prepared]:
        specs, types = self.specs, self._type_of
        prepared = []
        for record in records:
            features = matching.normalise_record(values_of(record, specs), self.model.schema)
            found = matching.match_keys(features, self.model, self.secret)
            prepared.append(Prepared(features, tuple((key, types[template]) for template, key in found)))
        return prepared

    def pack(self, features: Features) -> bytes:
        return json.dumps(features, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")

    def unpack(self, packed: bytes) -> Features:
        return json.loads(packed.decode("utf-8", "surrogatepass"))

    def score(self, features: Sequence[Features], left: np.ndarray, right: np.ndarray) -> Scored:
        from klantbeeld.engines.matching.compare import prepare, score

        ready = [prepare(one, self.model) for one in features]
        links = [score(ready[a], ready[b], self.model) for a, b in zip(left.tolist(), right.tolist(), strict=True)]
        return Scored(
            np.array([link.weight for link in links]),
            np.array([link.posteriors[1] for link in links]),
            np.array([link.levels for link in links], np.uint8).reshape(len(links), -1),
        )

    def group(
        self,
        stable: Sequence[str],
        features: Sequence[Features],
        links: Sequence[tuple[int, int, float, float, bytes]],
        must: Sequence[tuple[int, int]],
        cannot: Sequence[tuple[int, int]],
    ) -> Grouped:
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
