"""Dutch towns with plausible postcode ranges and area codes, and street names."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Town:
    """A town: postcode numbers it covers (both ends included), area code, weight in thousands of inhabitants."""

    name: str
    low: int
    high: int
    area: str
    weight: int


_TOWNS = (
    "Amsterdam,1011,1109,020,880|Rotterdam,3011,3089,010,660|Den Haag,2511,2597,070,550|"
    "Utrecht,3511,3585,030,365|Eindhoven,5611,5658,040,240|"
    "Groningen,9711,9747,050,235|Tilburg,5011,5049,013,225|Almere,1311,1363,036,218|Breda,4811,4847,076,185|"
    "Nijmegen,6511,6546,024,180|"
    "Apeldoorn,7311,7339,055,165|Haarlem,2011,2037,023,163|Arnhem,6811,6846,026,163|"
    "Enschede,7511,7548,053,160|Amersfoort,3811,3829,033,159|"
    "Zaandam,1501,1509,075,78|'s-Hertogenbosch,5211,5237,073,157|Hoofddorp,2131,2135,023,78|"
    "Zwolle,8011,8045,038,131|Leiden,2311,2334,071,126|"
    "Maastricht,6211,6229,043,121|Dordrecht,3311,3329,078,120|Zoetermeer,2711,2729,079,126|"
    "Deventer,7411,7437,0570,101|Delft,2611,2629,015,104|"
    "Alkmaar,1811,1827,072,110|Heerlen,6411,6433,045,87|Venlo,5911,5928,077,102|"
    "Leeuwarden,8911,8941,058,125|Hilversum,1211,1223,035,92|"
    "Amstelveen,1181,1188,020,92|Assen,9401,9408,0592,68|Emmen,7811,7828,0591,57|Gouda,2801,2809,0182,75|"
    "Roosendaal,4701,4709,0165,77|"
    "Middelburg,4331,4341,0118,49|Vlissingen,4381,4389,0118,45|Helmond,5701,5709,0492,93|"
    "Oss,5341,5349,0412,92|Sneek,8601,8609,0515,34|"
    "Heerenveen,8441,8449,0513,30|Hoorn,1621,1628,0229,74|Den Helder,1781,1788,0223,56|"
    "Terneuzen,4531,4539,0115,25|Roermond,6041,6045,0475,59|"
    "Doetinchem,7001,7009,0314,58|Ede,6711,6718,0318,80|Veenendaal,3901,3907,0318,67|"
    "Lelystad,8211,8245,0320,81|Meppel,7941,7944,0522,34|"
    "Hoogeveen,7901,7909,0528,55|Drachten,9201,9207,0512,45|Tiel,4001,4007,0344,42|Weert,6001,6006,0495,50|"
    "Bergen op Zoom,4611,4625,0164,68"
)

TOWN_VARIANTS = {
    "Den Haag": ("'s-Gravenhage", "DEN HAAG", "s Gravenhage"),
    "'s-Hertogenbosch": ("Den Bosch", "s-Hertogenbosch", "DEN BOSCH"),
    "Amsterdam": ("A'dam", "AMSTERDAM", "Amsterdam Zuidoost"),
    "Rotterdam": ("R'dam", "ROTTERDAM"),
    "Bergen op Zoom": ("Bergen o/Z", "BERGEN OP ZOOM"),
}
"""Other spellings that people and systems use for the same town."""

LETTERS = "ABCDEGHJKLMNPRSTVWXZ"
"""Letters in use in Dutch postcodes; the pairs SA, SD and SS are never given out."""

_STREETS = (
    "Kerkstraat|Dorpsstraat|Schoolstraat|Molenstraat|Hoofdstraat|Stationsweg|Julianastraat|Wilhelminastraat|"
    "Beatrixlaan|Emmastraat|"
    "Nieuwstraat|Markt|Burgemeester de Vrieslaan|Prins Bernhardstraat|Oranjestraat|Parallelweg|Industrieweg|"
    "Lange Nieuwstraat|"
    "Prof. Dr. Lorentzlaan|1e Kruisstraat|2e Kruisstraat|Plein 1945|Sint Jansstraat|St. Annastraat|"
    "Van Goghstraat|De Ruyterkade|"
    "Jan van Galenstraat|Koningin Wilhelminalaan|Nieuwe Gracht|Buitenhof|'t Zand|Achter de Hoven|"
    "Geert Grootestraat|Noordeinde"
)
_STREET_FRONT = (
    "Eiken|Beuken|Linden|Esdoorn|Kastanje|Berken|Wilgen|Populieren|Merel|Lijster|Zwaluw|Leeuwerik|Vinken|"
    "Koekoek|Roerdomp|Tulpen|Rozen|"
    "Anjer|Lelie|Narcissen|Klaver|Korenbloem|Zonnebloem|Rembrandt|Vermeer|Mozart|Beethoven|Vondel|Multatuli|"
    "Jupiter|Saturnus|Orion|"
    "Haven|Sluis|Dijk|Polder|Veen|Heide|Duin|Bos|Weide|Akker|Molen|Brink|Watermolen|Toren|Vest|Singel|Oever|"
    "IJssel|Maas|Waal|Vecht"
)
_STREET_BACK = "straat|laan|weg|hof|plein|pad|dreef|kade|steeg|singel|park|erf"


def towns() -> tuple[Town, ...]:
    """List the towns, the largest first."""
    found = []
    for row in _TOWNS.split("|"):
        name, low, high, area, weight = row.split(",")
        found.append(Town(name, int(low), int(high), area, int(weight)))
    return tuple(found)


def streets() -> tuple[str, ...]:
    """List street names: common ones first, then composed ones (about 670)."""
    composed = [front + back for front in _STREET_FRONT.split("|") for back in _STREET_BACK.split("|")]
    return tuple(dict.fromkeys(_STREETS.split("|") + composed))


def letter_pairs() -> tuple[str, ...]:
    """List the letter pairs of postcodes."""
    return tuple(a + b for a in LETTERS for b in LETTERS if a + b not in ("SA", "SD", "SS"))
