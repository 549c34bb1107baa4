"""The review queue in the studio, without scripts: every button is a form that works."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse
from tests.domain.flows.house import STEWARD, customer, deliver, person, source
from tests.domain.flows.house import address as address_of
from tests.domain.stewardship.test_queue import doubtful_pair, only, states
from tests.surfaces.desk.conftest import Desk, Sit

from klantbeeld.kit.ids import format_id
from klantbeeld.sources.models import Record
from klantbeeld.stewardship import actions
from klantbeeld.stewardship.contracts import Limits, State
from klantbeeld.stewardship.models import Check, Review, Sample


def address(name: str, item: Review | None = None) -> str:
    return reverse(f"studio:{name}", args=[format_id("rvw", (item or only()).uuid)])


def send(desk: Desk, url: str, *, part: bool = False, **values: Any) -> HttpResponse:
    headers = {"hx-request": "true"} if part else {}
    answer: HttpResponse = desk.client.post(url, values, headers=headers)
    return answer


def test_empty_queue_says_what_to_do(sit: Sit) -> None:
    text = sit("steward").text(reverse("studio:reviews"))
    assert "Er wacht niets op u" in text
    assert "steekproef" in text
    assert "Niets met deze filters" in sit("steward").text(reverse("studio:reviews"), kind="person")


def test_queue_shows_whom_it_is_about_with_the_chance_and_counts(sit: Sit) -> None:
    doubtful_pair()
    desk = sit("steward")
    text = desk.text(reverse("studio:reviews"))
    assert text.count("Anna Jansen") + text.count("Anna Janssen") == 2
    assert re.search(r"Te beoordelen <span class=\"count\">1</span>", text)
    assert "Anna Jansen" not in desk.text(reverse("studio:reviews"), kind="organisation")
    assert "To review" in sit("steward", "en").text(reverse("studio:reviews"))


def test_queue_goes_on_where_the_page_ended(sit: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    from klantbeeld.studio.review import views

    monkeypatch.setattr(views, "PAGE", 2)
    source("crm")
    for number, name in enumerate(("Bakker", "Visser", "Smit", "Mulder", "Dekker")):
        home = address_of(f"{1000 + number * 1111} AB", str(number + 3))
        known = {"given_name": "Anna", "family_name": name, "birth_date": f"19{50 + number}-05-17"}
        deliver("crm", person(f"a{number}", **known, address=home))
        deliver("crm", person(f"b{number}", initials="A", family_name=name, address=home))
    waiting = Review.objects.filter(state=State.REVIEW).count()
    assert waiting >= 3
    for order in ("priority", "oldest", "newest"):
        desk, seen, place = sit("steward"), [], ""
        while True:
            text = desk.text(reverse("studio:reviews"), order=order, **({"place": place} if place else {}))
            seen += re.findall(r"/studio/reviews/(rvw_\w+)/\"><svg", text)
            found = re.search(r"place=([\d.]+)\"", text)
            if not found:
                break
            place = found[1]
        assert len(seen) == len(set(seen)) == waiting, order


def test_review_shows_both_sides_the_winner_the_evidence_and_the_impact(sit: Sit) -> None:
    doubtful_pair()
    text = sit("steward").text(address("review"))
    assert "anna@voorbeeld.nl" in text
    assert text.count('class="wins"') == 2
    assert "Startpunt" in text or "Uitgangspunt" in text or "Starting point" not in text
    assert "Wat samenvoegen doet" in text
    assert text.count("<rect class=") >= 3


def test_merge_leads_on_and_can_be_undone_from_the_line_above(sit: Sit) -> None:
    doubtful_pair()
    desk, item = sit("steward"), only()
    answer = send(desk, address("review-judge"), verdict="merge", version=item.version, reason="belde")
    assert (answer.status_code, answer["Location"]) == (302, reverse("studio:reviews"))
    assert states() == [State.MANUAL]
    part = desk.text(address("review"))
    (undo,) = set(re.findall(r'action="(/studio/reviews/acts/mrg_\w+/undo)"', part))
    assert send(desk, undo).status_code == 302
    assert states() == [State.REVIEW]
    assert "draaide het terug" in desk.text(address("review"))


def test_part_answers_with_the_line_only(sit: Sit) -> None:
    doubtful_pair()
    desk, item = sit("steward"), only()
    answer = send(desk, address("review-judge"), part=True, verdict="refuse", version=item.version)
    text = answer.content.decode()
    assert "Verschillende klanten: Anna Jansen" in text
    assert "<html" not in text
    assert "data-last-undo" in text
    assert "<html" not in desk.text(address("review"), part=True)


def test_who_comes_second_reads_that_somebody_decided(sit: Sit) -> None:
    doubtful_pair()
    desk, item = sit("steward"), only()
    url = address("review-judge")
    assert send(desk, url, verdict="merge", version=item.version).status_code == 302
    answer = send(desk, url, part=True, verdict="refuse", version=item.version)
    assert answer.status_code == 409
    assert "Iemand heeft hier intussen over beslist" in answer.content.decode()
    assert states() == [State.MANUAL]


def test_put_off_comment_assign_and_back(sit: Sit) -> None:
    doubtful_pair()
    desk, item = sit("steward"), only()
    assert send(desk, address("review-judge"), verdict="put_off", version=item.version, days=7).status_code == 302
    assert states() == [State.PUT_OFF]
    assert "Uitgesteld" in desk.text(address("review"))
    assert send(desk, address("review-judge"), verdict="resume", version=item.version).status_code == 302
    assert states() == [State.REVIEW]
    assert send(desk, address("review-remark"), text="<b>gebeld</b>").status_code == 302
    assert "&lt;b&gt;gebeld" in desk.text(address("review"))
    assert send(desk, address("review-remark"), to="me").status_code == 302
    assert "Anna Jansen" in desk.text(reverse("studio:reviews"), assigned="mine")
    assert "Anna Jansen" not in desk.text(reverse("studio:reviews"), assigned="nobody")


def test_second_pair_of_eyes_is_asked_for_on_the_page(sit: Sit) -> None:
    doubtful_pair()
    actions.declare_limits(limits=Limits(customers=2), actor=STEWARD)
    desk, item = sit("steward"), only()
    assert "twee gegevensbeheerders" in desk.text(address("review"))
    answer = send(desk, address("review-judge"), part=True, verdict="merge", version=item.version)
    assert "een andere gegevensbeheerder moet" in answer.content.decode()
    assert "Dat was u" in desk.text(address("review"))
    assert send(desk, address("review-judge"), part=True, verdict="merge", version=item.version).status_code == 409
    assert send(desk, address("review-judge"), verdict="decline", version=item.version).status_code == 302
    assert "Dat was u" not in desk.text(address("review"))


def test_split_and_move_from_the_page(sit: Sit) -> None:
    source("crm")
    said = {"given_name": "Anna", "family_name": "Jansen", "birth_date": "1980-05-17", "email": "a@voorbeeld.nl"}
    deliver("crm", *(person(name, **said) for name in "abc"))
    desk, item = sit("steward"), only()
    text = desk.text(address("review"))
    assert text.count('type="checkbox" name="record"') == 3
    record = format_id("rec", Record.objects.get(external_id="c").uuid)
    assert send(desk, address("review-place", item), record=record).status_code == 302
    assert customer("crm", "a") == customer("crm", "b") != customer("crm", "c")
    assert send(desk, address("review-place", item), record="rec_x").status_code == 404


@pytest.mark.parametrize("bad", ["\0", "\ud800", "x" * 10_000, "-1", "9" * 30, "1.2.3", "1e9", "²"])
def test_no_parameter_breaks_a_page(sit: Sit, bad: str) -> None:
    doubtful_pair()
    desk, item = sit("steward"), only()
    for name in ("state", "kind", "assigned", "order", "place"):
        if bad != "\ud800":
            assert desk.get(reverse("studio:reviews"), **{name: bad}).status_code < 500, name
    for field in ("version", "verdict", "days", "customer", "reason"):
        values = {"verdict": "put_off", "version": item.version, field: bad.encode("utf-8", "replace").decode()}
        assert send(desk, address("review-judge", item), **values).status_code < 500, field
    assert desk.get(f"/studio/reviews/rvw_{'x' * 30}/").status_code == 404


def test_sample_is_drawn_checked_and_counted(sit: Sit) -> None:
    source("crm")
    said = {"given_name": "Anna", "family_name": "Jansen", "birth_date": "1980-05-17", "email": "a@voorbeeld.nl"}
    deliver("crm", *(person(name, **said) for name in "ab"))
    desk = sit("steward")
    assert "Nog niet gemeten" in desk.text(reverse("studio:review-figures"))
    assert send(desk, reverse("studio:review-draw"), size=10).status_code == 302
    sample = format_id("smp", Sample.objects.get().uuid)
    assert desk.text(reverse("studio:review-sample", args=[sample])).count('value="right"') == 2
    for check, said_of in zip(Check.objects.all(), ("right", "wrong"), strict=True):
        url = reverse("studio:review-answer", args=[format_id("chk", check.uuid)])
        assert send(desk, url, answer=said_of, sample=sample).status_code == 302
    assert "Deze steekproef is klaar" in desk.text(reverse("studio:review-sample", args=[sample]))
    text = desk.text(reverse("studio:review-figures"))
    assert "50%" in text
    assert "Klopt wat automatisch" in text
