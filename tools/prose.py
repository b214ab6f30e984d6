"""What the sentences of a page say in figures, and what the page gives for it.

nbval compares outputs; it does not read. Here every figure in a sentence is looked for among the
numbers that the page computes or shows: with its unit where that one carries a unit, rounded as it
is printed, in digits or in words ("forty-eight").
"""

import ast
import json
import math
import operator
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from html import unescape
from typing import Any

import twostep
from tools import pages
from twostep import units
from twostep.models.base import Model, answer_fields, assumption_fields
from twostep.practice import EXERCISES, Computed, Exercise
from twostep.units import Unit

YEN, DOLLARS, PERCENT, PEOPLE, BARE = "¥", "$", "%", "people", ""


@dataclass(frozen=True)
class Figure:
    """A number as it is written: its value, its unit, and half a unit of its last digit."""

    text: str
    value: float
    unit: str = BARE
    slack: float = 0.5

    def is_given_by(self, known: "Figure") -> bool:
        """Whether a known number is this one, rounded; a share is also what it leaves of 100%."""
        if BARE not in (self.unit, known.unit) and self.unit != known.unit:
            return False
        values = [known.value]
        if self.unit == PERCENT and known.unit == BARE:  # 8% is a share of 0.08
            values = [100 * known.value]
        if self.unit == BARE and known.unit == PERCENT:
            values.append(known.value / 100)
        if self.unit == PERCENT:
            values += [100 - value for value in values]
        return any(abs(value - self.value) <= self.slack + 1e-9 for value in values)


# Figures in digits

TIME_UNITS = {"month", "year", "week", "day", "hour", "minute"}
TIMES = "|".join(f"{unit}s?" for unit in sorted(TIME_UNITS))
OF_A_HUNDRED = r"per\s?cent|(?:\w+ ){0,2}of (?:a |every |each )?(?:hundred|100)"
DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:_\d{3})*(?:\.\d+)?(?:e-?\d+)?"
WRITTEN = re.compile(
    rf"(?<![\w.])(?P<money>[¥$])?(?P<digits>{DIGITS})(?![\d]|\.\d|-\d)"
    rf"(?:\s?(?P<percent>%|\s(?:{OF_A_HUNDRED})\b)|\s(?P<yen>yen\b)|[\s-](?P<time>{TIMES})\b)?"
)


def figures(text: str, counted: tuple[str, ...] = ()) -> Iterator[Figure]:
    """Every number written in digits in a text.

    A number without a unit that follows one of the labels `counted` is one of people.
    """
    for found in WRITTEN.finditer(text):
        digits = found["digits"].replace(",", "").replace("_", "")
        unit = found["money"] or (YEN if found["yen"] else PERCENT if found["percent"] else BARE)
        if found["time"]:
            unit = found["time"].rstrip("s")
        if not unit and text[: found.start()].rstrip(" :\n").endswith(counted):
            unit = PEOPLE
        decimals = len(digits.partition(".")[2]) if "e" not in digits else 9
        yield Figure(found[0].strip(), float(digits), unit, 0.5 * 10.0**-decimals)


# Figures in words

TO_NINETEEN = """zero one two three four five six seven eight nine ten eleven twelve thirteen
fourteen fifteen sixteen seventeen eighteen nineteen"""
BY_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
ONES, TENS = TO_NINETEEN.split(), BY_TENS.split()
SMALL = {word: value for value, word in enumerate(ONES)} | {
    word: 10 * value for value, word in enumerate(TENS, start=2)
}
LARGE = {"hundred": 100, "thousand": 1_000, "million": 1_000_000}
WORD = "|".join(sorted([*SMALL, *LARGE], key=len, reverse=True))
IN_WORDS = re.compile(
    rf"\b(?P<whole>(?:{WORD})(?:(?:[\s-]|\sand\s)(?:{WORD}))*)\b"
    rf"(?:\spoint(?P<decimals>(?:\s(?:{'|'.join(ONES)}))+)\b)?(?:\s(?P<half>and a half)\b)?"
    rf"(?:\s(?P<percent>{OF_A_HUNDRED})\b|\s(?P<yen>yen)\b|[\s-](?P<time>{TIMES})\b)?",
    re.IGNORECASE,
)


def worded(text: str) -> Iterator[Figure]:
    """Every number above twelve, or with decimals, that is written in words."""
    for found in IN_WORDS.finditer(text):
        words = [word for word in re.findall(r"[a-z]+", found["whole"].lower()) if word != "and"]
        if words[0] in LARGE:  # "a hundred", "thousands of": no number of the page
            continue
        total = part = 0
        for word in words:
            if word == "hundred":
                part *= 100
            elif word in LARGE:
                total, part = total + part * LARGE[word], 0
            else:
                part += SMALL[word]
        value, slack = float(total + part), 0.5
        if words[-1] in ("thousand", "million"):
            slack *= LARGE[words[-1]]
        if digits := [str(SMALL[word]) for word in (found["decimals"] or "").lower().split()]:
            value, slack = float(f"{total + part}.{''.join(digits)}"), 0.5 * 10.0 ** -len(digits)
        if found["half"]:
            value, slack = value + 0.5, 0.05
        unit = YEN if found["yen"] else PERCENT if found["percent"] else BARE
        if found["time"]:
            unit = found["time"].lower().rstrip("s")
        if value > 12 or digits or found["half"]:
            yield Figure(found[0], value, unit, slack)


