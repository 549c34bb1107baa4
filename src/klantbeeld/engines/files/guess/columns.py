"""What every column of a table means: the name proposes, the values confirm, contradict or decide alone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from klantbeeld.engines.files.guess.headers import ADDRESS_PARTS, LIKE_AN_ID, HeaderMeaning, read_header, words_of
from klantbeeld.engines.files.guess.values import Profile, birth_like, profile

# Which form the values of a type must have, and for which share at least; types that are not here accept anything.
NEEDED: dict[str, tuple[str, float]] = {
    "given_name": ("letters", 0.5),
    "middle_name": ("letters", 0.5),
    "family_name": ("letters", 0.5),
    "full_name": ("letters", 0.5),
    "partner_name": ("letters", 0.5),
    "organisation_name": ("letters", 0.3),
    "name_prefix": ("prefix", 0.5),
    "initials": ("initials", 0.4),
    "birth_date": ("date", 0.4),
    "updated_at": ("date", 0.5),
    "birth_year": ("year", 0.6),
    "birth_month": ("month", 0.6),
    "birth_day": ("day", 0.6),
    "gender": ("gender", 0.6),
    "house_number": ("digit", 0.6),
    "postcode": ("digit", 0.6),
    "city": ("letters", 0.5),
    "country": ("letters", 0.5),
    "phone": ("phone", 0.4),
    "email": ("email", 0.4),
    "website": ("website", 0.4),
    "kvk": ("digit", 0.6),
    "record_kind": ("kind", 0.95),
}
# Found by the values alone, in this order: type, form, share at least.
BY_VALUE: tuple[tuple[str, str, float], ...] = (
    ("email", "email", 0.8),
    ("iban", "iban", 0.9),
    ("postcode", "postcode_nl", 0.8),
    ("name_prefix", "prefix", 0.9),
    ("initials", "initials_dotted", 0.85),
)
# Without a header these too: there is nothing else to go by.
BY_VALUE_HEADERLESS: tuple[tuple[str, str, float], ...] = (
    ("gender", "gender", 0.97),
    ("phone", "phone", 0.85),
    ("organisation_name", "organisation", 0.5),
    ("street", "street", 0.5),
    ("city", "city", 0.25),
    ("given_name", "given", 0.2),
    ("family_name", "family", 0.12),
    ("postcode", "postcode", 0.95),
    ("house_number", "house_number", 0.97),
)
UNSURE = frozenset({"identifier", "record_id", "postcode", "phone"})  # types that nine digits may be mistaken for
SOURCES = 50  # a column that names more systems than this is about something else
REPEATABLE = frozenset(
    {
        "phone",
        "email",
        "identifier",
        "category",
        "text",
        "given_name",
        "family_name",
        "organisation_name",
        "website",
    }
)
MEANING_OF_REASON: dict[str, dict[str, str]] = {
    "name": {"en": "by its name", "nl": "door de naam"},
    "values": {"en": "by its values", "nl": "door de waarden"},
    "both": {"en": "by its name and values", "nl": "door naam en waarden"},
    "empty": {"en": "by its name; no values in the sample", "nl": "door de naam; geen waarden in de steekproef"},
    "unknown": {"en": "not recognised", "nl": "niet herkend"},
    "contradicted": {
        "en": "named like a {type}, but the values are not",
        "nl": "heet als een {type}, maar de waarden niet",
    },
    "not_unique": {"en": "named like an id, but not unique", "nl": "heet als een id, maar is niet uniek"},
    "second_id": {"en": "another id is used", "nl": "een ander id wordt gebruikt"},
    "forbidden": {
        "en": "a citizen service number (BSN) may not be used without a legal ground",
        "nl": "een burgerservicenummer mag niet zonder wettelijke grondslag worden gebruikt",
    },
    "parts": {"en": "its parts are there in other columns", "nl": "de delen staan in andere kolommen"},
    "second": {"en": "another column has this meaning", "nl": "een andere kolom heeft deze betekenis"},
}


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """What one column seems to mean.

    `type` is a field type of the matching engine, or `record_id`, `source` or `updated_at`. `score` 0..1: how sure.
    `reason` is a key of MEANING_OF_REASON; `contradicted` is the type that the name promised.
    """

    column: str
    type: str
    score: float
    reason: str
    examples: tuple[str, ...] = ()
    filled: float = 0.0
    scheme: str = ""
    group: str = ""
    contradicted: str = ""

    def sentence(self, language: str) -> str:
        """Say why, in "en" or "nl"."""
        return MEANING_OF_REASON[self.reason][language].format(type=self.contradicted)


def guess_columns(sample: pa.Table, *, header: bool = True) -> list[ColumnGuess]:
    """Guess the meaning of every column from its name and a sample of its values (text), in the order of the table."""
    profiles = [profile(column.to_pylist()) for column in sample.columns]
    guesses = [
        _guess(name, read_header(name) if header else None, found, column, header)
        for name, found, column in zip(sample.column_names, profiles, sample.columns, strict=True)
    ]
    guesses = _organisation_names(_one_record_id(guesses, profiles))
    guesses = _names_in_context(guesses, sample)
    guesses = _addresses_in_context(guesses, profiles, sample)
    return _one_of_each(guesses, sample)


def _guess(
    name: str, meaning: HeaderMeaning | None, found: Profile, column: pa.ChunkedArray, header: bool
) -> ColumnGuess:
    base = ColumnGuess(name, "ignore", 0.0, "unknown", found.examples, found.filled)
    # One random number in eleven passes the test, so a column that passes as a whole is what it looks like.
    secret = found.shares["bsn"] > 0.9 and found.distinct > 5 and (meaning is None or meaning.type in UNSURE)
    if secret or (meaning and meaning.type == "forbidden"):
        return replace(base, reason="forbidden", score=1.0)
    if meaning and found.filled == 0:
        type_ = "ignore" if meaning.type == "record_id" else meaning.type
        return replace(
            base, type=type_, score=meaning.score, reason="empty", scheme=meaning.scheme, group=meaning.group
        )
    if meaning and meaning.type == "full_name" and found.shares["organisation"] > 0.5:
        meaning = replace(meaning, type="organisation_name")
    if meaning and meaning.type == "source" and not (found.distinct <= SOURCES and found.filled > 0.95):
        return base
    if meaning:
        form, least = NEEDED.get(meaning.type, ("", 0.0))
        if not form or found.shares[form] >= least:
            return replace(
                base,
                type=meaning.type,
                score=meaning.score,
                reason="both" if form else "name",
                scheme=meaning.scheme or (_scheme(name) if meaning.type in {"category", "identifier", "text"} else ""),
                group=meaning.group,
            )
        base = replace(base, reason="contradicted", contradicted=meaning.type)
    return _by_values(base, found, column, header)


def _by_values(base: ColumnGuess, found: Profile, column: pa.ChunkedArray, header: bool) -> ColumnGuess:
    rules = BY_VALUE if header else BY_VALUE + BY_VALUE_HEADERLESS
    if found.filled == 0:
        return base
    for type_, form, least in rules:
        if form in {"postcode", "house_number"} and found.unique:
            continue  # numbers that are all different are more likely to be ids
        if found.shares[form] >= least and (found.distinct > 1 or type_ == "email"):
            scheme = "iban" if type_ == "iban" else ""
            type_ = "identifier" if type_ == "iban" else type_
            return replace(base, type=type_, score=0.6, reason="values", scheme=scheme)
    if not header and found.shares["date"] >= 0.8 and birth_like(column.to_pylist()):
        return replace(base, type="birth_date", score=0.5, reason="values")
    if not header and found.unique and found.shares["spaced"] < 0.1:
        return replace(base, type="record_id", score=0.4, reason="values")
    return base


def _one_record_id(guesses: list[ColumnGuess], profiles: list[Profile]) -> list[ColumnGuess]:
    """Keep the surest unique column that is named like an id; the others say nothing about who somebody is.

    Without a known name the first unique column whose name ends like one (RELNR, card_code) is taken.
    """
    pairs = list(zip(guesses, profiles, strict=True))
    candidates = [(g.score, -i) for i, (g, found) in enumerate(pairs) if g.type == "record_id" and found.unique]
    if not candidates:
        candidates = [(0.5, -i) for i, (g, found) in enumerate(pairs) if found.unique and _like_an_id(g)][:1]
    chosen = -max(candidates)[1] if candidates else None
    result = []
    for position, (guess, found) in enumerate(pairs):
        if position == chosen:
            result.append(replace(guess, type="record_id", reason="name"))
        elif guess.type == "record_id":
            reason = "second_id" if found.unique else "not_unique"
            result.append(replace(guess, type="ignore", reason=reason))
        else:
            result.append(guess)
    return result


def _like_an_id(guess: ColumnGuess) -> bool:
    unknown = guess.type == "ignore" and guess.reason == "unknown"
    return unknown and bool(LIKE_AN_ID.search("".join(words_of(guess.column))))


def _organisation_names(guesses: list[ColumnGuess]) -> list[ColumnGuess]:
    """Read "Name" as that of an organisation where organisations are meant and no part of a person's name is there."""
    types = {guess.type for guess in guesses}
    if not types & {"kvk", "vat", "organisation_name"} or types & {"given_name", "family_name", "initials"}:
        return guesses
    return [replace(g, type="organisation_name") if g.type == "full_name" else g for g in guesses]


