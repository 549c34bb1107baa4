"""The systems that are services: web shop, CRM and partner answer over HTTP on this machine, as such services do.

Three ways of paging (cursor, numbered pages, Link header), `updated_since`, a key in a header, and faults when asked.
"""

from klantbeeld.demo.service.server import DemoServer, serve
from klantbeeld.demo.service.store import Shelf

__all__ = ["DemoServer", "Shelf", "serve"]
