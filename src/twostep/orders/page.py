"""The plan as one page: HTML that prints on A4, asks no server for anything and runs no script."""

import os
import unicodedata
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from twostep._text import _, language, semicolon_separated
from twostep.orders.share import hidden, people, percent
from twostep.units import YEN

if TYPE_CHECKING:
    from twostep.orders.plan import Plan

MARK = "<!-- twostep plan -->"
LONGEST = 80  # letters of a product's name

# Nothing may be fetched, and nothing run, whatever a product is called.
POLICY = "default-src 'none'; style-src 'unsafe-inline'"

_LIGHT = "--paper: #fff; --line: #767676; --soft: #f1f3f4; --ink: #1a1a1a; --bar: #1a5fb4;"
_DARK = "--paper: #121212; --line: #9a9a9a; --soft: #26292c; --ink: #ececec; --bar: #8ab4f8;"
STYLE = f"""
:root {{ color-scheme: light dark; {_LIGHT} }}
@media (prefers-color-scheme: dark) {{ :root {{ {_DARK} }} }}
@page {{ size: A4; margin: 11mm; }}
* {{ box-sizing: border-box; }}
body {{
    background: var(--paper); color: var(--ink); font: 1rem/1.45 system-ui, sans-serif;
    margin: 0 auto; max-width: 46rem; overflow-wrap: break-word; padding: 1rem;
}}
bdi {{ overflow-wrap: anywhere; }}
h1 {{ font-size: 1.5rem; margin: 0 0 .2rem; }}
h2 {{ break-after: avoid; font-size: 1.1rem; margin: 1.4rem 0 .3rem; }}
.verdict {{ background: var(--soft); border-left: .4rem solid var(--bar); padding: .7rem 1rem; }}
.verdict strong {{ display: block; font-size: 1.3rem; }}
.verdict p {{ margin: .3rem 0 0; }}
table {{ border-collapse: collapse; width: 100%; }}
tr {{ break-inside: avoid; }}
th, td {{ border-bottom: 1px solid var(--line); padding: .25rem .7rem .25rem 0; }}
th, td {{ text-align: left; vertical-align: top; }}
.number {{ text-align: right; }}
.hand {{ display: none; }}
svg {{ display: block; height: auto; margin: .6rem 0; max-width: 100%; }}
@media print {{
    :root {{ color-scheme: light; {_LIGHT} }}
    :root {{ font-size: 8.4pt; }}
    body {{ font-size: 1rem; line-height: 1.3; max-width: none; padding: 0; }}
    .tables {{ column-gap: 1.5rem; columns: 2; }}
    section {{ break-inside: avoid; }}
    .top {{ display: flex; gap: 1.5rem; }}
    svg {{ flex: none; width: 9cm; }}
    .hand {{ display: block; flex: 1; }}
    .hand h2 {{ margin-top: .5rem; }}
    .hand p {{ border-bottom: 1px solid var(--line); margin: 0; padding-bottom: 1rem; }}
    h2 {{ margin: .8rem 0 .1rem; }}
    th, td {{ padding-bottom: .1rem; padding-top: .1rem; }}
    p {{ margin: .3rem 0; }}
    ul {{ column-gap: 2rem; columns: 2; margin: .2rem 0; }}
    .verdict {{ border: 1px solid var(--line); border-left-width: .4rem; }}
}}
"""


def write(plan: "Plan", path: str | os.PathLike[str]) -> Path:
    """Write the page and return where. No group of fewer than 5 people is on it.

    Raises ValueError for a name that does not end in .html, for a folder that is not there, and
    rather than replace a file that is no plan.
    """
    place = Path(path).expanduser()
    if place.suffix.lower() not in {".html", ".htm"}:
        raise ValueError(
            _("{name}: a plan is an HTML page; give it a name such as plan.html.").format(
                name=place.name
            )
        )
    if place.exists() and MARK not in place.read_text(encoding="utf-8", errors="replace")[:400]:
        raise ValueError(
            _("{name} is another file, not a plan: choose another name.").format(name=place.name)
        )
    try:
        place.write_text(html(plan), encoding="utf-8")
    except OSError:
        raise ValueError(
            _("{name} cannot be written in {folder}.").format(
                name=place.name, folder=place.absolute().parent.name or "/"
            )
        ) from None
    return place


