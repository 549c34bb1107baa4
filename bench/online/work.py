"""The measured process: imports, fills, and times single acts; figures as JSON in the home folder."""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.golden.work import FEEDS, declare_as_csv, write_feeds

from klantbeeld.config.start import setup_django

STEP = 10**10
PURPOSE = "service"

# Every table that finding and resolving read, copied with ids that no sequence reaches.
FILL = (
    """INSERT INTO sources_record (id, uuid, source_id, kind, external_id, state, version_id, first_received_at)
       SELECT id + {step}, gen_random_uuid(), source_id, kind, external_id || '~{copy}', state, NULL, first_received_at
       FROM sources_record WHERE id < {base}""",
    """INSERT INTO identity_matchinput (record_id, kind, stable, features, keys)
       SELECT record_id + {step}, kind, stable || '~{copy}', features, keys
       FROM identity_matchinput WHERE record_id < {base}""",
    """INSERT INTO identity_matchkey (key, type, record_id)
       SELECT hashint8extended(key, {copy}), type, record_id + {step}
       FROM identity_matchkey WHERE record_id < {base}""",
    """INSERT INTO identity_link (left_id, right_id, weight, household, levels)
       SELECT left_id + {step}, right_id + {step}, weight, household, levels FROM identity_link
       WHERE left_id < {base}""",
    """INSERT INTO identity_customer (id, uuid, kind, into_id, born_at, retired_at)
       SELECT id + {step}, gen_random_uuid(), kind, into_id + {step}, born_at, retired_at
       FROM identity_customer WHERE id < {base}""",
    """INSERT INTO identity_member (record_id, kind, customer_id, home_id, component, suggested)
       SELECT record_id + {step}, kind, customer_id + {step}, home_id + {step}, component + {step}, suggested + {step}
       FROM identity_member WHERE record_id < {base}""",
    """INSERT INTO profiles_profile (customer_id, kind, version, golden, name, sort_name, city, postcode, birth_date,
         sources, records, tokens, changed_at)
       SELECT customer_id + {step}, kind, version, golden, name, sort_name, city, postcode, birth_date, sources,
         records, tokens, changed_at FROM profiles_profile WHERE customer_id < {base}""",
)


