"""An employee finds a customer by any number, reads the golden record and asks why."""

from __future__ import annotations

import json
import re

from playwright.sync_api import expect
from tests.faults.installation import Installation
from tests.journeys.conftest import Enter, press


def shared(house: Installation, statement: str) -> dict[str, str]:
    """One row of the database as a dictionary."""
    found: dict[str, str] = json.loads(house.psql(f"SELECT row_to_json(t) FROM ({statement}) t LIMIT 1"))
    return found


def busy_customer(house: Installation) -> dict[str, str]:
    """A person that was joined from several records, with an e-mail address and a phone number."""
    return shared(
        house,
        "SELECT name, records, golden->'email'->0->>'value' AS email, golden->'phone'->0->>'value' AS phone"
        " FROM profiles_profile WHERE kind = 1 AND records > 2 AND golden ? 'email' AND golden ? 'phone'"
        " ORDER BY records DESC, customer_id",
    )


def test_find_by_number_while_typing_and_open_with_the_keyboard(enter: Enter, house: Installation) -> None:
    known = busy_customer(house)
    page = enter("agent")
    press(page, "/")
    expect(page.locator("[data-find]")).to_be_focused()
    digits = re.sub(r"\D", "", known["phone"])
    page.keyboard.type(" ".join(digits), delay=5)
    row = page.locator("[data-row]", has_text=known["name"]).first
    expect(row).to_be_visible()
    expect(row.locator(".badge.accent").first).to_contain_text("Telefoon")
    press(page, "ArrowDown")
    press(page, "Enter")
    expect(page.locator("h1")).to_have_text(known["name"])
    assert digits not in page.url
    assert "cus_" in page.url


def test_number_of_a_contract_finds_those_with_a_role_and_tells_it(enter: Enter, house: Installation) -> None:
    policy = shared(
        house,
        "SELECT v.data->'attributes'->>'number' AS number FROM sources_record r JOIN sources_recordversion v"
        " ON v.id = r.version_id JOIN interactions_role o ON o.target_id = r.id JOIN identity_member m"
        " ON m.record_id = o.holder_id"
        " WHERE r.kind = 3 AND o.role = 'policyholder' AND o.to_date IS NULL ORDER BY r.id",
    )
    page = enter("agent")
    page.fill("[data-find]", policy["number"].lower())
    reason = page.locator("[data-row] .reasons .badge", has_text="verzekeringnemer").first
    expect(reason).to_be_visible()
    expect(reason).to_contain_text(re.compile(r"^Polis · .*verzekeringnemer.* · sinds \d+ \w{3} \d{4}$"))
    row, badge = page.locator("[data-row] td.name").first.bounding_box(), reason.bounding_box()
    assert row is not None
    assert badge is not None
    assert badge["y"] + badge["height"] <= row["y"] + row["height"] + 1, "the whole reason can be read"


def test_find_by_name_with_a_typo(enter: Enter, house: Installation) -> None:
    name = shared(
        house,
        "SELECT golden->'family_name'->0->>'value' AS family, golden->'given_name'->0->>'value' AS given, name"
        " FROM profiles_profile WHERE length(golden->'family_name'->0->>'value') > 7 AND golden ? 'given_name'"
        " AND golden->'family_name'->0->>'value' ~ '^[A-Za-z]+$' ORDER BY customer_id",
    )
    page = enter("agent")
    page.fill("[data-find]", f"{name['given']} {name['family'][:4]}x{name['family'][4:]}")
    expect(page.locator("[data-row]", has_text=name["name"]).first).to_be_visible()


def test_nobody_found_says_what_to_try(enter: Enter, house: Installation) -> None:
    page = enter("agent")
    page.fill("[data-find]", "qqqqqqq 999999999999")
    expect(page.get_by_role("heading", name="Niemand gevonden")).to_be_visible()


