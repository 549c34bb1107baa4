"""The WSGI application of the web and intake processes."""

from __future__ import annotations

from django.core.wsgi import get_wsgi_application

from klantbeeld.config.start import prepare_process

prepare_process()
application = get_wsgi_application()
