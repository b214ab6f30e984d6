"""The learner's worksheet: a line a chapter, filled in on paper or here, put together in 13."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape

from twostep._text import _, comma_separated, labelled
from twostep.models.base import Model, answer_texts, assumption_fields
from twostep.units import AssumptionField

BLANK = "…………"
"""What stands on the sheet where nothing was filled in."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One chapter's line: a question, what to fill in, and the rule it ends in.

    `words` are blanks filled in with words, by name: their labels. `fields` are assumptions of
    `model`, filled in with numbers. `rule` may name any blank and, once all fields are there, any
    answer of the model: "I stop when a front buyer costs more than {allowable_cpa}."
    """

    chapter: str
    question: str
    words: Mapping[str, str] = field(default_factory=dict)
    model: type[Model] | None = None
    fields: tuple[str, ...] = ()
    rule: str = ""

    @property
    def numbers(self) -> list[AssumptionField]:
        """The assumptions to fill in, in the order of `fields`."""
        known = {each.name: each for each in assumption_fields(self.model)} if self.model else {}
        return [known[name] for name in self.fields]

    @property
    def labels(self) -> dict[str, str]:
        """The label of every blank, by its name in code."""
        return {**self.words, **{each.name: each.note.label for each in self.numbers}}

    def filled(self, entries: Mapping[str, object]) -> "FilledLine":
        """The line with what was filled in; `...` and empty text are blanks.

        Raises ValueError naming the blank, the value and what is allowed.
        """
        for name in entries:
            if name not in self.labels:
                raise ValueError(
                    _("{name!r} is no blank of this line; it has {known}").format(
                        name=name, known=comma_separated(self.labels)
                    )
                )
        given = {
            name: entry
            for name, entry in entries.items()
            if entry is not ... and not (isinstance(entry, str) and not entry.strip())
        }
        texts: dict[str, str] = {}
        for name in self.words:
            if name in given and not isinstance(given[name], str):
                raise ValueError(
                    _("{name} = {value} is not possible. Allowed: some words in quotes.").format(
                        name=name, value=repr(given[name])[:60]
                    )
                )
            texts[name] = str(given.get(name, "")).strip()
        values = {}
        for each in self.numbers:
            if each.name in given:
                values[each.name] = each.range.check(each.name, given[each.name])
            texts[each.name] = each.text(values[each.name]) if each.name in values else ""
        known = {name: text or BLANK for name, text in texts.items()}
        if self.model and len(values) == len(self.fields):
            known |= {name: text for name, _label, text in answer_texts(self.model(**values))}
        return FilledLine(self, texts, self.rule.format_map(_Blanks(known)))


@dataclass(frozen=True)
class FilledLine:
    """A line as it stands on the sheet: the text of every blank ("" if missing) and the rule."""

    line: Line
    texts: Mapping[str, str]
    rule: str

    @property
    def rows(self) -> list[tuple[str, str]]:
        """Label and text of every blank."""
        return [(self.line.labels[name], text or BLANK) for name, text in self.texts.items()]

    @property
    def closing(self) -> list[str]:
        """The rule, and in words what is still missing."""
        missing = [self.line.labels[name] for name, text in self.texts.items() if not text]
        said = _("Still missing: {labels}.").format(labels=comma_separated(missing))
        return [*filter(None, [self.rule]), *([said] if missing else [])]


class Sheet:
    """Lines of the worksheet, shown as a page shows them."""

    def __init__(self, *lines: FilledLine) -> None:
        self.lines = lines

    def __repr__(self) -> str:
        return "\n".join(
            "\n".join(
                [
                    f"{each.line.chapter} · {each.line.question}",
                    *(labelled(*row) for row in each.rows),
                    *each.closing,
                ]
            )
            for each in self.lines
        )

    def _repr_html_(self) -> str:
        return "".join(
            f"<table><thead><tr><th colspan='2'>{each.line.chapter} · "
            f"{escape(each.line.question)}</th></tr></thead><tbody>"
            + "".join(
                f"<tr><td>{escape(label)}</td><td>{escape(text)}</td></tr>"
                for label, text in each.rows
            )
            + "".join(f"<tr><td colspan='2'>{escape(words)}</td></tr>" for words in each.closing)
            + "</tbody></table>"
            for each in self.lines
        )


class _Blanks(dict[str, str]):
    """In a rule, what is not known yet stays a blank."""

    def __missing__(self, name: str) -> str:
        return BLANK