def _names_in_context(guesses: list[ColumnGuess], sample: pa.Table) -> list[ColumnGuess]:
    """Read "Name" beside a given name as the family name, and leave a full name out when its parts are there."""
    present = {guess.type for guess in guesses}
    result = []
    for guess in guesses:
        if guess.type == "full_name" and {"given_name", "initials"} & present:
            if "family_name" not in present:
                guess = replace(guess, type="family_name")
            elif _covered(guess, guesses, frozenset({"family_name"}), sample):
                guess = replace(guess, type="ignore", reason="parts")
        result.append(guess)
    return result


def _addresses_in_context(guesses: list[ColumnGuess], profiles: list[Profile], sample: pa.Table) -> list[ColumnGuess]:
    """Read "Address" as the street when number, postcode or city stand in columns of their own."""
    result = []
    for guess, found in zip(guesses, profiles, strict=True):
        if guess.type == "address":
            others = {g.type for g in guesses if g.group == guess.group}
            if "street" in others:
                if _covered(guess, guesses, frozenset({"street"}), sample):
                    guess = replace(guess, type="ignore", reason="parts")
            elif _covered(guess, guesses, frozenset({"postcode", "city", "house_number"}), sample):
                guess = replace(guess, type="street")
        elif guess.type == "street" and found.shares["comma_address"] > 0.8 and found.shares["postcode_nl"] > 0.5:
            guess = replace(guess, type="address")
        result.append(guess)
    return _main_address(result)


