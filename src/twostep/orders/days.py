"""The days of a column: one way of writing for the whole column, found in it or asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from twostep._text import _
from twostep.orders import cells
from twostep.orders.cells import DAY_OR_MONTH_FIRST, YEAR_FIRST, DayText
from twostep.orders.files import Export, Texts
from twostep.orders.words import plain

NONE = np.iinfo(np.int32).min
"""In place of a day, a time or a zone that is not there."""

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
    column: Texts
    dates: list[str]
    date_of: NDArray[np.int32]  # of each distinct text
    clocks: list[str]
    clock_of: NDArray[np.int32]
    taken: list[DayText | None]


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
    column = export.texts["day"]
    dates: dict[str, int] = {}
    clocks: dict[str, int] = {}
    date_of, clock_of = [], []
    for text in column.distinct:
        date, _space, rest = plain(text).partition(" ")
        if not rest and "T" in date:
            date, _space, rest = date.partition("T")
        elif len(date) == 14 and date.isdigit():
            date, rest = date[:8], date[8:]
        date_of.append(dates.setdefault(date, len(dates)))
        clock_of.append(clocks.setdefault(rest, len(clocks)))
    return _Parts(
        export,
        column,
        list(dates),
        np.array(date_of, dtype=np.int32),
        list(clocks),
        np.array(clock_of, dtype=np.int32),
        [cells.day_text(date) for date in dates],
    )


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
        raise ValueError(
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
                text = int(np.argmax(part.date_of == number))
                row = int(np.argmax(part.column.codes == text))
                place = part.export.place(part.export.lines[row])
                return _("{date} in {place}").format(date=part.dates[number], place=place)
    return ""


def _days(part: _Parts, order: str, zone: ZoneInfo) -> Days:
    day = np.array([_day(taken, order) for taken in part.taken], dtype=np.int32)
    clocks = [cells.clock(text) for text in part.clocks]
    seconds = np.array([clock.seconds if clock else NONE for clock in clocks], dtype=np.int32)
    ahead = np.array(
        [NONE if clock is None or clock.ahead is None else clock.ahead for clock in clocks],
        dtype=np.int32,
    )
    # Per distinct text, then per row.
    day, seconds, ahead = day[part.date_of], seconds[part.clock_of], ahead[part.clock_of]
    codes = part.column.codes
    day, seconds, ahead = day[codes], seconds[codes], ahead[codes]
    how = {
        YEAR_FIRST: _("dates, year first"),
        DAY_FIRST: _("dates, day first"),
        MONTH_FIRST: _("dates, month first"),
    }[order]
    if "time" in part.export.texts:
        separate = _separate_clock(part.export.texts["time"])
        seconds = np.where(seconds == NONE, separate, seconds)
    if part.export.system.utc or "UTC" in part.export.columns["day"].upper():
        ahead = np.where(ahead == NONE, 0, ahead)
    if "zone" in part.export.texts:
        zones = part.export.texts["zone"]
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


def _separate_clock(column: Texts) -> NDArray[np.int32]:
    clocks = [cells.clock(plain(text)) for text in column.distinct]
    seconds = np.array([clock.seconds if clock else NONE for clock in clocks], dtype=np.int32)
    return seconds[column.codes]


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
