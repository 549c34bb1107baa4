"""The open golden-customer-record platform.

Imports go down only: config, cli, surfaces (desk, studio, exchange, demo), ui, domain (flows ... consent),
foundation, engines, kit. docs/architecture.md tells the story; .importlinter holds it.
"""

__version__ = "0.1.0"
