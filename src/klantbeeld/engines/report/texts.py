"""All words of the report, in English and Dutch."""

from typing import Literal

Language = Literal["en", "nl"]

TEXTS: dict[str, tuple[str, str]] = {
    "title": ("Who is who", "Wie is wie"),
    "made": ("{files} · {at} · klantbeeld {version}", "{files} · {at} · klantbeeld {version}"),
    "theme": ("Light or dark", "Licht of donker"),
    "records": ("Records", "Records"),
    "customers": ("Customers", "Klanten"),
    "customers_note": ("joined without a person looking", "samengevoegd zonder dat iemand kijkt"),
    "suggested": ("After review", "Na beoordeling"),
    "suggested_note": (
        "customers, if every doubtful pair is accepted",
        "klanten, als elk twijfelachtig paar wordt geaccepteerd",
    ),
    "households": ("Households", "Huishoudens"),
    "households_note": ("of more than one person", "van meer dan één persoon"),
    "refused": ("Refused rows", "Geweigerde regels"),
    "refused_note": ("could not be read; see Files", "niet te lezen; zie Bestanden"),
    "precision": ("Precision", "Precisie"),
    "recall": ("Recall", "Volledigheid"),
    "f1": ("F1", "F1"),
    "lead": (
        "{records} records turned out to be {customers} customers: {joined} records were joined to another one"
        " without doubt. Another {review} doubtful pairs wait for a decision; accepting them all"
        " would leave {suggested} customers.",
        "{records} records blijken {customers} klanten te zijn: {joined} records zijn zonder twijfel bij een ander"
        " gevoegd. Nog {review} twijfelachtige paren wachten op een besluit; als u die allemaal accepteert, blijven"
        " {suggested} klanten over.",
    ),
    "lead_none": (
        "{records} records, and no two of them are certainly the same customer.",
        "{records} records, en geen twee ervan zijn met zekerheid dezelfde klant.",
    ),
    "nav_result": ("Result", "Resultaat"),
    "nav_truth": ("Measured", "Gemeten"),
    "nav_sources": ("Sources", "Bronnen"),
    "nav_weights": ("Weights", "Gewichten"),
    "nav_why": ("Why", "Waarom"),
    "nav_files": ("Files", "Bestanden"),
    "sizes_title": ("Records per customer", "Records per klant"),
    "sizes_note": (
        "How many customers have one record, two, three … The pale bars show what it would be if all doubtful"
        " pairs were accepted.",
        "Hoeveel klanten één record hebben, twee, drie … De lichte balken tonen hoe het wordt als alle twijfelachtige"
        " paren worden geaccepteerd.",
    ),
    "size_axis": ("records per customer", "records per klant"),
    "customer_id": ("customer_id", "customer_id"),
    "suggested_id": ("suggested_id", "suggested_id"),
    "largest": ("Largest customers", "Grootste klanten"),
    "truth_title": ("Against the truth column “{column}”", "Tegen de waarheidskolom “{column}”"),
    "truth_note": (
        "Only {records} records with a known truth count. The column was not used as evidence.",
        "Alleen de {records} records met een bekende waarheid tellen. De kolom is niet als bewijs gebruikt.",
    ),
    "pairwise": ("Pairs", "Paren"),
    "pairwise_note": (
        "of all pairs put together, and of all that belong together",
        "van alle samengevoegde paren, en van alle die bij elkaar horen",
    ),
    "cluster": ("Exact customers", "Exacte klanten"),
    "cluster_note": ("customers with exactly the right records", "klanten met precies de juiste records"),
    "b_cubed": ("B-cubed", "B-cubed"),
    "b_cubed_note": ("seen from each record", "gezien vanuit elk record"),
    "sources_title": ("Quality per source", "Kwaliteit per bron"),
    "sources_note": (
        "How well each source fills what matters, and what it shares with the others.",
        "Hoe goed elke bron invult wat ertoe doet, en wat zij met de andere deelt.",
    ),
    "source": ("Source", "Bron"),
    "only_here": ("Only here", "Alleen hier"),
    "shared": ("Also elsewhere", "Ook elders"),
    "double": ("Double records", "Dubbele records"),
    "filled": ("Share of records with a value", "Deel van de records met een waarde"),
    "overlap_title": ("Customers in two sources", "Klanten in twee bronnen"),
    "overlap_note": (
        "Read along a row: the share of that source's customers that the other source has too.",
        "Lees langs een rij: het deel van de klanten van die bron dat de andere bron ook heeft.",
    ),
    "weights_title": ("How sure, pair by pair", "Hoe zeker, paar voor paar"),
    "weights_note": (
        "Every pair that was worth comparing, by its weight: each step of 1 to the right makes it twice as likely"
        " that the two are one customer. Right of the first line pairs are joined; between the lines they wait for a"
        " decision.",
        "Elk paar dat het vergelijken waard was, naar gewicht: elke stap van 1 naar rechts maakt het twee keer zo"
        " waarschijnlijk dat de twee één klant zijn. Rechts van de doorgetrokken lijn worden paren samengevoegd; tussen"
        " de lijnen wachten ze op een besluit.",
    ),
    "weight_axis": ("weight (log2 odds)", "gewicht (log2 van de kansverhouding)"),
    "pairs_axis": ("pairs", "paren"),
    "match": ("same customer", "dezelfde klant"),
    "household": ("same household", "hetzelfde huishouden"),
    "namesake": ("namesake", "naamgenoot"),
    "random": ("unrelated", "geen verband"),
    "threshold_customer": ("joined", "samengevoegd"),
    "threshold_suggested": ("review", "beoordelen"),
    "why_title": ("Why, in examples", "Waarom, in voorbeelden"),
    "why_note": (
        "A few pairs of each kind. The bars add up: what the two records share pushes right, what differs pushes left.",
        "Enkele paren van elke soort. De balken tellen op: wat de records delen duwt naar rechts,"
        " wat verschilt naar links.",
    ),
    "kind_merged": ("Joined", "Samengevoegd"),
    "kind_review": ("For a person to decide", "Voor een mens om te beslissen"),
    "kind_household": ("Same household, other person", "Zelfde huishouden, andere persoon"),
    "kind_apart": ("Kept apart", "Uit elkaar gehouden"),
    "prior": ("before looking", "vooraf"),
    "total": ("weight", "gewicht"),
    "probability": ("chance of one customer", "kans op één klant"),
    "no_evidence": ("without influence: {fields}", "zonder invloed: {fields}"),
    "files_title": ("What was read", "Wat is gelezen"),
    "encoding": ("Encoding", "Codering"),
    "delimiter": ("Delimiter", "Scheidingsteken"),
    "rows": ("Rows", "Regels"),
    "record_id": ("Record id", "Record-id"),
    "row_number": ("row number", "regelnummer"),
    "column": ("Column", "Kolom"),
    "meaning": ("Meaning", "Betekenis"),
    "reason": ("Why", "Waarom"),
    "refused_title": ("Refused rows", "Geweigerde regels"),
    "line": ("Line", "Regel"),
    "starts": ("Starts with", "Begint met"),
    "not_used": ("not used", "niet gebruikt"),
    "mapping_given": ("given in the mapping", "opgegeven in de mapping"),
    "model_title": ("Model and time", "Model en tijd"),
    "phase": ("Phase", "Fase"),
    "time": ("Time", "Tijd"),
    "figure": ("Figure", "Grootheid"),
    "value": ("Value", "Waarde"),
    "more": ("{count} more", "nog {count}"),
    "threshold_customer_long": (
        "Weight from which records are joined",
        "Gewicht vanaf waar wordt samengevoegd",
    ),
    "threshold_suggested_long": (
        "Weight from which a pair is offered for review",
        "Gewicht vanaf waar een paar ter beoordeling is",
    ),
    "compared": ("Pairs compared", "Vergeleken paren"),
}

