"""Names that many people bear, in four coarse steps: what the default model knows of frequencies before any data.

Shares are orders of magnitude from general knowledge of Dutch, English, German, French and some other names in folded
form; a name that is not listed counts as `UNLISTED`. A trained model uses counts of its own data instead.
"""

from __future__ import annotations

_GIVEN = {
    0.01: "jan johannes maria john james robert william michael david mary anna johanna peter thomas mohamed mohammed",
    0.004: (
        "hendrik cornelis willem pieter kees henk piet gerrit elisabeth cornelia wilhelmina catharina hendrika jacobus "
        "antonius adrianus petrus hans paul mark martin richard charles joseph daniel george edward christopher andrew "
        "patricia jennifer linda elizabeth barbara susan sarah karen nancy margaret lisa laura emma anne marie jean "
        "pierre michel andreas stefan christian wolfgang klaus maria jose ahmed ali fatima"
    ),
    0.0015: (
        "theo wim joop frans ton ad arie dirk jos rob ron bert erik eric marcel rene patrick bas bart jeroen dennis "
        "sander tim tom lars niels daan sem lucas luuk milan levi noah finn bram jesse max thijs sven ruben joris "
        "monique ingrid petra marjan yvonne esther sandra marianne annemarie marijke ria truus greet nel corrie lies "
        "sophie julia tess lotte eva sanne lieke femke iris anouk kim linda nicole miranda mirjam saskia brian kevin "
        "steven kenneth ronald timothy jason jeffrey ryan jacob gary eric scott frank raymond samuel benjamin adam "
        "henry arthur helen sandra donna carol ruth sharon michelle amanda melissa deborah stephanie rebecca amy "
        "kathleen angela alice grace rose jane ann joan hannah olivia charlotte jessica emily thomas markus jorg uwe "
        "frank sabine monika ursula claudia francois philippe jacques nicolas isabelle sylvie nathalie juan carlos "
        "luis antonio ana carmen wang wei li jie mehmet mustafa yusuf ibrahim omar hassan aisha"
    ),
}
_FAMILY = {
    0.004: (
        "jong jansen vries berg dijk bakker janssen visser smit meijer boer smith johnson williams brown jones garcia "
        "miller davis rodriguez martinez muller schmidt schneider nguyen martin wang li zhang chen singh kumar khan"
    ),
    0.0015: (
        "mulder groot bos vos peters hendriks leeuwen dekker brouwer wit dijkstra smits graaf meer linden kok jacobs "
        "haan vermeulen heuvel veen broek bruijn bruin heijden schouten beek willems vliet ven hoekstra maas verhoeven "
        "koster dam wal prins blom huisman peeters kuipers veenstra kramer brink scholten wijk postma martens vink "
        "hernandez lopez gonzalez wilson anderson thomas taylor moore jackson lee perez thompson white harris sanchez "
        "clark ramirez lewis robinson walker young allen king wright scott torres hill flores green adams nelson hall "
        "rivera campbell mitchell carter roberts evans turner parker edwards collins stewart morris murphy cook rogers "
        "fischer weber meyer wagner becker schulz hoffmann koch bauer richter klein wolf schroder neumann schwarz "
        "zimmermann bernard dubois durand leroy moreau simon laurent yilmaz kaya demir ozturk ali ahmed hussain patel "
        "liu yang huang kim park"
    ),
}
UNLISTED = {"given": 0.0008, "family": 0.0002}
TOTAL = 1_000_000
"""The size of the population that the counts below are of."""


def _counts(listed: dict[float, str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for share, names in listed.items():
        for name in names.split():
            counts.setdefault(name, round(share * TOTAL))
    return counts


def common_names() -> dict[str, dict[str, int]]:
    """Counts in a population of `TOTAL` per comparison: given, family."""
    return {"given": _counts(_GIVEN), "family": _counts(_FAMILY)}