def html(plan: "Plan") -> str:
    """The whole page."""
    found = plan.front_back
    title = _("A two-step plan")
    products = _("From {front} to {back}, within {days} days; orders up to {as_of}").format(
        front=_names(found.front),
        back=_names(found.back),
        days=found.window_days,
        as_of=found.orders.as_of,
    )
    parts = [
        f"<h1>{escape(title)}</h1><p class='quiet'>{products}</p>",
        _verdict(plan),
        f"<div class='top'>{_picture(plan)}{_by_hand()}</div>",
        "<div class='tables'>",
        _table(
            _("What it must reach, and may spend"),
            [_("number"), _("value")],
            [[number.label, number.text] for number in plan._break_evens],
            numbers=1,
        ),
        _changes(plan),
        _counts(plan),
        _table(
            _("Every number, and where it comes from"),
            [_("number"), _("value"), _("from")],
            [[number.label, number.printed, number.basis] for number in plan.numbers],
            numbers=1,
        ),
        "</div>",
        _limits(plan),
    ]
    return framed(MARK, title, parts)


def framed(mark: str, title: str, parts: Iterable[str], style: str = "") -> str:
    """A whole page of these parts; `mark` says what kind of page it is, to who would replace it."""
    return (
        f"<!DOCTYPE html>\n<html lang='{language()}'>\n{mark}\n<head><meta charset='utf-8'>"
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>{escape(title)}</title><style>{STYLE}{style}</style></head>\n<body>\n<main>\n"
        + "\n".join(part for part in parts if part)
        + "\n</main>\n</body>\n</html>\n"
    )


def shown(name: str) -> str:
    """A product's name for a page: no control or direction signs, cut where it is endless."""
    clean = "".join(
        "\N{REPLACEMENT CHARACTER}" if unicodedata.category(sign) in ("Cc", "Cf") else sign
        for sign in name
    )
    return clean if len(clean) <= LONGEST else clean[: LONGEST - 1] + "…"


def _names(products: Iterable[str]) -> str:
    nameless = _("(no name)")
    return " / ".join(f"<bdi>{escape(shown(name) or nameless)}</bdi>" for name in products)


def _table(title: str, head: list[str], rows: list[list[str]], numbers: int) -> str:
    """A table with a heading; so many columns after the first hold numbers."""
    if not rows:
        return ""

    def row(cells: list[str], tag: str, scope: str = "") -> str:
        joined = "".join(
            f"<{tag}{scope}{' class=number' if 1 <= at <= numbers else ''}>{escape(cell)}</{tag}>"
            for at, cell in enumerate(cells)
        )
        return f"<tr>{joined}</tr>"

    body = "".join(row(cells, "td") for cells in rows)
    top = row(head, "th", " scope=col")
    return (
        f"<section><h2>{escape(title)}</h2>"
        f"<table><thead>{top}</thead><tbody>{body}</tbody></table></section>"
    )


def _verdict(plan: "Plan") -> str:
    if not plan.rate.of:
        return f"<div class='verdict'><strong>{escape(plan.verdict)}</strong></div>"
    said = [
        _("Front buyers who went on within {days} days: {rate}.").format(
            days=plan.front_back.window_days, rate=plan.rate.printed
        ),
        plan._reason,
        _spending(plan),
    ]
    told = "".join(f"<p>{escape(sentence)}</p>" for sentence in said if sentence)
    return f"<div class='verdict'><strong>{escape(plan._headline)}</strong>{told}</div>"


def _spending(plan: "Plan") -> str:
    allowable = plan.allowable
    if not all(map(YEN.has_digits, (allowable.value, allowable.low, allowable.high))):
        return ""
    if not plan.cost_is_known:
        return _("A front buyer may cost {value}.").format(value=allowable.text)
    cost = float(getattr(plan.model, plan.kind.cost))
    return _("A front buyer may cost {value}, and costs {cost}.").format(
        value=allowable.text, cost=YEN.text(cost)
    )


