"""Guess what the columns of a table mean, from their names (nl, en, de, fr) and from their values."""

from klantbeeld.engines.files.guess.columns import ColumnGuess, guess_columns
from klantbeeld.engines.files.guess.headers import words_of
from klantbeeld.engines.files.guess.values import date_order

__all__ = ["ColumnGuess", "date_order", "guess_columns", "words_of"]
