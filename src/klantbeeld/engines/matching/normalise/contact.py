"""Phone numbers to E.164, e-mail addresses to user and domain, websites to a host."""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers

_NOT_DIGIT = re.compile(r"[^0-9]+")
_EXTENSION = re.compile(r"(?:ext|tst|toestel|x)\.?\s*\d{1,5}\s*$", re.IGNORECASE)
_MAIL = re.compile(r"[^\s<>\"',;:()\[\]]+@[^\s<>\"',;:()\[\]]+")
_HOST = re.compile(r"^(?:[a-z][a-z0-9+.-]*:)?(?://)?(?:[^/@]*@)?([^/:?#\s]+)")


def phone(text: str, country: str) -> str:
    """Give "+31612345678"; a number that fits no plan keeps its digits without "+"; "" for fewer than 5 digits.

    `country`: ISO 3166 code for numbers without a country code. Dutch and international notations take a short way;
    everything else goes through the numbering plans of the phonenumbers library.
    """
    digits = _NOT_DIGIT.sub("", text)
    if len(digits) < 5 or digits == digits[0] * len(digits):
        return ""
    if text.lstrip("( ").startswith("+"):
        return _international(digits)
    if digits.startswith("00") and len(digits) > 10:
        return _international(digits[2:])
    if country == "NL":
        if len(digits) == 10 and digits[0] == "0":
            return "+31" + digits[1:]
        if len(digits) == 9 and digits[0] == "6":
            return "+31" + digits
        if len(digits) == 11 and digits.startswith("31"):
            return "+" + digits
    return _by_plan(_EXTENSION.sub("", text), digits, country)


def _international(digits: str) -> str:
    if digits.startswith("310"):  # +31 (0)6 ...
        digits = "31" + digits[3:]
    return "+" + digits[:15]


@lru_cache(maxsize=65536)
def _by_plan(text: str, digits: str, country: str) -> str:
    try:
        number = phonenumbers.parse(text, country or None)
    except phonenumbers.NumberParseException:
        return digits[:15]
    if not phonenumbers.is_possible_number(number):
        return digits[:15]
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


_FIXED = re.compile(r"\+(?:31[1-57]|32(?!4)|33[1-59]|44[123]|49(?!1[5-7]))")


def is_fixed(number: str) -> bool:
    """Whether a number is surely a fixed line, which a household shares, by its first digits (Dutch and neighbours)."""
    return _FIXED.match(number) is not None


def email(text: str) -> str:
    """Give "user@domain" in lower case, without a display name, a "+tag" or the dots that Gmail ignores."""
    found = _MAIL.search(text)
    if not found:
        return ""
    user, _, domain = found[0].lower().rpartition("@")
    domain = domain.strip(".")
    if domain == "googlemail.com":
        domain = "gmail.com"
    user = user.split("+")[0] or user
    if domain == "gmail.com":
        user = user.replace(".", "") or user
    return f"{user}@{domain}" if user and domain else ""


def website(text: str) -> str:
    """The host of a web address without "www."."""
    found = _HOST.match(text.lower().strip())
    host = found[1].removeprefix("www.") if found else ""
    return host if "." in host else ""