FIELDS: dict[str, tuple[str, str]] = {
    "given_name": ("Given name", "Voornaam"),
    "middle_name": ("Middle name", "Tweede naam"),
    "initials": ("Initials", "Voorletters"),
    "family_name": ("Family name", "Achternaam"),
    "name_prefix": ("Prefix", "Tussenvoegsel"),
    "partner_name": ("Partner's name", "Naam partner"),
    "full_name": ("Full name", "Volledige naam"),
    "birth_date": ("Birth date", "Geboortedatum"),
    "birth_year": ("Birth year", "Geboortejaar"),
    "birth_month": ("Birth month", "Geboortemaand"),
    "birth_day": ("Birth day", "Geboortedag"),
    "gender": ("Gender", "Geslacht"),
    "street": ("Street", "Straat"),
    "house_number": ("House number", "Huisnummer"),
    "house_suffix": ("Suffix", "Toevoeging"),
    "postcode": ("Postcode", "Postcode"),
    "city": ("City", "Plaats"),
    "region": ("Region", "Regio"),
    "country": ("Country", "Land"),
    "address": ("Address", "Adres"),
    "phone": ("Phone", "Telefoon"),
    "email": ("E-mail", "E-mail"),
    "identifier": ("Identifier", "Nummer"),
    "organisation_name": ("Organisation", "Organisatie"),
    "kvk": ("KVK number", "KVK-nummer"),
    "vat": ("VAT number", "Btw-nummer"),
    "website": ("Website", "Website"),
    "record_kind": ("Kind of record", "Soort record"),
    "category": ("Category", "Categorie"),
    "text": ("Text", "Tekst"),
    "source": ("Source", "Bron"),
    "birth_place": ("Birth place", "Geboorteplaats"),
    "occupation": ("Occupation", "Beroep"),
    "employer": ("Employer", "Werkgever"),
    "passport": ("Passport", "Paspoort"),
    "driving_licence": ("Driving licence", "Rijbewijs"),
    "ssn": ("Social security number", "Socialezekerheidsnummer"),
    "national_id": ("National id", "Identiteitsnummer"),
    "tax_id": ("Tax number", "Fiscaal nummer"),
    "iban": ("IBAN", "IBAN"),
    "loyalty": ("Loyalty number", "Klantenkaart"),
    "ignore": ("not used", "niet gebruikt"),
    "record_id": ("Record id", "Record-id"),
    "updated_at": ("Last changed", "Laatst gewijzigd"),
}

