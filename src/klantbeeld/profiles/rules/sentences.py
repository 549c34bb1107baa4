"""Why a value won or lost, as a sentence for people."""

from __future__ import annotations

from klantbeeld.profiles.rules.survivorship import Verdict

WON = {
    "nl": {
        "only": "De enige waarde die een bron noemt ({sources}).",
        "steward": "Een medewerker heeft deze waarde vastgesteld.",
        "verified": "De klant heeft deze waarde bevestigd ({sources}).",
        "rank": "{sources} is de meest vertrouwde bron die een waarde noemt.",
        "recent": "De meest recente opgave: {sources}, {date}.",
        "frequent": "De meeste records noemen deze waarde ({count}).",
        "complete": "De meest volledige waarde ({sources}).",
        "tie": "Gelijkwaardig aan een andere waarde; een vaste volgorde geeft de doorslag ({sources}).",
    },
    "en": {
        "only": "The only value that any source states ({sources}).",
        "steward": "An employee established this value.",
        "verified": "The customer confirmed this value ({sources}).",
        "rank": "{sources} is the most trusted source that states a value.",
        "recent": "The most recent statement: {sources}, {date}.",
        "frequent": "Most records state this value ({count}).",
        "complete": "The most complete value ({sources}).",
        "tie": "As good as another value; a fixed order decides ({sources}).",
    },
}
LOST = {
    "nl": {
        "steward": "Verloor: een medewerker heeft een andere waarde vastgesteld.",
        "verified": "Verloor: de klant heeft een andere waarde bevestigd.",
        "rank": "Verloor: {sources} wordt minder vertrouwd dan {winner}.",
        "recent": "Verloor: ouder ({date}) dan de opgave van {winner}.",
        "frequent": "Verloor: minder records noemen deze waarde ({count}).",
        "complete": "Verloor: minder volledig dan de waarde van {winner}.",
        "tie": "Verloor: gelijkwaardig, een vaste volgorde geeft de doorslag.",
    },
    "en": {
        "steward": "Lost: an employee established another value.",
        "verified": "Lost: the customer confirmed another value.",
        "rank": "Lost: {sources} is trusted less than {winner}.",
        "recent": "Lost: older ({date}) than what {winner} states.",
        "frequent": "Lost: fewer records state this value ({count}).",
        "complete": "Lost: less complete than the value of {winner}.",
        "tie": "Lost: as good, but a fixed order decides.",
    },
}


#: For who reaches the records of one company only.
BEYOND = {
    "nl": "De reden noemt een bron van een ander bedrijf van de groep.",
    "en": "The reason names a source of another company of the group.",
}


def sentence(verdict: Verdict, winner: Verdict, number: int, language: str) -> str:
    """One sentence about the value at place `number` (0 is the winner)."""
    template = (WON if number == 0 else LOST)[language][verdict.why]
    return template.format(
        sources=", ".join(sorted({claim.witness.source for claim in verdict.support})),
        winner=winner.claim.witness.source,
        date=f"{max(claim.witness.at for claim in verdict.support):%d-%m-%Y}",
        count=len({claim.witness.record for claim in verdict.support}),
    )
