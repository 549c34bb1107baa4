"""Charts as inline SVG and plain elements: no script, sharp at any width, colours from the page's tokens.

Text stands in HTML around the drawing, so that it keeps its size on a narrow screen while the drawing stretches.
"""

from collections.abc import Mapping, Sequence

from klantbeeld.engines.report.html import Markup, join, tag
from klantbeeld.engines.report.numbers import count, decimal, percent
from klantbeeld.engines.report.texts import Language, Words

CLASSES = ("match", "household", "namesake", "random")


def columns(
    labels: Sequence[str], series: Sequence[tuple[str, Sequence[float]]], axis: str, language: Language
) -> Markup:
    """Draw groups of columns, one group per label, one series in strong and the next in pale colour.

    Heights are on a square-root scale, so that the few large customers stay visible beside the many small ones.
    """
    highest = max((value for _name, values in series for value in values), default=0) or 1
    groups = []
    for position, label in enumerate(labels):
        bars = [
            tag(
                "span",
                class_=f"bar s{number}",
                style=f"--h:{(values[position] / highest) ** 0.5:.4f}",
                title=f"{name}: {count(values[position], language)}",
            )
            for number, (name, values) in enumerate(series)
        ]
        top = tag("span", count(series[0][1][position], language), class_="n")
        groups.append(tag("li", tag("span", top, tag("span", *bars, class_="bars"), class_="plot"), tag("b", label)))
    legend = tag("p", *(tag("span", name, class_=f"key s{i}") for i, (name, _v) in enumerate(series)), class_="legend")
    return tag("figure", legend, tag("ol", *groups, class_="columns"), tag("figcaption", axis), class_="chart")


def histogram(
    edges: Sequence[float],
    by_class: Mapping[str, Sequence[int]],
    marks: Sequence[tuple[float, str, str]],
    words: Words,
) -> Markup:
    """Draw stacked columns over bins of weight, coloured by class, with lines at `marks` (place, label, CSS class).

    `edges` has one more entry than each list of `by_class`. Heights are on a square-root scale.
    """
    low, high = edges[0], edges[-1]
    totals = [sum(counts[i] for counts in by_class.values()) for i in range(len(edges) - 1)]
    highest = max(totals, default=0) or 1
    shapes: list[Markup] = []
    for i, total in enumerate(totals):
        height, foot = (total / highest) ** 0.5 * 200, 200.0
        x, width = 1000 * (edges[i] - low) / (high - low), 1000 * (edges[i + 1] - edges[i]) / (high - low)
        for name in CLASSES:
            part = by_class.get(name, [0] * len(totals))[i]
            if part:
                tall = height * part / total
                foot -= tall
                hint = f"{decimal(edges[i], words.language)} … {decimal(edges[i + 1], words.language)}"
                title = tag("title", f"{hint}: {count(part, words.language)} × {words(name)}")
                shapes.append(
                    tag("rect", title, x=f"{x + 0.6:.1f}", y=f"{foot:.2f}", width=f"{max(width - 1.2, 0.5):.1f}",
                        height=f"{tall:.2f}", class_=f"c-{name}")
                )  # fmt: skip
    inside = [(place, label, kind) for place, label, kind in marks if low <= place <= high]
    lines = [
        tag("line", x1=f"{_x(p, low, high):.1f}", x2=f"{_x(p, low, high):.1f}", y1=0, y2=200, class_=f"mark {kind}")
        for p, _label, kind in inside
    ]
    svg = tag("svg", *shapes, *lines, viewBox="0 0 1000 200", preserveAspectRatio="none", role="img",
              aria_label=words("weights_title"))  # fmt: skip
    labels = [
        tag("span", label, " ", tag("b", decimal(p, words.language)), class_=f"mark {kind}", style=_left(p, low, high))
        for p, label, kind in inside
    ]
    ticks = [tag("span", decimal(tick, words.language, 0), style=_left(tick, low, high)) for tick in _ticks(low, high)]
    present = [name for name in CLASSES if sum(by_class.get(name, []))]
    legend = tag("p", *(tag("span", words(name), class_=f"key c-{name}") for name in present), class_="legend")
    return tag(
        "figure", legend, tag("div", *labels, class_="marks"), svg, tag("div", *ticks, class_="ticks"),
        tag("figcaption", words("weight_axis")), class_="chart histogram",
    )  # fmt: skip


def _x(value: float, low: float, high: float) -> float:
    return 1000 * (value - low) / (high - low)


def _left(value: float, low: float, high: float) -> str:
    return f"--x:{_x(value, low, high) / 10:.2f}%"


def _ticks(low: float, high: float) -> list[float]:
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 10**6) if (high - low) / s <= 8)
    first = int(low // step) * step
    return [t for t in range(first, int(high) + step, step) if low <= t <= high]


def waterfall(steps: Sequence[tuple[str, str, float]], total: tuple[str, float], language: Language) -> Markup:
    """Draw steps that add up to a total: (name, detail, weight) per row, a bar from where the last one ended."""
    places, at = [0.0], 0.0
    for _name, _detail, weight in steps:
        at += weight
        places.append(at)
    low, high = min([*places, total[1]]), max([*places, total[1]])
    span = (high - low) or 1.0
    rows, at = [], 0.0
    for name, detail, weight in steps:
        start, end = sorted((at, at + weight))
        at += weight
        kind = "up" if weight >= 0 else "down"
        rows.append(
            _step(name, detail, weight, (start - low) / span, (end - start) / span, -low / span, kind, language)
        )
    start, end = sorted((0.0, total[1]))
    rows.append(
        _step(total[0], "", total[1], (start - low) / span, (end - start) / span, -low / span, "total", language)
    )
    return tag("ol", *rows, class_="waterfall")


def _step(
    name: str, detail: str, weight: float, left: float, width: float, zero: float, kind: str, language: Language
) -> Markup:
    bar = tag("i", class_="bar", style=f"--l:{100 * left:.2f}%;--w:{100 * width:.2f}%")
    track = tag("span", tag("i", class_="zero", style=f"--l:{100 * zero:.2f}%"), bar, class_="track")
    label = tag("span", tag("b", name), tag("small", detail) if detail else None, class_="label")
    return tag("li", label, track, tag("span", decimal(weight, language, 1, sign=True), class_="w"), class_=kind)


def heat_cell(share: float | None, language: Language, title: str = "") -> Markup:
    """Return a table cell shaded by a share 0..1."""
    if share is None:
        return tag("td", "–", class_="heat none")
    return tag(
        "td", percent(share, language), class_="heat", style=f"--v:{share:.3f}", title=title or None,
    )  # fmt: skip


def meter(share: float, language: Language) -> Markup:
    """Draw a share 0..1 as a bar with its figure."""
    return tag("span", tag("i", style=f"--v:{100 * share:.1f}%"), percent(share, language), class_="meter")


def legend_of_classes(words: Words) -> Markup:
    """List the classes of link with their colours."""
    return tag("p", join(tag("span", words(name), class_=f"key c-{name}") for name in CLASSES), class_="legend")