def _covered(whole: ColumnGuess, guesses: Sequence[ColumnGuess], parts: frozenset[str], sample: pa.Table) -> bool:
    """Say whether nearly every row that has the whole (a full name, an address) has its parts in other columns too."""
    rows = pc.is_valid(sample[whole.column])
    filled = pc.sum(rows).as_py() or 0
    alone = rows
    for guess in guesses:
        if guess.type in parts and guess.group == whole.group:
            alone = pc.and_(alone, pc.is_null(sample[guess.column]))
    return bool((pc.sum(alone).as_py() or 0) <= 0.02 * filled)


def _main_address(guesses: list[ColumnGuess]) -> list[ColumnGuess]:
    """Give the best filled address of a record no group of its own, so that it is compared with that of other files."""
    filled: dict[str, float] = {}
    for guess in guesses:
        if guess.type in ADDRESS_PARTS:
            filled[guess.group] = filled.get(guess.group, 0.0) + guess.filled
    if not filled or "" in filled:
        return guesses
    main = max(filled, key=lambda group: filled[group])
    return [replace(g, group="") if g.type in ADDRESS_PARTS and g.group == main else g for g in guesses]


def _one_of_each(guesses: list[ColumnGuess], sample: pa.Table) -> list[ColumnGuess]:
    """Let the surest column keep a meaning that a record has only once; of equals the better filled, then the first."""
    order = sorted(range(len(guesses)), key=lambda i: (-guesses[i].score, -round(guesses[i].filled, 1), i))
    taken: set[tuple[str, str, str]] = set()
    result = list(guesses)
    for position in order:
        guess = guesses[position]
        if guess.type == "ignore" or guess.type in REPEATABLE:
            continue
        if (guess.type, guess.scheme, guess.group) in taken:
            # A second full name (a native spelling, say) is of use where a record has no other name.
            others = [g for g in result if g.column != guess.column]
            if guess.type != "full_name" or _covered(guess, others, frozenset({"full_name", "family_name"}), sample):
                result[position] = replace(guess, type="ignore", reason="second")
        taken.add((guess.type, guess.scheme, guess.group))
    return result


def _scheme(name: str) -> str:
    return "_".join(words_of(name))