# What a page gives


def given(notebook: Any) -> Iterator[Figure]:
    """Every number that a page computes or shows.

    Those in its code, each step of the arithmetic there, what code in its sentences types, its
    outputs, the defaults of the models it names, and what its checks compute, right or wrong.
    """
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    yield from steps(cell.source for cell in code)
    for cell in notebook.cells:
        typed = [cell.source] if cell in code else re.findall(r"`([^`\n]+)`", cell.source)
        for source in typed:
            yield from figures(source)
        for output in cell.get("outputs", ()):
            for kind, content in shown(output):
                chart = kind.startswith("application/vnd.vegalite")
                yield from charted(content) if chart else figures(content, labels(PEOPLE))
    named = {word for cell in code for word in re.findall(r"\w+", cell.source)}
    for name in sorted(named & models().keys()):
        yield from defaults(models()[name])
    for key in sorted({key for cell in code for key in strings(cell.source)} & EXERCISES.keys()):
        yield from checked(EXERCISES[key])


def strings(source: str) -> set[str]:
    """The texts in code."""
    return {
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


@cache
def models() -> dict[str, type[Model]]:
    """Every model of the course by its name."""
    found = {name: getattr(twostep, name) for name in twostep.__all__}
    return {
        name: each
        for name, each in found.items()
        if isinstance(each, type) and issubclass(each, Model)
    }


@cache
def labels(unit: str | None = None) -> tuple[str, ...]:
    """The labels of all assumptions and answers, or of those in one unit."""
    found = set[str]()
    for model in models().values():
        assumed, answered = assumption_fields(model), answer_fields(model)
        found |= {each.note.label for each in assumed if unit in (None, sign(each.unit))}
        found |= {each.note.label for each in answered if unit in (None, sign(each.unit))}
    return tuple(sorted(found))


def sign(unit: Unit) -> str:
    """How the numbers of a unit are told apart here."""
    if unit is units.PEOPLE:
        return PEOPLE
    return next(figures(unit.text(1 / unit.scale)), Figure("", 0)).unit


def defaults(model: type[Model]) -> Iterator[Figure]:
    """The defaults of a model."""
    for field in assumption_fields(model):
        if isinstance(field.default, int | float) and math.isfinite(field.default):
            yield from figures(field.text(field.default))


def checked(exercise: Exercise) -> Iterator[Figure]:
    """What an exercise gives, asks for, and takes for a known mistake."""
    for text in exercise.given.texts.values():
        yield from figures(text)
    if isinstance(exercise, Computed):
        for formula in (exercise.answer, *(each.formula for each in exercise.mistakes)):
            for value in exercise.values(formula, exercise.given):
                if math.isfinite(value):
                    unit = sign(exercise.unit)
                    yield Figure(exercise.key, value * exercise.unit.scale, unit)


def shown(output: Any) -> Iterator[tuple[str, str]]:
    """What a reader sees of an output, by kind: text without tags, without names in code."""
    held = output.get("data", {"text/plain": output.get("text", "")})
    for kind, content in held.items():
        if kind.startswith("image/"):
            continue
        text = content if isinstance(content, str) else json.dumps(content)
        if kind == "text/html":
            text = unescape(re.sub(r"<style.*?</style>|<[^>]*>", " ", text, flags=re.DOTALL))
        yield kind, re.sub(r"\(?\b[a-z]\w* = [\d.]+\)?", " ", text)


def charted(specification: str) -> Iterator[Figure]:
    """The numbers in the data of a chart that have four digits or more.

    A chart holds hundreds of numbers; a short one would be among them by chance.
    """
    data = json.loads(specification)
    values = [data.get("data", {}).get("values", []), *data.get("datasets", {}).values()]
    for figure in figures(json.dumps(values)):
        if len(re.sub(r"\D|^[0.]+", "", figure.text)) >= 4:
            yield figure


# Arithmetic, in code and in sentences

OPERATORS: dict[type[ast.AST], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}


def steps(sources: Iterable[str]) -> Iterator[Figure]:
    """The result of every step of the arithmetic in code: of (92 + 40) / 200 also 132."""
    names: dict[str, float] = {}
    for source in sources:
        for statement in ast.parse(source).body:
            for node in ast.walk(statement):
                if isinstance(node, ast.BinOp) and (value := worked(node, names)) is not None:
                    yield Figure(ast.unparse(node), value)
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=right):
                    if (value := worked(right, names)) is not None:
                        names[name] = value


def worked(node: ast.AST, names: dict[str, float]) -> float | None:
    """What an expression of numbers and of names known comes to; None for any other."""
    match node:
        case ast.Constant(value=int() | float() as value):
            return float(value)
        case ast.Name(id=name):
            return names.get(name)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            under = worked(operand, names)
            return None if under is None else -under
        case ast.BinOp(left=left, op=sign, right=right):
            values = worked(left, names), worked(right, names)
            if type(sign) in OPERATORS and None not in values:
                with suppress(ArithmeticError, TypeError):
                    return float(OPERATORS[type(sign)](*values))  # type: ignore[arg-type]
    return None


