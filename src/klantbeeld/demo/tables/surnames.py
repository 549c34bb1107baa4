"""Surnames: the frequent ones as a list, the long tail composed from stems, tussenvoegsels kept apart."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FREQUENT = (
    "de Jong|Jansen|de Vries|van den Berg|van Dijk|Bakker|Janssen|Visser|Smit|Meijer|de Boer|Mulder|"
    "de Groot|Bos|Vos|Peters|Hendriks|"
    "van Leeuwen|Dekker|Brouwer|de Wit|Dijkstra|Smits|de Graaf|van der Meer|van der Linden|Kok|Jacobs|"
    "de Haan|Vermeulen|"
    "van den Heuvel|van der Veen|van den Broek|de Bruijn|de Bruin|van der Heijden|Schouten|van Beek|Willems|"
    "van Vliet|van de Ven|"
    "Hoekstra|Maas|Verhoeven|Koster|van Dam|van der Wal|Prins|Blom|Huisman|Peeters|de Jonge|Kuipers|"
    "van Veen|Post|Kuiper|Veenstra|"
    "Kramer|van den Brink|Scholten|van Wijk|Postma|Martens|Vink|de Ruiter|Timmermans|Groen|Gerritsen|Jonker|"
    "van Loon|Boer|"
    "van der Velde|Willemsen|Smeets|de Lange|de Vos|Bosch|van Dongen|Schipper|de Koning|van der Laan|Koning|"
    "Driessen|Hermans|"
    "van Rijn|Evers|Molenaar|van den Bosch|Boersma|van der Ploeg|Meyer|Meijers|Zwart|Hofman|Mol|"
    "van der Horst|Verbeek|Kuijpers|"
    "van Es|van der Zee|Bouwman|Schreuder|Wolters|Sanders|van der Wiel|Mulders|Bakels|van 't Hof|in 't Veld|"
    "ter Horst|ten Brinke|"
    "op den Kamp|van der Steen|van Hees|den Hartog|de Rooij|de Leeuw|van Oosten|Pronk|Dijk|Vries|Berg|"
    "uit den Boogaard|"
    "van de Water|van het Hof|aan de Stegge|de la Fuente|van Eijk|van Eyck|Heijmans|Nijhuis|Pijpers|"
    "Rietveld|Wijnands|"
    "Schaap|Kamphuis|Bruggeman|Oude Kempers|Groot Bruinderink|Tuinman|Vogelaar|Zijlstra|Wiersma|Hofstra|"
    "Terpstra|Bijlsma"
)
_PLACES_FRONT = (
    "Ooster|Wester|Noorder|Zuider|Lage|Hoge|Nieuwe|Oude|Groene|Linde|Eiken|Beuken|Wilgen|Elzen|Berken|Heide|"
    "Veen|Zand|Klei|Water|Molen|"
    "Kerk|Rozen|Doorn|Haver|Rogge|Gerste|Konings|Bisschops|Zwane|Reiger|Valken|Haze|Bever|Otter|Winter|"
    "Zomer|Lange|Korte|Diepe"
)
_PLACES_BACK = (
    "hout|broek|veld|wijk|beek|dam|huizen|kamp|laar|horst|bos|berg|donk|drecht|hoven|kerk|land|lo|meer|poel|"
    "rade|schoten|sluis|steeg|"
    "straten|voort|waard|weg|werf|zijl"
)
_PATRONYMS = (
    "Aal|Abel|Adriaan|Albert|Ander|Arend|Barend|Bartel|Bern|Cas|Christiaan|Claas|Cornelis|Derk|Dirk|Egbert|"
    "Evert|Frans|Frederik|Geert|"
    "Gerbrand|Gijsbert|Hendrik|Huibert|Jacob|Jurriaan|Karel|Kers|Laurens|Leender|Lubber|Maarten|Matthijs|"
    "Meindert|Melle|Nanning|Paulus|"
    "Reinder|Roelof|Rutger|Siebrand|Simon|Steven|Teunis|Tijmen|Wessel|Wijbrand|Wolfert|Wouter|IJsbrand"
)
_FRISIAN = (
    "Aukes|Bakke|Bois|Brui|Dam|Dijk|Fokke|Galle|Haar|Heer|Hoek|Jong|Kings|Kui|Land|Leijen|Meer|Minne|Noor|"
    "Oost|Pool|Reit|Sik|Sjoer|"
    "Spoel|Stiens|Tam|Tjeerd|Veld|Visk|Wâld|Wester|Wind|Wouda|Ypma|Zand"
)
_TRADES = (
    "Bier|Boter|Brood|Draad|Garen|Glas|Goud|Graan|Haring|Hoef|Hooi|Hop|Hout|IJzer|Kaas|Kalk|Kan|Klok|Koren|"
    "Kruiden|Laken|Leder|Lijn|Loots|"
    "Mandel|Mast|Melk|Mest|Olie|Paarden|Pannen|Pot|Riet|Schaap|Scheep|Schoen|Spijker|Steen|Stoel|Stro|Tegel|"
    "Touw|Turf|Vis|Vlas|Wagen|Was|"
    "Wijn|Zaad|Zeil|Zout|Zuivel"
)
_OTHER = {
    "tr": "Yılmaz|Kaya|Demir|Şahin|Çelik|Yıldız|Yıldırım|Öztürk|Aydın|Özdemir|Arslan|Doğan|Kılıç|Aslan|"
    "Çetin|Kara|Koç|Kurt|Özkan|"
    "Şimşek|Polat|Korkmaz|Erdoğan|Güneş|Bulut|Aksoy|Karaca|Tekin|Uçar|Gündoğdu|Ateş|Bozkurt|Ünal|Sarı|"
    "Toprak|Taş",
    "ma": "El Idrissi|Mohamed|Bouzid|El Amrani|Benali|Ouali|El Khattabi|Azzouzi|Haddou|Bouali|El Yousfi|"
    "Amrani|El Bakkali|Ait Ali|"
    "Chaoui|Tahiri|El Hamdaoui|Belkacem|Ouaziz|Bensaïd|El Ouariachi|Zerouali|Aarab|Boukhari|El Fassi|"
    "Lamrabet|Achahbar|Ben Moussa",
    "sr": "Singh|Ramdin|Jagroep|Mahabier|Soekhai|Biharie|Ramautar|Bhagwandas|Kalloe|Oemrawsingh|Sewnarain|"
    "Jhinkoe|Autar|Gopal|Pinas|"
    "Kromodimedjo|Amatdasim|Ramlal|Tewarie|Nandoe|Doerga|Chotoe|Wongsodikromo|Lalbahadoersing|Balraadjsing|"
    "Ramkhelawan",
    "pl": "Nowak|Kowalski|Wiśniewski|Wójcik|Kamiński|Lewandowski|Zieliński|Szymański|Woźniak|Dąbrowski|"
    "Kozłowski|Jankowski|Mazur|"
    "Krawczyk|Piotrowski|Grabowski|Pawłowski|Michalski|Król|Wieczorek|Jabłoński|Wróbel",
    "vn": "Nguyen|Tran|Le|Pham|Huynh|Vo|Vu|Dang|Bui|Do|Ho|Ngo|Duong|Ly",
}
_PREFIXES = (
    "van|van de|van der|van den|van het|van 't|de|den|der|ten|ter|te|in 't|in de|op de|op den|aan de|aan den|"
    "uit de|uit den|de la|von|'t|tot"
)
PREFIXES = tuple(sorted(_PREFIXES.split("|"), key=lambda prefix: (-len(prefix), prefix)))
"""Tussenvoegsels, the longest first. `El`, `Ait` and `Ben` belong to the name itself."""

TAIL_SHARE = 0.42
"""Share of Dutch persons whose surname comes from the composed long tail."""


@dataclass(frozen=True, slots=True)
class Surname:
    """A surname in two parts, as the Dutch population register keeps it."""

    prefix: str
    base: str

    @property
    def full(self) -> str:
        """Give the surname as written after a given name."""
        return f"{self.prefix} {self.base}".strip()


def split_prefix(full: str) -> Surname:
    """Split a surname into tussenvoegsel and rest."""
    for prefix in PREFIXES:
        if full.startswith(prefix + " "):
            return Surname(prefix, full[len(prefix) + 1 :])
    return Surname("", full)


def frequent(culture: str) -> tuple[Surname, ...]:
    """List the surnames of a culture, most frequent first (Frisians share the Dutch list behind their own)."""
    if culture in ("nl", "fy"):
        return tuple(split_prefix(name) for name in _FREQUENT.split("|"))
    return tuple(Surname("", name) for name in _OTHER[culture].split("|"))


def composed() -> tuple[Surname, ...]:
    """List the long tail of Dutch surnames (about 4,700), composed from stems and endings."""
    found: list[Surname] = []
    for number, front in enumerate(_PLACES_FRONT.split("|")):
        for other, back in enumerate(_PLACES_BACK.split("|")):
            prefix = ("van", "van", "van der", "", "van den", "van de")[(number * 7 + other * 5) % 6]
            found.append(Surname(prefix, front + back))
            if (number + other) % 3 == 0:
                found.append(Surname("", f"{front}{back}er"))
            if (number + 2 * other) % 4 == 0:
                found.append(Surname("te" if other % 2 else "ten", front + back))
    for stem in _PATRONYMS.split("|"):
        found += [Surname("", _smooth(stem + ending)) for ending in ("sen", "s", "sma", "ink", "ing", "sz")]
    for stem in _TRADES.split("|"):
        found += [Surname("", stem + ending) for ending in ("man", "mans", "maker", "kamp", "huis", "meijer", "ers")]
        found.append(Surname("de", stem + "boer"))
    return tuple(dict.fromkeys(found))


def frisian() -> tuple[Surname, ...]:
    """List surnames composed the Frisian way."""
    endings = ("stra", "sma", "inga", "ema", "huis")
    found = [Surname("", _smooth(stem + ending)) for stem in _FRISIAN.split("|") for ending in endings]
    return tuple(dict.fromkeys(found))


def _smooth(name: str) -> str:
    """Mend what composing does to a name: three equal letters, or a doubled s before a consonant."""
    name = re.sub(r"(.)\1\1", r"\1\1", name)
    return re.sub(r"ss(?=[tm])", "s", re.sub(r"a(?=ema|inga)", "", name))
