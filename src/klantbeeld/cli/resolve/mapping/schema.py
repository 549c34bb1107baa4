"""The published JSON Schema of a mapping file (docs/schema/resolve-mapping.json), made from the field types."""

from typing import Any

from klantbeeld.engines.matching import FieldType

SCHEMA_ID = "urn:klantbeeld:schema:resolve-mapping:1"


def mapping_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a mapping file."""
    types = [type_.value for type_ in FieldType]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "Mapping of klantbeeld resolve",
        "description": "How each file is written and what its columns mean.",
        "type": "object",
        "required": ["files"],
        "additionalProperties": False,
        "properties": {
            "version": {"const": 1, "description": "Version of this format."},
            "country": {
                "type": "string",
                "pattern": "^[A-Z]{2}$",
                "default": "NL",
                "description": "ISO 3166 code; how national phone numbers are read.",
            },
            "files": {
                "type": "object",
                "minProperties": 1,
                "description": "One entry per file, by the name of the file or its path as given.",
                "additionalProperties": {"$ref": "#/$defs/file"},
            },
        },
        "$defs": {
            "type": {"enum": types, "description": "What a column means; `ignore` leaves it out."},
            "file": _file(),
            "column": {
                "anyOf": [
                    {"$ref": "#/$defs/type"},
                    {
                        "type": "object",
                        "required": ["type"],
                        "additionalProperties": False,
                        "properties": {
                            "type": {"$ref": "#/$defs/type"},
                            "scheme": {
                                "type": "string",
                                "description": "Which identifier or category; columns of one scheme are compared.",
                            },
                            "group": {
                                "type": "string",
                                "description": "Which address; address columns of one group form one address.",
                            },
                            "evidence": {
                                "type": "boolean",
                                "default": True,
                                "description": "False for a number that does not say who somebody is.",
                            },
                        },
                    },
                ]
            },
        },
    }


def _file() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["columns"],
        "additionalProperties": False,
        "properties": {
            "source": {"type": "string", "description": "Name of the system; the file's name when left out."},
            "source_column": {"type": "string", "description": "Column that names the system of each record."},
            "encoding": {"type": "string", "description": "For instance utf-8, windows-1252, iso-8859-15, utf-16."},
            "delimiter": {"type": "string", "minLength": 1, "maxLength": 1},
            "quote": {"type": "string", "maxLength": 1, "description": "Quotation mark; empty when none is used."},
            "header": {"type": "boolean", "description": "Whether the first row names the columns."},
            "kind": {"enum": ["person", "organisation", "mixed"], "description": "What the records are about."},
            "date_order": {"enum": ["dmy", "mdy"], "description": "How a date such as 03/04/1980 is read."},
            "record_id": {
                "type": "string",
                "description": "Column with the key of a record, unique in the file; the row number when left out.",
            },
            "updated_at": {"type": "string", "description": "Column that tells when a record last changed."},
            "columns": {
                "type": "object",
                "description": "What each column means; columns that are not named are ignored.",
                "additionalProperties": {"$ref": "#/$defs/column"},
            },
        },
    }
