"""Read a mapping file (YAML); an error names its line, its key and what was expected."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from klantbeeld.cli.resolve.mapping.model import ColumnMapping, FileMapping, Mapping, MappingError
from klantbeeld.cli.resolve.mapping.schema import mapping_schema

SIZE_LIMIT = 4 * 1024 * 1024


def read_mapping(path: Path) -> Mapping:
    """Return the mapping in a file. Raises MappingError for the first thing that is wrong, in the order of the file."""
    text = _text(path)
    try:
        _no_aliases(path, text)
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise _not_yaml(path, error) from error
    if root is None:
        raise MappingError(
            path, 1, "", en="the file is empty; expected `files:`", nl="het bestand is leeg; verwacht: `files:`"
        )
    _no_duplicates(path, root)
    data = yaml.safe_load(text)
    _check(path, root, data)
    files = tuple(_file(root, name, entry) for name, entry in data["files"].items())
    return Mapping(files, data.get("country", "NL"))


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise MappingError(
            path, 0, "", en=f"cannot be read: {reason}", nl=f"kan niet worden gelezen: {reason}"
        ) from error
    if len(raw) > SIZE_LIMIT:
        raise MappingError(path, 0, "", en="larger than 4 MiB", nl="groter dan 4 MiB")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise MappingError(
            path, line, "", en="not UTF-8; save it as UTF-8", nl="geen UTF-8; sla het op als UTF-8"
        ) from error


def _not_yaml(path: Path, error: yaml.YAMLError) -> MappingError:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    return MappingError(path, mark.line + 1 if mark else 0, "", en=f"not YAML: {problem}", nl=f"geen YAML: {problem}")


def _no_aliases(path: Path, text: str) -> None:
    """Refuse aliases: a mapping has no use for them, and a few of them can stand for billions of values."""
    for token in yaml.scan(text, Loader=yaml.SafeLoader):
        if isinstance(token, yaml.AliasToken):
            en, nl = "aliases are not used here; write it out", "aliassen worden hier niet gebruikt; schrijf het uit"
            raise MappingError(path, token.start_mark.line + 1, f"*{token.value}", en=en, nl=nl)


def _no_duplicates(path: Path, node: yaml.Node) -> None:
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _no_duplicates(path, item)
    if isinstance(node, yaml.MappingNode):
        names: set[str] = set()
        for key, value in node.value:
            if key.value in names:
                line = key.start_mark.line + 1
                raise MappingError(path, line, str(key.value), en="stands here twice", nl="staat hier tweemaal")
            names.add(key.value)
            _no_duplicates(path, value)


def _plain(node: yaml.Node) -> Any:
    """Turn nodes into values; keys stay the text that was written, because a column may be called 010 or yes."""
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item) for item in node.value]
    return yaml.SafeLoader("").construct_object(node)


def _check(path: Path, root: yaml.Node, data: Any) -> None:
    from jsonschema import Draft202012Validator

    found = []
    for error in Draft202012Validator(mapping_schema()).iter_errors(data):
        while error.context:
            # Of the alternatives (a type, or keys with values) show what is wrong with the one that was meant.
            meant = [e for e in error.context if e.schema_path[0] == int(isinstance(error.instance, dict))]
            error = max(meant, key=lambda e: (e.validator != "required", len(e.absolute_path)))
        keys = list(error.absolute_path)
        if error.validator == "additionalProperties":
            keys.append(next(key for key in error.instance if key not in error.schema["properties"]))
        found.append((_line(root, keys), keys, error))
    if found:
        # A misspelled key is also a missing one: name the key that is there.
        line, keys, error = min(found, key=lambda item: (item[2].validator == "required", item[0]))
        en, nl = _expected(error, keys)
        raise MappingError(path, line, " › ".join(map(str, keys)), en=en, nl=nl)


def _line(root: yaml.Node, keys: Iterable[Any]) -> int:
    """Return the line of the last of these keys that is in the file."""
    node, line = root, root.start_mark.line
    for key in keys:
        if isinstance(node, yaml.MappingNode):
            pair = next(((k, v) for k, v in node.value if k.value == str(key)), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(key, int):
            node = node.value[key]
            line = node.start_mark.line
    return line + 1


TYPE_NAMES = {
    "object": ("keys with values", "sleutels met waarden"),
    "string": ("a text", "een tekst"),
    "boolean": ("true or false", "true of false"),
    "array": ("a list", "een lijst"),
}


def _expected(error: Any, keys: Sequence[Any]) -> tuple[str, str]:
    """Say what is wrong and what was expected, in English and Dutch."""
    value = error.instance
    if error.validator == "enum":
        known = ", ".join(map(str, error.validator_value))
        near = get_close_matches(str(value), list(map(str, error.validator_value)), n=1)
        return (
            f"{value!r} is not known{f'; did you mean {near[0]}?' if near else ''} Expected one of: {known}",
            f"{value!r} is onbekend{f'; bedoelt u {near[0]}?' if near else ''} Verwacht een van: {known}",
        )
    if error.validator == "additionalProperties":
        known_keys = list(error.schema["properties"])
        near = get_close_matches(str(keys[-1]), known_keys, n=1)
        listed = ", ".join(known_keys)
        return (
            f"unknown key{f'; did you mean {near[0]}?' if near else ''} Expected one of: {listed}",
            f"onbekende sleutel{f'; bedoelt u {near[0]}?' if near else ''} Verwacht een van: {listed}",
        )
    if error.validator == "required":
        missing = next(name for name in error.validator_value if name not in value)
        return f"the key `{missing}` is missing", f"de sleutel `{missing}` ontbreekt"
    if error.validator == "type":
        en, nl = TYPE_NAMES.get(str(error.validator_value), (str(error.validator_value),) * 2)
        return f"expected {en}, found {value!r}", f"verwacht {nl}, gevonden {value!r}"
    if error.validator in {"minLength", "maxLength"}:
        return f"expected one character, found {value!r}", f"verwacht één teken, gevonden {value!r}"
    wanted = {
        "const": (str(error.validator_value), str(error.validator_value)),
        "pattern": ("two capitals such as NL", "twee hoofdletters zoals NL"),
        "minProperties": ("at least one file", "ten minste één bestand"),
    }
    en, nl = wanted.get(str(error.validator), (error.message, error.message))
    return f"expected {en}, found {value!r}", f"verwacht {nl}, gevonden {value!r}"


def _file(root: yaml.Node, name: str, entry: dict[str, Any]) -> FileMapping:
    columns = []
    for column, meaning in entry["columns"].items():
        given = {"type": meaning} if isinstance(meaning, str) else meaning
        line = _line(root, ["files", name, "columns", column])
        columns.append(ColumnMapping(str(column), line=line, **given))
    plain = {key: value for key, value in entry.items() if key != "columns"}
    return FileMapping(str(name), tuple(columns), line=_line(root, ["files", name]), **plain)


def check_columns(path: Path | None, file: FileMapping, present: Sequence[str]) -> None:
    """Raise MappingError when the mapping names a column that the file does not have."""
    named = [(c.column, c.line) for c in file.columns]
    named += [(name, file.line) for name in (file.record_id, file.source_column, file.updated_at) if name]
    for name, line in named:
        if name not in present:
            near = get_close_matches(name, present, n=1, cutoff=0.5)
            listed = ", ".join(present[:40])
            raise MappingError(
                path,
                line,
                f"{file.name} › {name}",
                en=f"the file has no such column{f'; did you mean {near[0]!r}?' if near else ''} It has: {listed}",
                nl=f"die kolom heeft het bestand niet{f'; bedoelt u {near[0]!r}?' if near else ''} Het heeft: {listed}",
            )
