"""What templates of every surface may write."""

from __future__ import annotations

from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from klantbeeld.ui.places import Frame, frame_of

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon of ui/icons.svg, hidden from screen readers: the text beside it says what it means."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', static("ui/icons.svg"), name
    )


@register.simple_tag(takes_context=True)
def frame(context: template.Context) -> Frame | None:
    """What the frame offers to who is logged in; None for who is not."""
    request: Any = context.get("request")
    return frame_of(request) if request is not None and request.user.is_authenticated else None


@register.filter
def breakable(text: str) -> SafeString:
    """An e-mail address that may break after its @, and nowhere odd."""
    name, at, domain = str(text).rpartition("@")
    return format_html("{}@<wbr>{}", name, domain) if at else format_html("{}", text)
