"""The process that reads ahead (flows.beside): `python -m klantbeeld.flows.reader DESCRIPTOR`."""

from __future__ import annotations

import gc
import sys
from multiprocessing.connection import Connection

READY, END = "ready", "end"
"""What it says beside frames; anything else is the name of the error for which it gave up."""


def main(descriptor: int) -> None:
    """Make frames of the input that was ordered over this connection, one for each number of rows asked for."""
    connection = Connection(descriptor)
    try:
        connection.send(_served(connection))
        while True:  # what is still asked for falls on deaf ears, until whoever asks has seen the end
            connection.recv()
    except (EOFError, ConnectionError):
        return  # whoever asked has what it needs, or is gone


def _served(connection: Connection) -> str:
    """Serve, and give the last word."""
    try:
        _serve(connection)
    except (EOFError, ConnectionError):
        raise
    except Exception as error:  # whoever asked does the work itself then, and meets the error there
        return type(error).__name__
    return END


def _serve(connection: Connection) -> None:
    import django

    django.setup()
    from klantbeeld.flows.batches import batches, frame_of
    from klantbeeld.identity.actions import Preparer
    from klantbeeld.sources import queries

    order = connection.recv()
    preparer = Preparer.by(order.recipe)
    given = queries.reopen(order.feed, order.path)
    gc.freeze()
    gc.set_threshold(250_000, 20, 20)
    connection.send(READY)
    after = connection.recv()
    for batch in batches(given, after, connection.recv, preparer):
        connection.send(frame_of(batch))


if __name__ == "__main__":
    main(int(sys.argv[1]))
