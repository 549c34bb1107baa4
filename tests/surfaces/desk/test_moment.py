"""A customer on a day, on the desk: known then, held then, and now."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import time_machine
from tests.surfaces.desk.conftest import Api, Sit

JANUARY = datetime(2026, 1, 10, 12, tzinfo=UTC)
MARCH = datetime(2026, 3, 10, 12, tzinfo=UTC)


def lines(html: str) -> dict[str, list[str]]:
    """The rows of the table: label -> known, held, now."""
    body = html[html.index("<tbody>") : html.index("</tbody>")]
    found = {}
    for row in body.split("</tr>")[:-1]:
        cells = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", cell)).strip() for cell in re.split(r"</t[hd]>", row)]
        found[cells[0]] = cells[1:4]
    return found


def test_moment_shows_what_was_known_and_what_held(api: Api, sit: Sit) -> None:
    anna = {"given_name": "Anna", "family_name": "Jansen", "birth_date": "1980-05-17"}
    with time_machine.travel(JANUARY, tick=False):
        customer = api.person("1", **anna)
    with time_machine.travel(MARCH, tick=False):
        api.person("1", **anna | {"given_name": "Anne"})
    desk = sit("steward", language="nl")
    page = desk.text(f"/customers/{customer}/moment", day="2026-02-01")
    assert lines(page)["Roepnaam"] == ["Anna", "Anna", "Anne"]
    assert lines(page)["Achternaam"] == ["Jansen"] * 3
    assert "1 kenmerk was anders dan nu" in page
    assert "Alles was zoals het nu is." in desk.text(f"/customers/{customer}/moment", day="2026-03-10")
    assert "Geen enkele bron kende deze klant al." in desk.text(f"/customers/{customer}/moment", day="2026-01-09")
    english = sit("steward", language="en").text(f"/customers/{customer}/moment", day="2026-02-01")
    assert lines(english)["Given name"] == ["Anna", "Anna", "Anne"]


def test_moment_takes_days_only_and_today_for_what_is_to_come(api: Api, sit: Sit) -> None:
    customer = api.person("1", family_name="Jansen")
    desk = sit("agent", language="nl")
    wrong = desk.get(f"/customers/{customer}/moment", day="gisteren")
    assert (wrong.status_code, "Dit is geen dag" in wrong.content.decode()) == (400, True)
    assert lines(desk.text(f"/customers/{customer}/moment", day="9999-12-31"))["Achternaam"] == ["Jansen"] * 3
    assert "moment" in desk.text(f"/customers/{customer}/history")
