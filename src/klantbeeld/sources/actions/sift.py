"""Telling drafts that can be kept from those that cannot: one bad record never stops the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from klantbeeld.kit.errors import KlantbeeldError
from klantbeeld.kit.labels import Label
from klantbeeld.sources.actions.encode import encode
from klantbeeld.sources.contracts import Draft, Refusal
from klantbeeld.sources.rules.bsn import REFUSED

_UNKNOWN = Label(nl="dit record kan niet worden bewaard", en="this record cannot be kept")
_MESSAGES: Mapping[str, Label] = {
    "bsn.refused": REFUSED,
    "sources.external_id": Label(
        nl="het id van de bron is leeg, te lang of bevat NUL", en="the source's id is empty, too long or holds NUL"
    ),
    "sources.nul": Label(nl="bevat een NUL-teken", en="holds a NUL character"),
    "sources.surrogate": Label(nl="bevat een half teken (surrogaat)", en="holds half of a surrogate pair"),
    "sources.content": Label(nl="kan niet als JSON worden geschreven", en="cannot be written as JSON"),
    "sources.unknown_source": Label(
        nl="verwijst naar een bron die er niet is", en="refers to a source that does not exist"
    ),
    "record.invalid": Label(
        nl="past niet meer bij de kenmerken zoals ze nu zijn", en="does not fit the attributes as they are now"
    ),
}


def sift(drafts: Iterable[Draft]) -> tuple[list[Draft], list[Refusal]]:
    """Drafts that can be stored, and a refusal for each of the others."""
    good: list[Draft] = []
    refused: list[Refusal] = []
    for draft in drafts:
        try:
            encode([draft])
        except KlantbeeldError as error:
            refused.append(refusal_of(draft, error))
        else:
            good.append(draft)
    return good, refused


def refusal_of(draft: Draft, error: Exception) -> Refusal:
    """Why a draft goes to quarantine, with its row as it came; of a citizen service number nothing is kept."""
    code = error.code if isinstance(error, KlantbeeldError) else "record.unstorable"
    place = str(error.where.get("place", "")) if isinstance(error, KlantbeeldError) else ""
    return Refusal(
        position=draft.position or 0,
        reason=code,
        message=_MESSAGES.get(code, _UNKNOWN),
        column=place,
        raw=None if code == "bsn.refused" else draft.raw,
        whole=True,
    )
