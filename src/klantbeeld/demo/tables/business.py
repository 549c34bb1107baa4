"""What companies are called, what they do, and what the invented company group sells."""

from __future__ import annotations

from dataclasses import dataclass

GROUP = "Molenbeemd Groep"
COMPANIES = {
    "shop": "Molenbeemd Online",
    "pos": "Molenbeemd Winkels",
    "crm": "Molenbeemd Zakelijk",
    "calls": "Molenbeemd Klantcontact",
    "policies": "Molenbeemd Zeker",
    "partner": "Pakvink Fulfilment",
}
"""Company of the group behind each system; the partner is a company of its own."""

LEGAL_FORMS = ("eenmanszaak", "B.V.", "V.O.F.", "Stichting", "Vereniging", "N.V.")
LEGAL_FORM_WEIGHTS = (0.30, 0.42, 0.10, 0.09, 0.06, 0.03)
HOUSING_EVERY = 12
"""Each twelfth organisation lets dwellings."""

_TRADES = (
    "Bakkerij|Slagerij|Installatiebedrijf|Autobedrijf|Schildersbedrijf|Bouwbedrijf|Kapsalon|Bloemisterij|"
    "Tandartspraktijk|Fysiotherapie|"
    "Administratiekantoor|Adviesbureau|Notariskantoor|Rijschool|Hoveniersbedrijf|Transportbedrijf|Drukkerij|"
    "Reclamebureau|Apotheek|"
    "Fietsenmakerij|Loodgietersbedrijf|Elektrotechniek|Makelaardij|Restaurant|Eetcafé|Brasserie|Boekhandel|"
    "Interieurbouw|Dierenkliniek|"
    "Kinderopvang|Schoonmaakbedrijf|Timmerbedrijf|Webstudio|Fotografie|Uitzendbureau|Zorggroep|"
    "Machinefabriek|Groothandel|Kwekerij|Manege"
)
TRADES = tuple(_TRADES.split("|"))
_FANTASY = (
    "Zonnehoek|Noorderpoort|De Gouden Leeuw|Waterrijk|Het Anker|De Linde|Zuiderkruis|De Korenaar|Vlietzicht|"
    "Het Baken|De Reiger|Meridiaan|"
    "Kompas|De Eik|Polderzicht|Vossenjacht|Kroon & Co|De Brug|Het Palet|Zeewind|Hanzelicht|De Waag|Kristal|"
    "Delta Vijf|Morgenster|Argos|"
    "Tweespan|Novum|De Schakel|Lumen|Oostwaarts|'t Hoekje|De Buurman|Café Zoë|De Jongens|Boven de Rivieren|"
    "Ridderhof|Zilverlinde"
)
FANTASY = tuple(_FANTASY.split("|"))
LETTING = ("Woonstichting", "Woningbeheer", "Vastgoed", "Wooncorporatie")
FUNCTIONS = ("inkoper", "directeur", "administratie", "bedrijfsleider", "eigenaar", "contact", "huismeester")


@dataclass(frozen=True, slots=True)
class Article:
    """An article: stock code, title, price and cost in euro cents including what the margin is measured on."""

    sku: str
    title: str
    price_cents: int
    cost_cents: int


_ARTICLES = (
    "Hockeystick junior,3995,2180|Fietshelm,4950,2790|Regenjas,7995,3810|Wandelschoenen,12995,6870|"
    "Rugzak 25 l,5995,2950|Tent 3 personen,24900,15850|"
    "Slaapzak,6995,3640|Koffiemachine,34900,27350|Waterkoker,3995,2510|Broodrooster,4495,2790|"
    "Stofzuiger,15900,11940|Dekbedovertrek,4995,1870|"
    "Handdoekenset,2995,1090|Bureaulamp,3450,1620|Boekenkast,12900,7400|Eettafel,49900,31200|"
    "Tuinstoel,5950,3180|Parasol,8995,4740|"
    "Barbecue,17900,11650|Plantenbak,2495,980|Kinderfiets 16 inch,18900,13900|Loopfiets,5995,3350|"
    "Bordspel,3295,1790|Puzzel 1000 stukjes,1695,720|"
    "Voetbal,2495,1130|Springtouw,795,240|Yogamat,2995,1210|Hardloopshirt,3495,1490|"
    "Winterhandschoenen,1995,790|Muts,1495,520|"
    "Draadloze speaker,7995,5480|Koptelefoon,12900,9350|Telefoonhoes,1995,430|Powerbank,3495,1880|"
    "Kookpan 24 cm,5495,2890|Messenset,6995,3120|"
    "Hondenmand,4995,2390|Kattenvoer 6 kg,2795,2010|Zonnebrand,1795,860|Cadeaukaart 25,2500,2500"
)


def articles() -> tuple[Article, ...]:
    """List the articles of the group; the gift card has no margin, as in a real assortment."""
    found = []
    for number, row in enumerate(_ARTICLES.split("|")):
        title, price, cost = row.rsplit(",", 2)
        found.append(Article(f"MB-{10_000 + number * 37}", title, int(price), int(cost)))
    return tuple(found)
