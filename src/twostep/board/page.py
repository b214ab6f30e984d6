"""The board as one page (HTML that prints on A4, asks no server for anything, runs no script), and
the same counts as a table.

No learner's name stands on either unless it was asked for: a board is shown to the class.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from html import escape

from twostep._text import _, comma_separated, semicolon_separated, sentences
from twostep.board.count import Misconception, Task, half_have, misconceptions, right, tasks
from twostep.board.read import STALE, STATES, Submissions
from twostep.board.words import question, words
from twostep.orders.page import framed, shown
from twostep.practice import EXERCISES, Outcome
from twostep.practice._shown import marked, version
from twostep.units import counted

MARK = "<!-- twostep board -->"
LEARNERS = counted(_("{number} learners"), _("{number} learner"))
NOTEBOOKS = counted(_("{number} notebooks"), _("{number} notebook"))

# A sign, words and a colour: each says it alone.
_LOOKS = {
    Outcome.CORRECT: ("✓", _("right"), "var(--bar)"),
    Outcome.KNOWN_MISTAKE: ("✗", _("a known mistake"), "var(--known)"),
    Outcome.NOT_YET: ("≠", _("wrong in another way"), "var(--wrong)"),
    Outcome.UNREADABLE: ("?", _("cannot be read"), "var(--unread)"),
    STALE: ("↻", _("changed since its check ran"), "var(--stale)"),
    Outcome.NOT_ANSWERED: ("…", _("not answered"), "var(--soft)"),
}
STYLE = """
:root { --known: #c64600; --wrong: #e5a50a; --unread: #813d9c; --stale: #77767b; }
.signs td:nth-child(n+4), .signs th:nth-child(n+4) { padding-right: .3rem; text-align: right; }
.signs td:nth-child(3) { width: 34%; }
.board svg { margin: .25rem 0; width: 100%; }
.board code { font-size: .85em; overflow-wrap: anywhere; }
.talk li { break-inside: avoid; margin: 0 0 .8rem; }
.talk p, .talk blockquote { margin: .15rem 0; }
.talk blockquote { border-left: .2rem solid var(--line); padding-left: .6rem; }
.board .talk svg { display: inline-block; margin: 0; vertical-align: baseline; width: 11rem; }
.learners td:nth-child(2) { white-space: nowrap; }
.quiet { font-size: .9em; }
.legend span { display: inline-block; margin-right: 1rem; }
.legend svg { display: inline-block; height: .8em; margin: 0; width: 1em; }
@media print { .board ul { columns: 1; } .talk li { margin: 0 0 .5rem; } }
"""


def html(found: Submissions, *, names: bool = False) -> str:
    """The whole page; with `names`, also a row for every learner and which files were not read."""
    title = _("Class board")
    listed, held = tasks(found), misconceptions(found)
    numbers = {task.key: number for number, task in enumerate(listed, start=1)}
    parts = [
        "<div class='board'>",
        f"<h1>{escape(title)}</h1><p class='quiet'>{escape(_read(found))}</p>",
        _verdict(found, listed),
        _talk(
            _("What to talk about, in this order"),
            [each for each in held if not each.words.anywhere],
            numbers,
            len(found.learners),
        )
        or _nobody(),
        _talk(
            _("Slips that can happen in any task"),
            [each for each in held if each.words.anywhere],
            numbers,
            len(found.learners),
        ),
        _progress(listed, numbers),
        _by_learner(found, numbers) if names else "",
        _not_counted(found, names),
        _limits(),
        "</div>",
    ]
    return framed(MARK, title, parts, STYLE)


def _read(found: Submissions) -> str:
    return _("{learners} · {notebooks} · course version {version} · {day}").format(
        learners=LEARNERS.text(len(found.learners)),
        notebooks=NOTEBOOKS.text(found.notebooks),
        version=version() or _("not known"),
        day=date.today().isoformat(),
    )


def _verdict(found: Submissions, listed: list[Task]) -> str:
    far = _("Half of the class has {count} of {all} tasks right, or more.").format(
        count=half_have(found), all=len(listed)
    )
    use = _(
        "For teaching, not for marks: what a notebook stores can be edited by whoever hands it in. "
        "To mark, let nbgrader run the notebooks again."
    )
    return f"<div class='verdict'><strong>{escape(far)}</strong><p>{escape(use)}</p></div>"


def _talk(title: str, held: list[Misconception], numbers: dict[str, int], learners: int) -> str:
    items = "".join(f"<li>{_one(each, numbers, learners)}</li>" for each in held)
    return f"<h2>{escape(title)}</h2><ol class='talk'>{items}</ol>" if items else ""


def _nobody() -> str:
    said = _("Nobody holds a misconception that we know, in an answer checked as it stands.")
    return f"<p>{escape(said)}</p>"


def _one(each: Misconception, numbers: dict[str, int], learners: int) -> str:
    count = _("{holders} of {tried} who answered").format(holders=each.holders, tried=each.tried)
    places = comma_separated(map(str, sorted(numbers[key] for key in each.keys)))
    place = _("task {numbers}") if len(each.keys) == 1 else _("tasks {numbers}")
    asked = question(EXERCISES[each.keys[0]])
    part = _("{part} of {count}").format(part=each.holders, count=LEARNERS.text(learners))
    said = [
        f"<p>{_bar([(each.holders, 'var(--known)')], learners, part)}"
        f" <strong>{escape(count)}</strong> · {escape(place.format(numbers=places))}"
        f" · <code>{escape(each.name)}</code></p>"
    ]
    if asked:
        said.append(f"<p>{marked(asked)}</p><blockquote>{marked(each.words.believed)}</blockquote>")
    said.append(f"<p>→ {marked(each.words.reply)}</p>")
    return "".join(said)


def _progress(listed: list[Task], numbers: dict[str, int]) -> str:
    head = [_("no."), _("task"), _("how the class stands")]
    top = "".join(f"<th scope=col>{escape(word)}</th>" for word in head)
    top += "".join(
        f"<th scope=col aria-label='{escape(label)}'>{sign}</th>"
        for sign, label, _colour in _LOOKS.values()
    )
    rows = "".join(
        f"<tr><td>{numbers[task.key]}</td><td><code>{escape(task.key)}</code></td>"
        f"<td>{_stack(task)}</td>"
        + "".join(f"<td>{task.states[state] or ''}</td>" for state in _LOOKS)
        + "</tr>"
        for task in listed
    )
    legend = "".join(
        f"<span>{_swatch(colour)} {sign} {escape(label)}</span>"
        for sign, label, colour in _LOOKS.values()
    )
    title = _("How far the class is")
    return (
        f"<h2>{escape(title)}</h2><p class='legend'>{legend}</p>"
        f"<table class='signs'><thead><tr>{top}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _stack(task: Task) -> str:
    words = comma_separated(
        _("{count} {state}").format(count=task.states[state], state=label)
        for state, (_sign, label, _colour) in _LOOKS.items()
        if task.states[state]
    )
    parts = [(task.states[state], look[2]) for state, look in _LOOKS.items()]
    learners = LEARNERS.text(task.learners)
    label = _("{learners}: {states}").format(learners=learners, states=words)
    return _bar(parts, task.learners, label)


def _bar(parts: Iterable[tuple[int, str]], whole: int, label: str) -> str:
    """A bar in parts, each a count and a colour, on a frame as long as the whole."""
    drawn, place = "", 0.0
    for count, colour in parts:
        wide = 300 * count / whole
        if count:
            drawn += f'<rect x="{place:.1f}" y="1" width="{wide:.1f}" height="10" fill="{colour}"/>'
        place += wide
    return (
        f'<svg viewBox="-1 0 302 12" role="img" aria-label="{escape(label)}">{drawn}'
        '<rect x="0" y="1" width="300" height="10" fill="none" stroke="var(--line)"/></svg>'
    )


def _swatch(colour: str) -> str:
    return (
        '<svg viewBox="0 0 10 10" aria-hidden="true">'
        f'<rect width="10" height="10" fill="{colour}" stroke="var(--line)"/></svg>'
    )


def _by_learner(found: Submissions, numbers: dict[str, int]) -> str:
    head = [_("learner"), _("right"), _("to talk about, by task"), "↻", "…"]
    top = "".join(f"<th scope=col>{escape(word)}</th>" for word in head)
    rows = ""
    for learner, attempts in found.learners.items():
        states = Counter(each.state for each in attempts.values())
        share = _("{count} of {all}").format(count=right(found, learner), all=len(attempts))
        talk = semicolon_separated(
            f"{number} {_LOOKS[each.state][0]} <code>{escape(each.mistake or '')}</code>"
            for key, number in numbers.items()
            if (each := attempts.get(key))
            and each.state not in (Outcome.CORRECT, STALE, Outcome.NOT_ANSWERED)
        ).replace(" <code></code>", "")
        rows += (
            f"<tr><td>{_name(learner)}</td><td>{escape(share)}</td><td>{talk}</td>"
            f"<td>{states[STALE] or ''}</td><td>{states[Outcome.NOT_ANSWERED] or ''}</td></tr>"
        )
    title = _("By learner")
    return (
        f"<h2>{escape(title)}</h2>"
        f"<table class='learners'><thead><tr>{top}</tr></thead><tbody>{rows}</tbody></table>"
    )


def plain(name: str) -> str:
    """A name from the file system as it can be shown: no control signs, nothing unwritable."""
    return shown(name.encode("utf-8", "replace").decode("utf-8"))


def _name(name: str) -> str:
    return f"<bdi>{escape(plain(name))}</bdi>"


def _not_counted(found: Submissions, names: bool) -> str:
    said = [escape(sentence) for sentence in _about_versions(found)]
    if found.without_notebooks:
        said.append(
            escape(
                _("Folders without a notebook: {count}.").format(count=len(found.without_notebooks))
            )
            + _named(found.without_notebooks, names)
        )
    if found.several:
        said.append(
            escape(
                _(
                    "Learners with a task in several notebooks: {count}. The answer in the "
                    "notebook saved last counts."
                ).format(count=len(found.several))
            )
            + _named(found.several, names)
        )
    reasons: dict[str, list[str]] = {}
    for name, reason in found.passed_over:
        reasons.setdefault(reason, []).append(name)
    for reason, files in reasons.items():
        passed = _("Passed over: {count}. {reason}").format(count=len(files), reason=reason)
        said.append(escape(passed) + _named(files, names))
    if not said:
        return ""
    items = "".join(f"<li>{sentence}</li>" for sentence in said)
    title = _("What is not counted, or counted with care")
    return f"<h2>{escape(title)}</h2><ul>{items}</ul>"


def _named(files: list[str], names: bool) -> str:
    return " " + comma_separated(map(_name, files)) if names else ""


def _about_versions(found: Submissions) -> Iterator[str]:
    for other, count in sorted(found.versions.items()):
        yield _(
            "Checked by version {other} of the course, not this one: {notebooks}. Counted where "
            "this version knows the task and the mistake."
        ).format(other=other, notebooks=NOTEBOOKS.text(count))
    if found.unknown:
        yield _(
            "With a result that this version of the course does not know, which is not counted: "
            "{notebooks}."
        ).format(notebooks=NOTEBOOKS.text(found.unknown))


def _limits() -> str:
    said = [
        _("Only the last result of a check is in a notebook: who was wrong before is not known."),
        _(
            "An answer counts as changed when a cell that it came from has another text than when "
            "the check ran, or when it was typed and never checked. Not seen: a new cell that "
            "changes it, and any change where a program has removed the marks of the check."
        ),
        _("A mistake that we foresaw has a name; other wrong answers are only counted."),
        _("One person with two folders counts as two; two people with one notebook as one."),
    ]
    items = "".join(f"<li>{escape(sentence)}</li>" for sentence in said)
    title = _("What this board does not know")
    return f"<h2>{escape(title)}</h2><ul>{items}</ul>"


# The same as a table. Its column names and states are for programs: the same in every language.


CLASS = ("task", "state", "mistake", "words", "learners", "of")
BY_LEARNER = ("learner", "task", "state", "mistake", "words", "version")


def table(found: Submissions, *, names: bool = False) -> str:
    """CSV: learners by task, state and mistake; with `names`, every learner's tasks."""
    rows = list(_by_name(found) if names else _by_task(found))
    text = io.StringIO()
    csv.writer(text).writerows([BY_LEARNER if names else CLASS, *rows])
    return text.getvalue()


def _by_task(found: Submissions) -> Iterator[tuple[object, ...]]:
    for task in tasks(found):
        attempts = [each[task.key] for each in found.learners.values() if task.key in each]
        counts = Counter((each.state, each.mistake or "") for each in attempts)
        for state in STATES:
            for (held, mistake), count in sorted(counts.items(), key=lambda pair: -pair[1]):
                if held == state:
                    said = _words(task.key, mistake)
                    yield task.key, state, mistake, said, count, task.learners


def _by_name(found: Submissions) -> Iterator[tuple[object, ...]]:
    keys = [task.key for task in tasks(found)]
    for learner, attempts in found.learners.items():
        for key in keys:
            if each := attempts.get(key):
                mistake = each.mistake or ""
                said, made_by = _words(key, mistake), each.version or ""
                yield _cell(learner), key, each.state, mistake, said, made_by


def _words(key: str, mistake: str) -> str:
    said = words(key, mistake) if mistake else None
    return sentences(said.believed, said.reply) if said and said.believed else (
        said.reply if said else ""
    )  # fmt: skip


def _cell(name: str) -> str:
    """A name that no spreadsheet takes for a formula."""
    clean = plain(name)
    return f"'{clean}" if clean[:1] in "=+-@\t\r" else clean
