"""A self-contained report (one HTML file, no network) of what a resolution found, and its figures as JSON.

`render` takes the figures (a dict of JSON values, described in `figures.py`) and a language, and gives the page.
"""

from klantbeeld.engines.report.page import render

__all__ = ["render"]