def _picture(plan: "Plan") -> str:
    """The measured rate with its interval, and the break-even rate, on one line."""
    rate, needed = plan.rate, plan.break_even
    few = hidden(rate.count, rate.of)
    if few or not 0 <= needed.value <= 1 or not plan.cost_is_known:
        return ""
    most = min(1.0, 1.25 * max(rate.high, needed.value, 0.02))

    def at(share: float) -> float:
        return 10 + 340 * share / most

    about = _("Break-even {needed}; measured between {low} and {high}").format(
        needed=percent(needed.value), low=percent(rate.low), high=percent(rate.high)
    )
    x, low, high = at(needed.value), at(rate.low), at(rate.high)
    middle = min(max((low + high) / 2, 90), 270)  # so that its words are not cut off
    anchor = "start" if x < 180 else "end"
    needs = _("needed: {rate}").format(rate=percent(needed.value))
    found = _("measured: {low} to {high}").format(low=percent(rate.low), high=percent(rate.high))
    return (
        f'<svg viewBox="0 0 360 96" width="480" role="img" aria-label="{escape(about)}">'
        '<line x1="10" y1="70" x2="350" y2="70" stroke="var(--line)"/>'
        f'<rect x="{low:.1f}" y="28" width="{max(high - low, 2):.1f}" height="14" rx="3"'
        ' fill="var(--bar)"/>'
        f'<line x1="{x:.1f}" y1="20" x2="{x:.1f}" y2="48" stroke="var(--ink)" stroke-width="2"'
        ' stroke-dasharray="5 3"/>'
        f'<text x="{x:.1f}" y="16" font-size="12" fill="var(--ink)" text-anchor="{anchor}">'
        f"{escape(needs)}</text>"
        f'<text x="{middle:.1f}" y="60" font-size="12" fill="var(--ink)"'
        f' text-anchor="middle">'
        f"{escape(found)}"
        "</text>"
        '<text x="10" y="86" font-size="12" fill="var(--ink)">0%</text>'
        f'<text x="350" y="86" font-size="12" fill="var(--ink)" text-anchor="end">{percent(most)}'
        "</text></svg>"
    )


def _changes(plan: "Plan") -> str:
    rows = [[turn.number.label, turn.now.printed, turn.turned.text] for turn in plan._turns]
    return _table(
        _("What would change it"),
        [_("number, all else as it is"), _("now"), _("turns at")],
        rows,
        numbers=2,
    )


def _counts(plan: "Plan") -> str:
    found = plan.front_back
    orders = found.orders
    rows = [
        [_("Customers in the files"), people(orders.customers)],
        [_("Front buyers"), people(found.front_buyers)],
        [
            _("had the back product before or with the front product: not counted"),
            people(found.back_before_or_with_front),
        ],
        [_("bought too recently: not counted yet"), people(found.too_recent)],
        [
            _("had the whole {days} days: counted").format(days=found.window_days),
            people(found.eligible),
        ],
        [_("of these went on"), plan.rate.printed],
    ]
    table = _table(
        _("How the people were counted"),
        [_("who"), _("how many")],
        rows,
        numbers=1,
    )
    if not orders._ledger.left_out:
        return table
    reasons = [
        _("{count} {reason}").format(count=people(left.orders or left.rows), reason=left.reason)
        for left in orders._ledger.left_out
    ]
    said = _("Left out, in orders or rows: {reasons}.").format(reasons=semicolon_separated(reasons))
    return table.removesuffix("</section>") + f"<p>{escape(said)}</p></section>"


def _limits(plan: "Plan") -> str:
    found = plan.front_back
    said = [
        *(
            [_("The orders are simulated: the course's sample, no real shop.")]
            if found.orders.simulated
            else []
        ),
        _("What is marked “our assumption” is not about your shop: put in your own."),
        _("The files do not say how many people saw the offer, nor what an advert cost."),
        _("Prices are as written on the orders: shipping, points and discounts are not in them."),
        _("One person with two e-mail addresses and no customer number counts as two."),
        _(
            "Whoever bought in the files' first days may have bought before: is {day} the shop's "
            "first day?"
        ).format(day=found.orders.first_day),
        *found.orders.warnings,
        _("The past of these customers is no promise about the next ones, nor of an income."),
        _("This page holds your numbers: give it only to whom you would tell them."),
    ]
    items = "".join(f"<li>{escape(sentence)}</li>" for sentence in said)
    title = _("What this page does not know")
    return f"<h2>{escape(title)}</h2><ul>{items}</ul>"


def _by_hand() -> str:
    """What no file knows: lines to write on, on paper only."""
    said = [
        _("What I do not know yet, and who could tell me:"),
        _("What I do until then:"),
        _("The day on which I count again:"),
    ]
    lines = "".join(f"<p>{escape(words)}</p>" for words in said)
    title = _("To fill in by hand")
    return f"<section class='hand'><h2>{escape(title)}</h2>{lines}</section>"
