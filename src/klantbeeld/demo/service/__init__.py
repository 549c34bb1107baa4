"""The systems that are services: web shop, CRM and partner answer over HTTP on this machine, as such services do.

address  where they answer
changes  what changes while they run
store    rows in an order that stays complete while rows change
server   HTTP: three ways of paging (cursor, numbered pages, Link header), a key in a header, faults when asked
"""
