"""What the text of one cell says: an amount, a number of pieces, a day, a time of day."""

import re
from datetime import date
from typing import NamedTuple

from twostep.orders.words import plain

EPOCH = date(1970, 1, 1).toordinal()

# A backslash is the yen sign of files in cp932; ▲ and △ are the accountant's minus.
_SIGNS = str.maketrans({"\\": "¥", "▲": "-", "△": "-", " ": None, "'": None})
_MARKS = {"¥": "JPY", "円": "JPY", "JPY": "JPY", "yen": "JPY", "$": "USD", "USD": "USD"}
_MARKS |= {"€": "EUR", "EUR": "EUR", "£": "GBP", "GBP": "GBP"}
_MARK = "|".join(re.escape(mark) for mark in _MARKS)
_AMOUNT = re.compile(
    rf"(?P<open>\()?(?P<minus>-)?(?P<before>{_MARK})?(?P<inner>-)?"
    rf"(?P<digits>\d{{1,3}}(?:,\d{{3}})+|\d+)(?P<decimals>\.\d+)?(?P<after>{_MARK})?(?P<close>\))?",
    flags=re.IGNORECASE,
)
_PIECES = re.compile(r"(-?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?:個|点|本|枚|袋|箱|セット|pcs?\.?)?")


def amount(text: str) -> tuple[float, str]:
    """An amount of money and the currency its sign names ("" where it has none).

    Raises ValueError where the text is no amount; nothing is guessed ("1,5" is none).
    """
    found = _AMOUNT.fullmatch(plain(text).translate(_SIGNS))
    minuses = sum(found[name] is not None for name in ("open", "minus", "inner")) if found else 9
    if not found or minuses > 1 or (found["open"] is None) != (found["close"] is None):
        raise ValueError(text)
    number = float(found["digits"].replace(",", "") + (found["decimals"] or ""))
    mark = found["before"] or found["after"] or ""
    currency = _MARKS.get(mark, _MARKS.get(mark.upper(), _MARKS.get(mark.lower(), "")))
    return (-number if minuses else number), currency


def pieces(text: str) -> float:
    """A number of pieces: "２", "2.0", "3個". Raises ValueError where the text is none."""
    found = _PIECES.fullmatch(plain(text).translate(_SIGNS))
    if not found:
        raise ValueError(text)
    number = float(found[2].replace(",", "") + (found[3] or ""))
    return -number if found[1] else number


class DayText(NamedTuple):
    """A date as it is written: which of the ways, and its three numbers in the order written."""

    way: str
    numbers: tuple[int, int, int]


YEAR_FIRST, DAY_OR_MONTH_FIRST = "year first", "day or month first"
_WEEKDAY = r"(?:\s*\(\w{1,3}\))?"
_DAYS = (
    (YEAR_FIRST, re.compile(rf"(\d{{4}})([-/.年])(\d{{1,2}})[-/.月](\d{{1,2}})日?{_WEEKDAY}")),
    (YEAR_FIRST, re.compile(r"(\d{4})()(\d{2})(\d{2})")),
    (
        DAY_OR_MONTH_FIRST,
        re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})[-/.](\d{{4}}|\d\d){_WEEKDAY}"),
    ),
)


def day_text(text: str) -> DayText | None:
    """Take a date apart, or None where the text has the form of none. Its meaning comes later."""
    for way, form in _DAYS:
        if found := form.fullmatch(text):
            first, _separator, second, third = found.groups()
            return DayText(way, (int(first), int(second), int(third)))
    return None


def day_number(year: int, month: int, day: int) -> int | None:
    """Days since 1970-01-01, or None for a day that no calendar has (2026-02-30)."""
    try:
        return date(year + 2000 if year < 100 else year, month, day).toordinal() - EPOCH
    except ValueError:
        return None


def day_of(number: int) -> date:
    """The date of a day number."""
    return date.fromordinal(int(number) + EPOCH)


class Clock(NamedTuple):
    """A time of day in seconds, and the seconds its zone is ahead of UTC (None: not said)."""

    seconds: int
    ahead: int | None


_CLOCK = re.compile(
    r"(?:\(\w{1,3}\)\s*)?(?P<before>午前|午後|AM|PM)?\s*"
    r"(?P<hour>\d{1,2})[:時](?P<minute>\d{1,2})(?:[:分](?:(?P<second>\d{1,2})(?:[.,]\d+)?秒?)?)?\s*"
    r"(?P<after>AM|PM)?\s*(?P<zone>Z|UTC|GMT|JST|[+-]\d\d:?\d\d)?",
    flags=re.IGNORECASE,
)
_DIGITS = re.compile(r"\d{3,6}")
_ZONES = {"Z": 0, "UTC": 0, "GMT": 0, "JST": 9 * 3600}


def clock(text: str) -> Clock | None:
    """A time of day: 9:05, 10:07:33 +0900, 午後3時5分, 103309. None where the text is none."""
    if _DIGITS.fullmatch(text):  # 103309, and 93309 where a spreadsheet took the zero away
        text = text.zfill(4 if len(text) < 5 else 6)
        text = ":".join(text[i : i + 2] for i in range(0, len(text), 2))
    found = _CLOCK.fullmatch(text)
    if not found:
        return None
    hour, minute, second = (int(found[name] or 0) for name in ("hour", "minute", "second"))
    half = (found["before"] or found["after"] or "").upper()
    if half:
        if hour > 12:
            return None
        hour = hour % 12 + (12 if half in ("PM", "午後") else 0)
    if hour > 23 or minute > 59 or second > 60:
        return None
    zone = (found["zone"] or "").upper()
    ahead = _ZONES.get(zone)
    if zone and ahead is None:
        size = int(zone[1:3]) * 3600 + int(zone[-2:]) * 60
        ahead = -size if zone[0] == "-" else size
    return Clock(hour * 3600 + minute * 60 + second, ahead)
