"""The log tells what broke and where, and never a value: of a database error, a value that was read, or a request."""

from __future__ import annotations

import io
import logging
import logging.config
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from pydantic import BaseModel
from tests.surfaces.exchange.conftest import ANNA, Api, problem

from klantbeeld.config import logs
from klantbeeld.kit.errors import Invalid
from klantbeeld.profiles import queries as profiles

CANARY = "canary.jansen@voorbeeld.example"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the product writes, with the handler and formatter of its own settings."""
    text = io.StringIO()
    configurator = logging.config.DictConfigurator({**settings.LOGGING, "incremental": False})
    formatter = configurator.configure_formatter(dict(settings.LOGGING["formatters"]["plain"]))
    handler = logging.StreamHandler(text)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield text
    finally:
        root.removeHandler(handler)


def test_every_handler_of_the_settings_is_discreet() -> None:
    assert {one["formatter"] for one in settings.LOGGING["handlers"].values()} == {"plain"}
    assert settings.LOGGING["formatters"]["plain"]["()"] == "klantbeeld.config.logs.Discreet"


class Form(BaseModel):
    number: int


def unique() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE once (email text CONSTRAINT once_only PRIMARY KEY) ON COMMIT DROP")
        for _ in range(2):
            cursor.execute("INSERT INTO once VALUES (%s)", [CANARY])


def unreadable() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::text::date", [CANARY])


def too_long() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DO $$ DECLARE n varchar(3); BEGIN n := 'x' || %s; END $$", [CANARY])


def chained() -> None:
    try:
        {}[CANARY]
    except KeyError:
        raise RuntimeError("could not go on") from None


def caused() -> None:
    try:
        int(CANARY)
    except ValueError as error:
        raise RuntimeError("could not go on") from error


def group() -> None:
    raise ExceptionGroup("several", [ValueError(f"'{CANARY}'"), KeyError(CANARY)])


def invalid() -> None:
    raise Invalid(f"'{CANARY}' is not a number.", code="number.unreadable")


def form() -> None:
    Form.model_validate({"number": CANARY})


BREAKS: dict[Callable[[], None], str] = {
    unique: "UniqueViolation (23505), table once, constraint once_only",
    unreadable: "InvalidDatetimeFormat (22007)",
    too_long: "StringDataRightTruncation (22001)",
    chained: "RuntimeError: could not go on",
    caused: "invalid literal for int() with base 10: '...'",
    group: "ExceptionGroup: 2 errors",
    invalid: "Invalid: number.unreadable",
    form: "1 values are not valid",
}


@pytest.mark.parametrize("breaks", BREAKS, ids=lambda one: one.__name__)
def test_log_of_a_request_that_broke_holds_no_value(
    api: Api, log: io.StringIO, monkeypatch: pytest.MonkeyPatch, breaks: Callable[[], None]
) -> None:
    customer = api.person("1", **ANNA)

    def get_profile(*_: Any, **__: Any) -> Any:
        try:
            breaks()
        except Exception as error:
            raise LookupError(f"'{CANARY}'") from error

    monkeypatch.setattr(profiles, "get_profile", get_profile)
    assert problem(api.get(f"/customers/{customer}")) == (500, "internal")
    written = log.getvalue()
    assert BREAKS[breaks] in written
    assert f"in {breaks.__name__}" in written, "the way there is told"
    assert "LookupError: '...'" in written
    assert "canary" not in written.replace("CANARY", "")


@pytest.mark.parametrize("breaks", BREAKS, ids=lambda one: one.__name__)
def test_error_in_the_words_of_a_log_line_holds_no_value(
    db: None, log: io.StringIO, breaks: Callable[[], None]
) -> None:
    with pytest.raises(Exception) as broke:  # noqa: PT011 - any of them
        breaks()
    logger = logging.getLogger("klantbeeld.test")
    logger.error("Went wrong: %s", broke.value)
    logger.error("Went wrong: %(error)s", {"error": broke.value})
    logger.error(broke.value)
    logger.error("Row refused.\nDETAIL:  Key (email)=(%s) already exists.", CANARY)
    assert log.getvalue().count("Went wrong: ") == 2
    assert "canary" not in log.getvalue()


def test_error_that_nobody_caught_is_told_without_its_values(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    logs.install_hooks()
    try:
        caused()
    except RuntimeError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    thread = threading.Thread(target=caused)
    thread.start()
    thread.join()
    told = capsys.readouterr().err
    assert told.count("RuntimeError: could not go on") == 2
    assert "canary" not in told
