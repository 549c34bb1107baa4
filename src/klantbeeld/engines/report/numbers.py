"""Numbers and shares as people write them in Dutch and English."""

from klantbeeld.engines.report.texts import Language


def count(value: float, language: Language) -> str:
    """Write a whole number with separators: 12,345 or 12.345."""
    return _local(f"{round(value):,}", language)


def decimal(value: float, language: Language, digits: int = 1, sign: bool = False) -> str:
    """Write a number with a fixed number of decimals, with a real minus sign."""
    text = f"{value:+,.{digits}f}" if sign else f"{value:,.{digits}f}"
    return _local(text, language).replace("-", "−")


def percent(share: float | None, language: Language, digits: int = 0) -> str:
    """Write a share 0..1 as a percentage; very small and nearly whole ones do not become 0 and 100."""
    if share is None:
        return "–"
    if 0 < share < 0.5 * 10 ** -(digits + 2):
        return "<" + percent(10 ** -(digits + 2), language, digits)
    if digits == 0 and 0.995 <= share < 1:
        return ">99%"
    return _local(f"{100 * share:.{digits}f}%", language)


def score(value: float | None, language: Language) -> str:
    """Write a quality figure 0..1 with three decimals."""
    return "–" if value is None else _local(f"{value:.3f}", language)


def duration(seconds: float, language: Language) -> str:
    """Write a duration: 0.8 s, 12 s, 3 min 20 s."""
    if seconds < 10:
        return _local(f"{seconds:.1f} s", language)
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{int(seconds // 60)} min {int(seconds % 60)} s"


def _local(text: str, language: Language) -> str:
    if language == "en":
        return text
    return text.replace(",", "\0").replace(".", ",").replace("\0", ".")
