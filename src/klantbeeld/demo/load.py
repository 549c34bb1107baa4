"""Load the demo: files and services are made, sources declared, everything imported, employees hired."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

from klantbeeld.demo.declarations import KEY_VARIABLE, SERVICE_VARIABLE, declaration_for
from klantbeeld.demo.delivery import deliver
from klantbeeld.demo.people import EMPLOYEES, hire
from klantbeeld.demo.service.server import DemoServer
from klantbeeld.demo.systems import CODES
from klantbeeld.demo.world import World, build_world
from klantbeeld.flows.imports import Progress, import_source
from klantbeeld.flows.rebuild import rebuild
from klantbeeld.foundation.access import Actor
from klantbeeld.identity import queries as identity
from klantbeeld.identity.actions import train
from klantbeeld.sources import actions as sources

Say = Callable[[str], None]
SIZE, SEED = 5000, 1
_STEP_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Loaded:
    """Which world is loaded, remembered beside its files: what scoring needs."""

    size: int
    seed: int


def demo_folder() -> Path:
    """Give the folder of the demo's files, inside the data folder of this installation."""
    folder: Path = settings.HOME.folder / "demo"
    return folder


def find_loaded(folder: Path | None = None) -> Loaded | None:
    """Find which world was loaded, from its folder; None when none was."""
    path = (folder or demo_folder()) / "world.json"
    return Loaded(**json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else None


def load(say: Say, *, size: int = SIZE, seed: int = SEED, folder: Path | None = None) -> list[tuple[str, str, str]]:
    """Load a world of so many persons; returns (role, e-mail address, password) of an employee per role.

    `folder`: where its files go, by default in the data folder.

    It may be called again after it was stopped, at any point: it goes on. Raises OSError when the folder cannot be
    written, and what importing raises.
    """
    actor = Actor.system("demo")
    world = build_world(size, seed)
    folder = folder or demo_folder()
    say(f"making an invented company group: {size} persons, {world.organisations.count} organisations")
    deliver(world, folder)
    (folder / "world.json").write_text(json.dumps(asdict(Loaded(size, seed))), encoding="utf-8")
    hire(actor)
    for code in CODES:
        sources.declare(declaration=declaration_for(code, folder), actor=actor)
    import_all(world, say, actor)
    if not identity.trained_on():
        learn(say, actor)
    return [(one.shown_role, one.email, one.password) for one in EMPLOYEES]


def import_all(world: World, say: Say, actor: Actor) -> None:
    """Import every source, the services answering meanwhile at a free port of this machine."""
    with DemoServer(world, key=os.environ[KEY_VARIABLE]) as server, _environment(SERVICE_VARIABLE, server.address):
        for code in CODES:
            began = time.perf_counter()
            runs = import_source(source_code=code, actor=actor, full=True, progress=_teller(code, say))
            said = [f"{run.feed} {run.rows}" + (f" ({run.refused} refused)" if run.refused else "") for run in runs]
            say(f"{code}: {', '.join(said)} rows in {time.perf_counter() - began:.1f} s")


def learn(say: Say, actor: Actor) -> None:
    """Learn from the loaded records how to match them, and rebuild the customers under what was learned."""
    began = time.perf_counter()
    say("learning from the records how to match them")
    effect = rebuild(actor=actor, model=train()).effect
    say(f"{effect.merging} customers went up in others, {effect.splitting} split; {time.perf_counter() - began:.1f} s")


@contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    """Set a variable of the environment for a while."""
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


def _teller(code: str, say: Say) -> Callable[[Progress], None]:
    """Tell how far an import is, at most every two seconds."""
    told = time.monotonic()

    def tell(progress: Progress) -> None:
        nonlocal told
        if time.monotonic() - told >= _STEP_SECONDS:
            told = time.monotonic()
            share = f" ({progress.share:.0%})" if progress.share is not None else ""
            say(f"{code}: {progress.feed}, {progress.rows} rows{share}")

    return tell
