"""Charts that a page feeds with its own numbers and words: lines, and a share drawn as people."""

import math
from collections.abc import Iterable, Mapping
from itertools import chain, repeat
from typing import Any

import altair as alt
import numpy as np

from twostep._text import _, labelled, semicolon_separated, sentences
from twostep.charts.curves import BEST, EVEN, OTHER, YOU, Array, Curves, Mark, Measure
from twostep.charts.picture import GAIN, LOSS, PALE, Chart, Facts, Rows, drawn
from twostep.shown import in_words, one_number
from twostep.units import NUMBER, PEOPLE, UNITS, Range, counted

__all__ = ["lines", "people"]

SIGNS = (YOU, EVEN, BEST, OTHER)
MOST_LINES = 3
ANY = Range.of(NUMBER)

MOST_PEOPLE, MOST_GROUPS = 1_000, 2
COUNT = Range.of(PEOPLE, high=MOST_PEOPLE)
PERSONS = counted(_("{number} people"), _("{number} person"))
IN_BRACKETS = {f"({name})": unit for name, unit in UNITS.items()} | {
    _("(yen)"): UNITS["yen"],
    _("(%)"): UNITS["%"],
    _("(people)"): UNITS["people"],
    _("(months)"): UNITS["months"],
}
"""The units as they end the name of an axis, in English and in the language of the page."""

PHONE = 260  # pixels that JupyterLab leaves for a picture on an upright phone
COLUMNS = {100: 10, 400: 20, MOST_PEOPLE: 40}
"""How many dots stand in a row, for up to so many people."""

Look = tuple[str, str, str]
"""A dot: its shape, filling and edge."""
LOOKS: list[Look] = [("circle", GAIN, GAIN), ("diamond", LOSS, LOSS)]
HOLLOW: Look = ("circle", "white", PALE)


def lines(
    title: str,
    x: tuple[str, Iterable[float]],
    y: str,
    series: Mapping[str, Iterable[float]] | Iterable[float],
    marks: Mapping[str, tuple[float, float]] | None = None,
) -> Chart:
    """A line chart of numbers from a page; `title` says the conclusion.

    `x` is the name of an axis and its places, `y` the name of the other axis. A name ends with its
    unit in brackets, "profit (yen)" or "back-end rate (%)", and the numbers along the axis are
    written in it (a % is handed over as a share: 0.08). `series` names up to three lines, each with
    a number for every place; where there is only one, its numbers are enough. `marks` puts words to
    up to four points: `{"the money is back": (7, 0)}`. Lists, ranges, arrays and columns of a table
    are taken alike.

    Raises ValueError for anything else, naming what does not fit: nothing is left out silently.
    """
    if not isinstance(x, tuple) or len(x) != 2:
        raise ValueError(
            _('x = {x!r}: give its name and its places, such as ("month", range(13)).').format(x=x)
        )
    across, up = _measure("x", x[0]), _measure("y", y)
    places = _numbers("x", x[1])
    given = series if isinstance(series, Mapping) else {"": series}
    if not 1 <= len(given) <= MOST_LINES or len(places) < 2:
        raise ValueError(
            _(
                "lines needs one to {most} lines and at least two places on x, not {count} and {n}."
            ).format(most=MOST_LINES, count=len(given), n=len(places))
        )
    heights: dict[str, tuple[Array, Array]] = {}
    for name, values in given.items():
        called = in_words("series", name) if isinstance(series, Mapping) else ""
        heights[called] = places, _numbers(called or "series", values)
        if len(heights[called][1]) != len(places):
            raise ValueError(
                _("{name} has {count} numbers for {places} places on x.").format(
                    name=called or "series", count=len(heights[called][1]), places=len(places)
                )
            )
    points = marks or {}
    if len(points) > len(SIGNS):
        raise ValueError(_("marks: at most {most} points.").format(most=len(SIGNS)))
    called_out = []
    for sign, (words, point) in zip(SIGNS, points.items(), strict=False):
        at = _numbers(in_words("marks", words), point)
        if len(at) != 2:
            raise ValueError(_("{words}: a point is a pair (x, y).").format(words=words))
        called_out.append(Mark(sign, float(at[0]), float(at[1]), words))
    drawing = Curves(across, up, tuple(heights) if isinstance(series, Mapping) else ())
    facts = drawing.facts(in_words("title", title), heights, called_out)
    ends = semicolon_separated(
        (_("{name}: from {first} to {last}") if name else _("from {first} to {last}")).format(
            name=name, first=up.text(ys[0]), last=up.text(ys[-1])
        )
        for name, (_xs, ys) in heights.items()
    )
    description = sentences(facts.description, _("Lines: {ends}.").format(ends=ends))
    return drawn(drawing.frame(), facts._replace(description=description))


