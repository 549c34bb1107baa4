"""Given names per culture, generation and sex, with the call names that go with a baptismal name.

A row is `official=call/call` or just the name. Rank in the list is rank in frequency. The lists are from general
knowledge; the frequencies are a rule (1 / (rank + offset)), not a statistic.
"""

from __future__ import annotations

from dataclasses import dataclass

CULTURES = ("nl", "fy", "tr", "ma", "sr", "pl", "vn")
CULTURE_WEIGHTS = (0.80, 0.045, 0.04, 0.045, 0.035, 0.02, 0.015)
"""Dutch, Frisian, Turkish, Moroccan, Surinamese-Hindustani, Polish, Vietnamese."""

ERAS = (1965, 1990)
"""Births before the first year, before the second, and later have their own lists of Dutch names."""

_NL_MEN = (
    "Johannes=Jan/Hans/Joop/Johan|Cornelis=Kees/Cor/Cees|Hendrik=Henk/Rik|Willem=Wim/Pim|Petrus=Piet/Peter|"
    "Gerrit=Ger/Gert|"
    "Jacobus=Jaap/Koos/Sjaak/Ko|Antonius=Ton/Toon/Anton|Theodorus=Theo/Dorus|Franciscus=Frans/Frank|"
    "Adrianus=Ad/Arie/Adriaan/Janus|Nicolaas=Nico/Klaas|Martinus=Martin/Tinus|Lambertus=Bert/Bertus|"
    "Albertus=Bert/Ab|"
    "Gijsbertus=Gijs/Bert|Leonardus=Leo|Wilhelmus=Wim/Willem/Helmus|Marinus=Rinus|Dirk|Pieter=Piet/Peter|"
    "Jan|Klaas|Simon=Siem|"
    "Arie|Bernardus=Ben/Bernard|Josephus=Jos/Sjef|Rudolf=Ruud/Dolf|Frederik=Frits/Fred|"
    "Hermanus=Herman/Manus|Gerardus=Gerard/Ger|"
    "Jacob=Jaap|Teunis=Teun|Christiaan=Chris/Christ|Ludovicus=Louis/Lou|Evert|Barend|Hubertus=Huub/Bert|"
    "Karel|Mattheus=Thijs",
    "Robert=Rob/Bob|Peter|Marcel|Erik|Richard|Martin|Ronald=Ron|Michel|Patrick|Paul|Edwin|Frank|Mark|Dennis|"
    "Jeroen|Arjan|"
    "Sebastiaan=Bas|Alexander=Sander/Alex/Lex|Maarten|Wouter|Martijn|Vincent|Bart|René|André|Remco|Marco|"
    "Jeffrey|Niels|Joost|"
    "Michiel|Johannes=Hans/Johan/Jan|Wilhelmus=Wim|Hendrik=Henk/Erik|Antonius=Ton/Twan|Rudolf=Ruud|Raymond|"
    "Gerard|Harold|"
    "Jurgen|Jacobus=Jaap/Jacco|Cornelis=Kees/Corné|Albert|Stephan=Stef|Danny|François=Frans|Jörgen",
    "Daan|Sem|Lucas=Luuk|Levi|Finn|Luuk|Milan|Noah|Bram|Matthijs=Thijs|Tim|Thomas=Tom|Jesse|Lars|Ruben|"
    "Stijn|Max|Julian|Mees|Sam|"
    "Gijs|Jayden|Kevin|Rick|Nick|Stefan|Jasper|Koen|Floris|Jurre|Hugo|Teun|Olivier|Siem|Tygo|Michael=Mike|"
    "Alexander=Alex|"
    "Benjamin=Ben|Daniël=Daan|Tijn|Ties|Quinten|Joris|Pepijn|Sebastiaan=Bas|Willem|Noël|Jan|Robin|Job|Twan|"
    "Wessel|Cas",
)
_NL_WOMEN = (
    "Maria=Ria/Mia/Marja/Marie/Rie|Johanna=Jo/Hanna/Joke/Annie|Elisabeth=Lies/Els/Betty/Bep|"
    "Cornelia=Corrie/Nel/Cor|"
    "Anna=Anneke/An/Annie|Wilhelmina=Wil/Mien/Willy/Mina|Hendrika=Riek/Rika/Henny|"
    "Catharina=Toos/Trijn/Ria/Tineke|"
    "Petronella=Nel/Ellie/Nelly|Adriana=Adri/Sjaan/Jaan|Margaretha=Greet/Gré/Marga|Jacoba=Coba/Co/Cobie|"
    "Geertruida=Truus/Trudy|"
    "Aleida=Alie|Theodora=Thea/Doortje|Antonia=Toos/Tonny|Francisca=Cisca/Sisca|Gerarda=Gerda|"
    "Helena=Leny/Lena|Martina=Tineke|"
    "Alida=Lida|Grietje=Greet|Trijntje=Tineke|Aaltje=Alie|Neeltje=Nel|Lamberta=Bertie|Josephina=Jos/Fien|"
    "Hermina=Mien|Klaasje|"
    "Wilhelmine=Willie|Dirkje|Gijsberta=Bep|Jannetje=Jannie|Bernardina=Dinie|Magdalena=Leen/Magda|"
    "Cecilia=Cilia",
    "Monique|Saskia|Ingrid|Marjolein|Petra|Sandra|Esther|Mirjam|Wendy|Astrid|Yvonne|Jacqueline|Karin|Linda|"
    "Marianne|Annemarie=Anne|"
    "Anja|Bianca|Debbie|Ellen|Nicole|Patricia|Wilma|Carolien|Judith|Margriet|Daniëlle|Claudia|Marieke|"
    "Jolanda|Mariëlle|Angelique|"
    "Johanna=Joke/Anja|Maria=Marja/Marijke/Ria|Elisabeth=Els/Liesbeth/Lies|Catharina=Karin/Carin|"
    "Cornelia=Corine|Renée|Inge|Heidi|"
    "Suzanne=Suus|Miranda|Natasja|Hélène|Barbara|Wilhelmina=Wilma|Françoise",
    "Emma|Julia|Sophie=Fie|Anna|Lotte|Eva|Lisa|Sanne|Fleur|Tess|Noor|Sara|Charlotte=Lotte|Femke|Anouk|Isa|"
    "Mila|Zoë|Lieke|Iris|Roos|"
    "Maud|Evi|Esmée|Britt|Elin|Olivia=Liv|Isabella=Isa/Bella|Amber|Naomi|Nina|Laura|Floor|Jasmijn|Liv|Saar|"
    "Yara|Romy|Merel|Veerle|"
    "Chloë|Elise|Kim|Michelle|Nikki|Manon|Danique|Josephine=Fien|Elisabeth=Lisa/Betty|Johanna=Hanna|Renée|"
    "Bo|Puck|Robin|Anne",
)
_OTHER = {
    "fy M": "Sjoerd|Jelle|Wiebe|Tjeerd|Douwe|Sietse|Hidde|Foppe|Rinse|Gerben|Anne|Sytse=Siets|Bauke|Jorrit|"
    "Wytse|Hessel|Fokke|"
    "Eelke|Oane|Durk=Dirk|Jacob=Jappie|Haije|Tjalling|Ytzen|Pyt=Piet",
    "fy F": "Fenna|Sietske|Tjitske|Jeltje|Hiske|Baukje|Froukje|Nynke|Wietske|Aafke|Jitske|Femke|Hinke|Ytsje|"
    "Antsje|Geeske|"
    "Marijke|Tryntsje|Doutzen|Sjoukje|Rixt|Ymkje|Bregtsje|Gjettsje",
    "tr M": "Mehmet|Mustafa|Ahmet|Ali|Hüseyin|Hasan|İbrahim|Emre|Murat|Ömer|Yusuf|Burak|Serkan|Kemal|Osman|"
    "Fatih|Çağlar|Volkan|"
    "Uğur|Erdoğan|Orhan|Berat|Kerem|Deniz",
    "tr F": "Fatma|Ayşe|Emine|Hatice|Zeynep|Elif|Merve|Büşra|Esra|Özlem|Yasemin|Sevgi|Gülşen|Havva|Songül|"
    "Meryem|Derya|Ebru|Selin|"
    "Aylin|Şeyma|Nur|Defne|Ceren",
    "ma M": "Mohamed=Mo|Mohammed=Mo|Ahmed|Youssef|Hassan|Said|Rachid|Abdelkader|Mustapha|Bilal|Ayoub|Hamza|"
    "Karim|Omar|Khalid|"
    "Abdellah|Driss|Noureddine|Soufiane|Anas|Ilias|El Mehdi|Abderrahim|Zakaria",
    "ma F": "Fatima|Khadija|Aïcha|Naima|Latifa|Samira|Fatiha|Hanane|Malika|Nadia|Saïda|Yasmina|Imane|Salma|"
    "Hafsa|Noor|Rachida|"
    "Fatima Zahra=Fatima|Soumaya|Ikram|Loubna|Najat|Mina|Chaïma",
    "sr M": "Radjindre|Soerdj|Rakesh|Anil|Vinod|Sunil|Ashwin|Ricardo|Dewanand|Satish|Rabin|Kishan|Ravi|"
    "Winston|Roy|Djaienti|Harold|"
    "Ronny|Clyde|Jerrel|Shivam|Vishal",
    "sr F": "Sharmila|Anita|Indra|Soenita|Shanti|Radha|Priya|Roshni|Kavita|Lilawatie|Chandra|Sheila|Usha|"
    "Devika|Ashna|Mavis|Gerda|"
    "Rinia|Vanita|Reshma|Aarti|Jaswanti",
    "pl M": "Piotr|Paweł|Krzysztof|Tomasz|Łukasz|Marcin|Michał|Jakub=Kuba|Mateusz|Grzegorz|Andrzej|Wojciech|"
    "Kamil|Rafał|Dawid|Adam",
    "pl F": "Anna=Ania|Katarzyna=Kasia|Małgorzata=Gosia|Agnieszka|Magdalena=Magda|Joanna|Zofia|Ewa|Barbara|"
    "Monika|Justyna|Dorota|"
    "Karolina|Natalia|Aleksandra=Ola|Iwona",
    "vn M": "Minh|Tuan|Hung|Dung|Quang|Thanh|Van Long|Duc|Hieu|Nam|Khanh|Phuc",
    "vn F": "Lan|Huong|Linh|Thi Mai|Thao|Trang|Ngoc|Hoa|Phuong|Thuy|Kim|Anh",
}


@dataclass(frozen=True, slots=True)
class Given:
    """One official given name with the names by which its bearer may be called."""

    official: str
    calls: tuple[str, ...]


def _parse(rows: str) -> tuple[Given, ...]:
    found = []
    for row in rows.split("|"):
        official, _, calls = row.partition("=")
        found.append(Given(official, tuple(calls.split("/")) if calls else (official,)))
    return tuple(found)


def given_names(culture: str, era: int, sex: str) -> tuple[Given, ...]:
    """List given names, most frequent first, of a culture, a generation (0 old .. 2 young) and a sex (M or F)."""
    if culture == "nl":
        return _parse((_NL_MEN if sex == "M" else _NL_WOMEN)[era])
    return _parse(_OTHER[f"{culture} {sex}"])