SIGNS = str.maketrans({"−": "-", "–": "-", "×": "*", "÷": "/", "¥": "", ",": ""})
EQUALS = r"=|is about|is|are|makes?"
SIDE = r"(?:[\d¥%() +−×÷/–]|[.,](?=\d))*"
CHAIN = re.compile(rf"[(¥\d]{SIDE}(?:(?:{EQUALS}) ?[(¥\d−]{SIDE})+")


def chains(text: str) -> Iterator[tuple[str, list[Figure], bool]]:
    """The sums in a text, such as "92 + 40 = 132": their figures, and whether they come out."""
    for found in CHAIN.finditer(text.replace("*", "")):
        parts = [balanced(part.strip(" .,–")) for part in re.split(EQUALS, found[0])]
        if not re.search(r"[+−×÷/]", parts[0]):
            continue
        try:
            values = [value_of(part) for part in parts]
        except SyntaxError:
            continue
        # Each side is as exact as its last figure is printed, and its first ones were rounded.
        last = [list(figures(part))[-1] for part in parts[1:]]
        slacks = [
            0.005 * abs(values[0]) + each.slack / (100 if each.unit == PERCENT else 1)
            for each in last
        ]
        pairs = zip(values[1:], slacks, strict=True)
        right = all(abs(values[0] - value) <= slack for value, slack in pairs)
        yield found[0].strip(), [each for part in parts for each in figures(part)], right


def balanced(part: str) -> str:
    """A side of a sum without a bracket of the sentence around it."""
    return part.strip("()") if part.count("(") != part.count(")") else part


def value_of(part: str) -> float:
    """What a side of a sum comes to. Raises SyntaxError if it is none."""
    code = re.sub(r"([\d.]+)\s?%", r"(\1/100)", part.translate(SIGNS))
    value = worked(ast.parse(code, mode="eval").body, {})
    if value is None:
        raise SyntaxError(part)
    return value


# What its sentences say


def sentences(notebook: Any) -> Iterator[tuple[str, str]]:
    """The texts of a page, each with the id of its cell."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            yield cell.id, readable(cell.source)


# What only looks like a figure of a business.
CODE = r"```.*?```|`[^`]*`|\$\$.*?\$\$"
TASK = r"^\d+\. |^\*\*(?:\d\.\d|\d+\.)(?=\*\*| )|\b(?:in|from|exercise|to) \d\.\d\b"
CLAIM = r"(?<![\d.,¥])[12]\.\d\d(?![\d%]|[.,]\d)"  # of the two sources, as COVERAGE.md counts them
TIME = r"^\*\*(?:Time|Minutes)\b.*$|^\|.*\bminutes \|(?:\n\|.*)+"
ISSUE = r"\b\d+\(\d+\)(?::\d+[–-]\d+)?"  # of a journal
MONTH = "January February March April May June July August September October November December"
DATE = rf"\b\d\d? (?:{'|'.join(MONTH.split())})\b"
NO_FIGURE = re.compile(rf"(?s:{CODE})|{TASK}|{CLAIM}|{TIME}|{ISSUE}|{DATE}", re.MULTILINE)


def readable(text: str) -> str:
    """A text without what only looks like a figure, and without the addresses of links."""
    return pages.plain(NO_FIGURE.sub(" ", text))


def claims(text: str) -> Iterator[Figure]:
    """The figures of a text that somebody has to have computed.

    Not those: whole numbers to twelve, 100 (as in "8 of 100"), minutes, years of the calendar.
    """
    for figure in [*figures(text), *worded(text)]:
        whole = figure.value.is_integer() and "." not in figure.text
        calendar = whole and 1900 <= figure.value < 2100 and "," not in figure.text
        ordinary = figure.unit == BARE and whole and (figure.value <= 12 or figure.value == 100)
        if figure.unit != "minute" and not calendar and not ordinary:
            yield figure


def unfounded(texts: Iterable[tuple[str, str]], known: Iterable[Figure]) -> tuple[int, list[str]]:
    """How many figures the texts have, and which of them nothing gives, each with its place."""
    have, count, missing = set(known), 0, []
    for place, text in texts:
        for chain, parts, right in chains(text):
            if not right:
                missing.append(f"{place}: the sum {chain} does not come out")
            elif any(part.is_given_by(each) for part in parts for each in have):
                have |= set(parts)
        for claim in claims(text):
            count += 1
            if not is_given(claim, have):
                missing.append(f"{place}: {claim.text}")
    return count, missing


def is_given(claim: Figure, known: Iterable[Figure]) -> bool:
    """Whether a figure is known. 7 months are not, where the page knows 7 only of years."""
    if claim.unit not in TIME_UNITS:
        return any(claim.is_given_by(each) for each in known)
    units = {each.unit for each in known if abs(each.value - claim.value) <= claim.slack}
    return claim.unit in units if units & TIME_UNITS else BARE in units