def test_customer_page_shows_provenance_by_hover_and_by_keyboard(enter: Enter, house: Installation) -> None:
    known = busy_customer(house)
    page = enter("agent")
    page.fill("[data-find]", known["email"])
    page.locator("[data-row] a", has_text=known["name"]).first.click()
    expect(page.locator("h1")).to_have_text(known["name"])
    badge = page.locator("dd", has_text=known["email"]).locator(".from").first
    badge.hover()
    tip = badge.get_attribute("data-tip") or ""
    assert badge.evaluate("it => getComputedStyle(it, '::after').content").strip('"') == tip
    assert badge.inner_text() in tip
    badge.focus()
    press(page, "Enter")
    expect(page.locator(".candidates .won").first).to_contain_text(known["email"])
    expect(page.get_by_text("Volgorde van voorrang")).to_be_visible()


def test_why_picture_leads_to_the_evidence(enter: Enter, house: Installation) -> None:
    known = busy_customer(house)
    page = enter("steward")
    page.fill("[data-find]", known["email"])
    page.locator("[data-row] a", has_text=known["name"]).first.click()
    expect(page.locator(".why .picture .node")).to_have_count(int(known["records"]))
    page.locator(".why header a").click()
    expect(page.get_by_role("heading", name="Waarom is dit één klant?", level=1)).to_be_visible()
    pair = page.locator("details.pair").first
    bits = [number(text) for text in pair.locator("tbody td.number").all_inner_texts()]
    total = number(pair.locator("tfoot td.number").inner_text())
    assert len(bits) > 1
    assert abs(sum(bits) - total) < 0.05 * (len(bits) + 1)


def number(text: str) -> float:
    """A number as Dutch writes it."""
    return float(text.replace("\N{MINUS SIGN}", "-").replace(".", "").replace(",", "."))


def test_list_filters_and_goes_on_while_scrolling(enter: Enter, house: Installation) -> None:
    page = enter("agent")
    page.goto("/customers/")
    page.get_by_role("link", name="Organisaties").click()
    expect(page.locator(".chip[aria-current]", has_text="Organisaties")).to_be_visible()
    wanted = int(house.psql("SELECT count(*) FROM profiles_profile WHERE kind = 2 AND records > 0"))
    expect(page.locator(".page-head .sub")).to_contain_text(f"{wanted} klant")
    page.goto("/customers/")
    first = page.locator("[data-row]").count()
    page.locator("tr.more").scroll_into_view_if_needed()
    expect(page.locator("[data-row]")).not_to_have_count(first)


def test_phone_shows_the_same_customer_without_sideways_scrolling(enter: Enter, house: Installation) -> None:
    known = busy_customer(house)
    page = enter("agent", width=390, height=844)
    page.fill("[data-find]", known["email"])
    page.locator("[data-row] a", has_text=known["name"]).first.click()
    expect(page.locator("h1")).to_have_text(known["name"])
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_english_and_dark(enter: Enter, house: Installation) -> None:
    page = enter("agent", language="en-GB")
    expect(page.get_by_role("heading", name="Who is it?")).to_be_visible()
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator(".rail [data-theme-toggle]").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.get_by_role("button", name="Nederlands").click()
    expect(page.get_by_role("heading", name="Wie is het?")).to_be_visible()


def test_studio_shows_sources_what_was_refused_and_the_score(enter: Enter, house: Installation) -> None:
    page = enter("steward")
    press(page, "g")
    press(page, "s")
    expect(page.get_by_role("heading", name="Bronnen")).to_be_visible()
    for system in ("Webwinkel", "Kassa's en klantenkaart", "Oud relatiebestand"):
        expect(page.locator("[data-row]", has_text=system).first).to_be_visible()
    page.get_by_role("link", name="Oud relatiebestand").click()
    expect(page.get_by_role("cell", name="SOFINR")).to_be_visible()
    page.goto("/demo/score/")
    expect(page.locator("table.measure")).to_have_count(2, timeout=20_000)


def test_marketer_may_not_see_sources(enter: Enter, house: Installation) -> None:
    page = enter("marketer")
    answer = page.request.get("/studio/sources/")
    assert answer.status == 403
    assert "sources:read" in answer.text()