PHASES: dict[str, tuple[str, str]] = {
    "look": ("Looking at the files", "Bestanden bekijken"),
    "read": ("Reading", "Inlezen"),
    "resolve": ("Matching", "Matchen"),
    "golden": ("Choosing golden values", "Gouden waarden kiezen"),
    "write": ("Writing", "Wegschrijven"),
    "total": ("Total", "Totaal"),
}


class Words:
    """The words of one language: `w("title")`, `w.field("city")`, `w.phase("read")`."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self._place = 0 if language == "en" else 1

    def __call__(self, key: str, **values: object) -> str:
        return TEXTS[key][self._place].format(**values)

    def field(self, name: str) -> str:
        """Return the name of a field for people; the second phone is "Phone 2"."""
        base, _, number = name.rpartition("_")
        if name in FIELDS:
            return FIELDS[name][self._place]
        if number.isdigit() and base in FIELDS:
            return f"{FIELDS[base][self._place]} {number}"
        head = next((f for f in sorted(FIELDS, key=len, reverse=True) if name.startswith(f"{f}_")), None)
        if head:
            return f"{FIELDS[head][self._place]} ({name[len(head) + 1 :].replace('_', ' ')})"
        return name.replace("_", " ").capitalize()

    def phase(self, name: str) -> str:
        """Return the name of a phase for people."""
        return PHASES[name][self._place] if name in PHASES else name.replace("_", " ").capitalize()
