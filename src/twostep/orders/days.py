"""The days of a column: one way of writing for the whole column, found in it or asked for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from twostep._text import _
from twostep.orders import cells
from twostep.orders.cells import DAY_OR_MONTH_FIRST, YEAR_FIRST, Clock, DayText
from twostep.orders.files import Export
from twostep.orders.questions import AmbiguousDatesError
from twostep.orders.words import plain

NONE = np.iinfo(np.int32).min
"""In place of a day, a time or a zone that is not there."""

_SAYS_UTC = re.compile(r"(?<![a-z])(utc|gmt)(?![a-z])", flags=re.IGNORECASE)
DAY_FIRST, MONTH_FIRST = "day first", "month first"


class Days(NamedTuple):
    """For every row the day (days since 1970-01-01) and the time of day in seconds, or `NONE`."""

    day: NDArray[np.int32]
    clock: NDArray[np.int32]
    how: str


@dataclass
class _Parts:
    """A column of dates taken apart: each distinct date and time of day once."""

    export: Export
    taken: list[DayText | None]  # of each distinct date
    clocks: list[Clock | None]  # of each distinct time of day
    within: list[Clock | None]  # a time that stands in the date's own text


def understood(exports: Sequence[Export], dates: str | None, zone: ZoneInfo) -> list[Days]:
    """The days of each export. Files with the same header are one column: one settles the other.

    Raises ValueError where a column does not say whether day or month comes first, where it says
    both, and where nothing in it is a date.
    """
    parts = [_apart(export) for export in exports]
    groups: dict[tuple[str, ...], list[_Parts]] = {}
    for part in parts:
        key = (part.export.system.name, part.export.columns["day"])
        groups.setdefault(key, []).append(part)
    orders = {key: _order(group, dates) for key, group in groups.items()}
    return [
        _days(part, orders[part.export.system.name, part.export.columns["day"]], zone)
        for part in parts
    ]


def _apart(export: Export) -> _Parts:
    taken: list[DayText | None] = []
    within: list[Clock | None] = []
    for text in export.texts["day"].distinct:
        date, _space, rest = plain(text).partition(" ")
        if len(date) == 14 and date.isdigit():
            date, rest = date[:8], date[8:]
        taken.append(cells.day_text(date))
        within.append(cells.clock(rest.strip()) if rest else None)
    clocks = [cells.clock(plain(text)) for text in export.texts["clock"].distinct]
    return _Parts(export, taken, clocks, within)


def _order(group: Sequence[_Parts], dates: str | None) -> str:
    """Which of the numbers is the year, the month and the day, for a column of several files."""
    ways = {way: _example(group, way=way) for way in (YEAR_FIRST, DAY_OR_MONTH_FIRST)}
    present = [way for way, example in ways.items() if example]
    name = group[0].export.columns["day"]
    if not present:
        raise ValueError(
            _(
                "{file}: nothing in the column {column!r} is a date such as 2026-01-05, 2026/1/5, "
                "2026年1月5日 or 20260105. Is another column meant?"
            ).format(file=group[0].export.name, column=name)
        )
    if len(present) == 2:
        raise ValueError(
            _(
                "The column {column!r} writes dates in two ways: {first} and {second}. Did a "
                "spreadsheet turn some around? Export it anew."
            ).format(column=name, first=ways[YEAR_FIRST], second=ways[DAY_OR_MONTH_FIRST])
        )
    if present == [YEAR_FIRST]:
        return YEAR_FIRST
    day_first, month_first = _example(group, above_12=0), _example(group, above_12=1)
    if day_first and month_first:
        raise ValueError(
            _(
                "The column {column!r} writes dates in two ways: {first} can only be day first, "
                "{second} only month first. Did a spreadsheet turn some around? Export it anew."
            ).format(column=name, first=day_first, second=month_first)
        )
    if dates and (clash := {DAY_FIRST: month_first, MONTH_FIRST: day_first}[dates]):
        raise ValueError(
            _("dates = {dates!r} cannot be right: {example}.").format(dates=dates, example=clash)
        )
    short = any(taken and taken.numbers[2] < 100 for part in group for taken in part.taken)
    if dates is None and (short or not (day_first or month_first)):
        raise AmbiguousDatesError(
            _(
                "The dates in the column {column!r} can be read in two ways: {example}. Say which "
                "number is the day and which the month: dates='day first' or dates='month first'."
            ).format(column=name, example=ways[DAY_OR_MONTH_FIRST])
        )
    return dates or (DAY_FIRST if day_first else MONTH_FIRST)


def _example(
    group: Sequence[_Parts], way: str = DAY_OR_MONTH_FIRST, above_12: int | None = None
) -> str:
    """A date of the column with its place, or "" where there is none of that kind."""
    for part in group:
        for number, taken in enumerate(part.taken):
            if not taken or taken.way != way:
                continue
            if above_12 is None or 12 < taken.numbers[above_12] <= 31:
                column = part.export.texts["day"]
                row = int(np.argmax(column.codes == number))
                place = part.export.place(part.export.lines[row])
                return _("{date} in {place}").format(date=column.distinct[number], place=place)
    return ""


def _days(part: _Parts, order: str, zone: ZoneInfo) -> Days:
    texts = part.export.texts
    dates, codes = texts["day"].codes, texts["clock"].codes
    day = np.array([_day(taken, order) for taken in part.taken], dtype=np.int32)[dates]
    seconds, ahead = _seconds(part.clocks, codes)
    if any(part.within):
        own_seconds, own_ahead = _seconds(part.within, dates)
        seconds = np.where(seconds == NONE, own_seconds, seconds)
        ahead = np.where(ahead == NONE, own_ahead, ahead)
    how = {
        YEAR_FIRST: _("dates, year first"),
        DAY_FIRST: _("dates, day first"),
        MONTH_FIRST: _("dates, month first"),
    }[order]
    if "time" in texts:
        separate, _ahead = _seconds(
            [cells.clock(plain(text)) for text in texts["time"].distinct], texts["time"].codes
        )
        seconds = np.where(seconds == NONE, separate, seconds)
    if part.export.system.utc or _SAYS_UTC.search(part.export.columns["day"]):
        ahead = np.where(ahead == NONE, 0, ahead)
    if "zone" in texts:
        zones = texts["zone"]
        utc = np.array([plain(text).upper() in ("UTC", "GMT") for text in zones.distinct])
        ahead = np.where((ahead == NONE) & utc[zones.codes], 0, ahead)
    elsewhere = (day != NONE) & (seconds != NONE) & (ahead != NONE)
    if elsewhere.any():
        how = _("{how}, converted to the day in {zone}").format(how=how, zone=zone.key)
        day, seconds = _local(day, seconds, ahead, elsewhere, zone)
    if not (seconds != NONE).any():
        how = _("{how}, no time of day").format(how=how)
    return Days(day, seconds, how)


def _day(taken: DayText | None, order: str) -> int:
    if taken is None:
        return NONE
    first, second, third = taken.numbers
    year, month, day = {
        YEAR_FIRST: (first, second, third),
        DAY_FIRST: (third, second, first),
        MONTH_FIRST: (third, first, second),
    }[order]
    number = cells.day_number(year, month, day)
    return NONE if number is None else number


def _seconds(
    clocks: Sequence[Clock | None], codes: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """For every row the time of day in seconds and the seconds its zone is ahead, or `NONE`."""
    seconds = [NONE if clock is None else clock.seconds for clock in clocks]
    ahead = [NONE if clock is None or clock.ahead is None else clock.ahead for clock in clocks]
    return np.array(seconds, dtype=np.int32)[codes], np.array(ahead, dtype=np.int32)[codes]


def _local(
    day: NDArray[np.int32],
    seconds: NDArray[np.int32],
    ahead: NDArray[np.int32],
    elsewhere: NDArray[np.bool_],
    zone: ZoneInfo,
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Day and time in the shop's zone, for the rows that say in which zone theirs are."""
    import pandas as pd

    utc = day[elsewhere].astype(np.int64) * 86_400 + seconds[elsewhere] - ahead[elsewhere]
    there = pd.DatetimeIndex(utc.astype("datetime64[s]"), tz="UTC").tz_convert(zone)
    local = there.tz_localize(None).to_numpy().astype("datetime64[s]").astype(np.int64)
    day, seconds = day.copy(), seconds.copy()
    day[elsewhere], seconds[elsewhere] = local // 86_400, local % 86_400
    return day, seconds
