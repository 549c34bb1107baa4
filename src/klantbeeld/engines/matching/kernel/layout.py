"""How a record lies in a row of int32: header columns, then slots of several columns (see `rows`)."""

from __future__ import annotations

# Header columns of a row. 0 = missing for numbers, -1 = missing for codes.
KIND, SOURCE, GENDER, GENERATION, GIVEN, OTHER_GIVEN, GIVEN_BIN, INITIALS = 0, 1, 2, 3, 4, 5, 6, 7
FAMILY, FAMILY_1, FAMILY_2, FAMILY_SOUND, FAMILY_BIN, BIRTH, BIRTH_BIN = 8, 9, 10, 11, 12, 13, 14
GIVEN_SOUND = 15
HEADER = 16
# Columns of one slot.
ADDRESS_WIDTH, PHONE_WIDTH, EMAIL_WIDTH, CODE_WIDTH, ORGANISATION_WIDTH, TEXT_WIDTH = 7, 3, 5, 2, 11, 16
WORDS = 8
