"""Write a mapping as YAML that people edit: one line a column, with what was seen as a comment."""

import json
from collections.abc import Sequence

from klantbeeld.cli.language import Language
from klantbeeld.cli.resolve.mapping.model import ColumnMapping, FileMapping, Mapping

HEAD = {
    "en": """# What the columns of your files mean, as guessed from their names and values.
# Change what is wrong and run again with: --mapping {name}
# Types: {types}
""",
    "nl": """# Wat de kolommen van uw bestanden betekenen, geraden uit namen en waarden.
# Verbeter wat niet klopt en voer opnieuw uit met: --mapping {name}
# Typen: {types}
""",
}


KEYS = (
    "source", "encoding", "delimiter", "quote", "header", "kind", "date_order",
    "record_id", "source_column", "updated_at",
)  # fmt: skip


def write_mapping(mapping: Mapping, language: Language, types: Sequence[str], name: str = "mapping.yaml") -> str:
    """Return the mapping as YAML text."""
    wrapped = _wrap(types)
    lines = [
        HEAD[language].format(name=name, types=wrapped).rstrip(),
        "version: 1",
        f"country: {mapping.country}",
        "files:",
    ]
    for file in mapping.files:
        lines += _file(file, language)
    return "\n".join(lines) + "\n"


def _wrap(types: Sequence[str]) -> str:
    lines, line = [], ""
    for type_ in types:
        if len(line) + len(type_) > 100:
            lines.append(line.rstrip())
            line = ""
        line += f"{type_}, "
    lines.append(line.rstrip(", "))
    return "\n#   ".join(lines)


def _file(file: FileMapping, language: Language) -> list[str]:
    lines = [f"  {_scalar(file.name)}:"]
    for key in KEYS:
        value = getattr(file, key)
        if value not in (None, "") or (key == "quote" and value == ""):
            lines.append(f"    {key}: {_scalar(value)}")
    lines.append("    columns:" if file.columns else "    columns: {}")
    texts = [f"      {_scalar(column.column)}: {_meaning(column)}" for column in file.columns]
    width = max((len(text) for text in texts), default=0)
    for text, column in zip(texts, file.columns, strict=True):
        reason = column.reason.get(language, "")
        lines.append(f"{text:<{width}}  # {reason}" if reason else text)
    return lines


def _meaning(column: ColumnMapping) -> str:
    extra = [f"{key}: {_scalar(value)}" for key, value in (("scheme", column.scheme), ("group", column.group)) if value]
    if not column.evidence:
        extra.append("evidence: false")
    return f"{{type: {column.type}, {', '.join(extra)}}}" if extra else column.type


def _scalar(value: str | bool) -> str:
    """Write a value so that YAML reads the same back: plain when that is safe, else quoted as JSON."""
    if isinstance(value, bool):
        return str(value).lower()
    plain = value.replace("_", "").replace("-", "").replace(".", "").replace("/", "").replace(" ", "")
    safe = plain.isalnum() and value[0].isalpha() and value == value.strip()
    if safe and value.lower() not in {"yes", "no", "on", "off", "true", "false", "null", "y", "n"}:
        return value
    return json.dumps(value, ensure_ascii=False)
