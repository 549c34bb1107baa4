"""Which processes there are and how each is started; in production each of these is a unit of its own."""

from __future__ import annotations

import sys

from klantbeeld.config import settings
from klantbeeld.config.processes.children import ProcessDefinition

WSGI = "klantbeeld.config.wsgi:application"


def _granian(target: str, interface: str, port: int, *options: str) -> tuple[str, ...]:
    return (
        *(sys.executable, "-m", "granian", "--interface", interface, "--host", settings.HOST, "--port", str(port)),
        *("--no-ws", "--log-level", "warning", "--respawn-failed-workers"),
        # What still runs after the grace is ended by granian itself, before the supervisor loses patience.
        *("--workers-kill-timeout", str(max(settings.DRAIN_SECONDS - 2, 1))),
        *options,
        target,
    )


def web() -> ProcessDefinition:
    """Screens and API."""
    return ProcessDefinition(
        "web",
        _granian(
            WSGI,
            "wsgi",
            settings.WEB_PORT,
            *("--workers", str(settings.WEB_PROCESSES), "--blocking-threads", str(settings.WEB_THREADS)),
        ),
        {"KLANTBEELD_DATABASE_POOL": str(settings.WEB_THREADS)},
    )


def intake() -> ProcessDefinition:
    """The same code on its own port, with its own pool and a bounded queue: overload here never starves the desk."""
    return ProcessDefinition(
        "intake",
        _granian(
            WSGI,
            "wsgi",
            settings.INTAKE_PORT,
            *("--workers", "1", "--blocking-threads", str(settings.INTAKE_THREADS)),
            *("--backpressure", str(settings.INTAKE_QUEUE)),
        ),
        {"KLANTBEELD_DATABASE_POOL": str(settings.INTAKE_THREADS)},
    )


def live() -> ProcessDefinition:
    """Server-sent events."""
    return ProcessDefinition(
        "live",
        _granian("klantbeeld.config.processes.live:application", "asgi", settings.LIVE_PORT, "--workers", "1"),
        # Signing reads Django's settings; the apps are never loaded here.
        {"DJANGO_SETTINGS_MODULE": "klantbeeld.config.settings"},
    )


def worker() -> ProcessDefinition:
    """Short jobs, and the relay of the outbox."""
    return _worker("worker", settings.WORKER_THREADS)


def bulk() -> ProcessDefinition:
    """Long jobs, one at a time, in a process of their own: they must not hold up the short ones."""
    return _worker("bulk", 1)


def _worker(name: str, threads: int) -> ProcessDefinition:
    command = (sys.executable, "-m", "klantbeeld.config.processes", name, str(threads))
    return ProcessDefinition(name, command, pauses_on_low_disk=True)


def demo() -> ProcessDefinition:
    """The invented systems of the demo, for the sources that pull from them."""
    command = (sys.executable, "-c", "from klantbeeld.cli import main; main()", "demo", "serve", "--loaded")
    return ProcessDefinition("demo", (*command, "--port", str(settings.DEMO_PORT)))


def all_processes() -> list[ProcessDefinition]:
    """In the order in which they are started; the demo's systems only when its world is loaded."""
    invented = [demo()] if settings.HOME.demo_world.exists() else []
    return [web(), live(), worker(), intake(), bulk(), *invented]