def main(records: int, filled_to: int, acts: int, home: Path) -> None:
    """Import, measure, fill, measure again; with no records only measure."""
    setup_django()
    from klantbeeld.engines import matching

    matching.warm()
    if records:
        load(records, home)
    stages = [stage(acts, home)]
    if filled_to > records:
        began = time.perf_counter()
        fill(-(-filled_to // records) - 1)
        print(f"filled in {time.perf_counter() - began:.0f} s", file=sys.stderr)
        stages.append(stage(acts, home))
    (home / "online.json").write_text(json.dumps(stages), encoding="utf-8")


def load(records: int, home: Path) -> None:
    """Import invented customers through the product."""
    from klantbeeld.flows import imports
    from klantbeeld.foundation.access import Actor

    paths = write_feeds(records, 1, home)
    actor = Actor.system("bench")
    for code in paths:
        declare_as_csv(code, actor)
    began = time.perf_counter()
    for (code, feed), path in zip(FEEDS, paths.values(), strict=True):
        imports.import_source(source_code=code, feed=feed, path=path, actor=actor)
    print(f"imported in {time.perf_counter() - began:.0f} s", file=sys.stderr)


def fill(copies: int) -> None:
    """Copy the imported rows so many times, and let the planner know."""
    from django.db import connection, transaction

    for copy in range(1, copies + 1):
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in FILL:
                cursor.execute(statement.format(step=copy * STEP, copy=copy, base=STEP))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


class Clock:
    """Wall and CPU time of one sort of act."""

    def __init__(self) -> None:
        self.wall: list[float] = []
        self.cpu: list[float] = []

    def time(self, act: Callable[[], Any]) -> Any:
        wall, cpu = time.perf_counter(), time.process_time()
        answer = act()
        self.wall.append((time.perf_counter() - wall) * 1000)
        self.cpu.append((time.process_time() - cpu) * 1000)
        return answer

    def figures(self) -> dict[str, float]:
        wall, cpu = sorted(self.wall), sorted(self.cpu)
        return {"p50": wall[len(wall) // 2], "p95": wall[int(len(wall) * 0.95)], "cpu": cpu[len(cpu) // 2]}


def stage(acts: int, home: Path) -> dict[str, Any]:
    """Measure everything at the size that the database has now."""
    from django.db import connection

    turn = home / "online.turn"  # so that what is upserted is new every time
    seed = int(turn.read_text(encoding="utf-8")) + 1 if turn.exists() else 1
    turn.write_text(str(seed), encoding="utf-8")
    chance = random.Random(seed)
    load = os.getloadavg()[0]
    clocks: dict[str, Clock] = {}
    find_acts(clocks, sample(acts, chance), chance)
    upsert_acts(clocks, sample(acts, chance), seed)
    merge_acts(clocks, chance, max(acts // 5, 1))
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT (SELECT count(*) FROM identity_matchinput), (SELECT count(*) FROM identity_matchkey),
               (SELECT count(*) FROM identity_customer WHERE into_id IS NULL), current_setting('server_version')"""
        )
        records, keys, customers, version = cursor.fetchone()
    return {
        "records": records, "keys": keys, "customers": customers, "postgresql": version, "cores": os.cpu_count(),
        "load": load, "acts": {name: clock.figures() for name, clock in clocks.items()},
    }  # fmt: skip


def sample(count: int, chance: random.Random) -> list[Any]:
    """Live imported persons."""
    from klantbeeld.sources.contracts import Kind
    from klantbeeld.sources.queries import list_record_ids, load_records

    ids: list[int] = []
    after = 0
    while found := [number for number in list_record_ids(after=after, limit=20_000) if number < STEP]:
        ids += found
        after = found[-1]
    records = load_records(chance.sample(ids, min(len(ids), count * 2)))
    return [record for record in records if record.kind is Kind.PERSON][:count]


def find_acts(clocks: dict[str, Clock], records: list[Any], chance: random.Random) -> None:
    """Find by phone, e-mail, address and number in other notations than stored; by name with a letter left out."""
    from klantbeeld.flows.find import find
    from klantbeeld.foundation.access import Actor
    from klantbeeld.identity.queries import find_by_number

    actor = Actor.system("bench")
    clocks |= {name: Clock() for name in ("find_number_query", "find_number", "find_name")}
    for record in records:
        texts = [text for text in typed(record) if text]
        if texts:
            text = chance.choice(texts)
            clocks["find_number_query"].time(lambda text=text: find_by_number(text))
            found = clocks["find_number"].time(lambda text=text: find(text, actor=actor, purpose=PURPOSE))
            if not found.hits:
                print(f"not found: {text!r} of record {record.id}", file=sys.stderr)
        name = record.attributes.get("family_name", "")
        if len(name) > 4:
            words = f"{record.attributes.get('given_name') or ''} {name[:2]}{name[3:]}"
            clocks["find_name"].time(lambda words=words: find(words, actor=actor, purpose=PURPOSE))


def typed(record: Any) -> list[str]:
    """Numbers of a record as somebody might type them."""
    says = record.attributes
    phone = [one["value"] for one in says.get("phone", ())]
    email = [one["value"] for one in says.get("email", ())]
    place = [one["value"] for one in says.get("address", ())]
    return [
        *(number.replace("-", " ") for number in phone),
        *(address.upper() for address in email),
        *(f"{p.get('postcode', '').lower()} {p.get('house_number', '')}" for p in place if p.get("postcode")),
        *(number.value for number in record.identifiers),
    ]


def upsert_acts(clocks: dict[str, Clock], records: list[Any], seed: int) -> None:
    """New records about known people from another source, and the same again with another phone number."""
    from klantbeeld.flows import receive
    from klantbeeld.foundation.access import Actor
    from klantbeeld.sources.contracts import Draft, Kind

    actor = Actor.system("bench")
    clocks |= {name: Clock() for name in ("upsert_new", "upsert_changed", "resolve")}
    plain = receive.identity.resolve
    resolving = clocks["resolve"]

    class Timed:
        """identity.actions with a clock on resolve."""

        hold_writer = staticmethod(receive.identity.hold_writer)

        @staticmethod
        def resolve(**arguments: Any) -> Any:
            return resolving.time(lambda: plain(**arguments))

    kept, receive.identity = receive.identity, Timed
    try:
        for place, record in enumerate(records):
            said = {code: value for code, value in record.attributes.items() if code != "email"}
            drafts = [
                Draft(Kind.PERSON, f"online-{seed}-{place}", said),
                Draft(
                    Kind.PERSON,
                    f"online-{seed}-{place}",
                    {**said, "phone": [{"value": f"06{seed % 10}{place:07}", "role": "mobile"}]},
                ),
            ]
            for name, draft in zip(("upsert_new", "upsert_changed"), drafts, strict=True):
                clocks[name].time(
                    lambda draft=draft: receive.receive(
                        source_code=FEEDS[-1][0], drafts=[draft], actor=actor, purpose=PURPOSE
                    )
                )
    finally:
        receive.identity = kept


def merge_acts(clocks: dict[str, Clock], chance: random.Random, count: int) -> None:
    """Merge two customers that have nothing to do with each other, and take it back."""
    from klantbeeld.flows.merge import merge, unmerge
    from klantbeeld.foundation.access import Actor
    from klantbeeld.identity import queries

    door = {"actor": Actor.system("bench"), "purpose": "stewardship"}
    clocks |= {"merge": Clock(), "unmerge": Clock()}
    found = queries.customer_of(record.id for record in sample(count * 2, chance))
    refs = queries.refs(found.values())
    for left, right in zip(refs[::2], refs[1::2], strict=False):
        pair = [left.uuid, right.uuid]
        made = clocks["merge"].time(lambda pair=pair: merge(customers=pair, **door))
        clocks["unmerge"].time(lambda made=made: unmerge(merge_uuid=made.merge_uuid, **door))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
