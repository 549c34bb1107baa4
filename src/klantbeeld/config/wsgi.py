"""The WSGI application of the web and intake processes."""

from __future__ import annotations

import gc
import threading

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from klantbeeld.config.start import prepare_process

prepare_process()
application = get_wsgi_application()
# Now and not at the first request, so that it does not wait, and a mistake in them shows at the start.
_ = get_resolver().url_patterns
# What is loaded now stays until the end: the collector need not look at it again in the middle of a request.
gc.freeze()


def _warm() -> None:
    from klantbeeld.engines import matching

    matching.warm()


# Beside the first requests: only those that resolve a record need the compiled engine.
threading.Thread(target=_warm, name="warm", daemon=True).start()