def people(
    title: str, total: float, groups: Mapping[str, float], others: str = _("the others")
) -> Chart:
    """A share drawn as people: `people("8 of 100 come back", 100, {"come back": 8})`.

    One dot a person, in rows; `groups` says in words how many of the `total` (1 to 1,000) are
    filled, in up to two groups, told apart by shape as well as by colour. The rest are hollow, and
    called `others`.

    Raises ValueError for anything else: for parts of a person (round them, and say "about"), and
    for groups that are more than the total.
    """
    in_words("title", title)
    everybody = _people("total", total)
    if not isinstance(groups, Mapping) or not 1 <= len(groups) <= MOST_GROUPS:
        raise ValueError(
            _('groups = {groups!r}: name one or two in words, {{"come back": 8}}.').format(
                groups=groups
            )
        )
    counts = [(in_words("groups", words), _people(words, count)) for words, count in groups.items()]
    rest = everybody - sum(count for _group, count in counts)
    if rest < 0 or not everybody:
        raise ValueError(
            _("{part} of {total} people is not possible.").format(
                part=everybody - rest, total=everybody
            )
        )
    counts += [(in_words("others", others), rest)] if rest else []
    columns = next(count for most, count in COLUMNS.items() if everybody <= most)
    kinds = {labelled(words, PEOPLE.text(count)): count for words, count in counts}
    if len(kinds) < len(counts):
        raise ValueError(_("{words!r} is said of two groups.").format(words=others))
    rows: Rows = [
        {"across": float(place % columns), "down": float(place // columns), "kind": kind}
        for place, kind in enumerate(chain.from_iterable(map(repeat, kinds, kinds.values())))
    ]
    description = _("Picture of {total}. {kinds}. {title}.").format(
        total=PERSONS.text(everybody), kinds=semicolon_separated(kinds), title=title.rstrip(".。")
    )
    cell = min(22, PHONE // columns)
    facts = Facts(title, description, {"people": rows})
    looks = LOOKS[: len(groups)] + [HOLLOW][: len(kinds) - len(groups)]
    frame = _dots(list(kinds), looks, cell).properties(height=cell * math.ceil(everybody / columns))
    return drawn(frame, facts, width=cell * columns, letters=32)


def _dots(kinds: list[str], looks: list[Look], cell: int) -> Chart:
    """One dot a person: its kind is told by shape, filling and colour, in one legend above."""
    legend = alt.Legend(title=None, orient="top", direction="vertical", labelLimit=0, offset=8)

    def told(channel: Any, values: Iterable[str]) -> Any:
        return channel("kind:N", scale=alt.Scale(domain=kinds, range=list(values)), legend=legend)

    shapes, fills, strokes = zip(*looks, strict=True)
    dots = alt.Chart(alt.NamedData("people")).mark_point(
        size=(0.7 * cell) ** 2, strokeWidth=1.5, opacity=1, aria=False
    )
    return alt.layer(
        dots.encode(
            alt.X("across:O", axis=None),
            alt.Y("down:O", axis=None),
            told(alt.Shape, shapes),
            told(alt.Fill, fills),
            told(alt.Stroke, strokes),
        )
    )


def _measure(axis: str, name: object) -> Measure:
    title = in_words(axis, name)
    units = (unit for brackets, unit in IN_BRACKETS.items() if title.endswith(brackets))
    return Measure(axis, title, next(units, NUMBER))


def _numbers(name: str, values: Iterable[float]) -> Array:
    """A row of finite numbers. Raises ValueError, naming the place of the first that is none."""
    try:
        row = [] if isinstance(values, str | bytes | Mapping) else list(values)
    except TypeError:
        row = []
    if not row:
        raise ValueError(
            _("{name} = {values!r}: give a row of numbers.").format(name=name, values=values)
        )
    return np.array(
        [
            one_number(_("{name}, number {count}").format(name=name, count=count), value, ANY)
            for count, value in enumerate(row, start=1)
        ]
    )


def _people(name: str, count: object) -> int:
    """A count of whole people; a last digit of rounding is no person."""
    number = one_number(name, count, COUNT)
    if abs(number - round(number)) > 1e-9 * MOST_PEOPLE:
        raise ValueError(
            _("{name} = {count} are no whole people. Round it, and say “about”.").format(
                name=name, count=count
            )
        )
    return round(number)
