"""A model with sliders: one class for every model, driven by the model's own annotations."""

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from html import escape
from pathlib import Path
from types import MappingProxyType
from typing import Any

import anywidget
import ipywidgets as widgets
import traitlets

from twostep._text import _
from twostep.charts import PICTURES
from twostep.charts.picture import Picture
from twostep.models.base import Model, answer_fields, answer_texts, assumption_fields
from twostep.units import POINTS, RATE, AnswerField, AssumptionField

_STATIC = Path(__file__).with_name("static")


class Control(anywidget.AnyWidget):
    """One assumption on the screen: a typed entry and a slider for the same number.

    `value` is in the model's unit; None is an empty entry. `min`, `max` and `step` bound the slider
    only: a number typed beyond them is possible if the model allows it. `error` is shown as it is.
    """

    _esm = _STATIC / "control.js"

    value = traitlets.Float(allow_none=True).tag(sync=True)
    min = traitlets.Float().tag(sync=True)
    max = traitlets.Float().tag(sync=True)
    step = traitlets.Float().tag(sync=True)
    scale = traitlets.Float().tag(sync=True)
    label = traitlets.Unicode().tag(sync=True)
    about = traitlets.Unicode().tag(sync=True)
    prefix = traitlets.Unicode().tag(sync=True)
    suffix = traitlets.Unicode().tag(sync=True)
    empty = traitlets.Unicode().tag(sync=True)
    error = traitlets.Unicode().tag(sync=True)

    def __init__(self, field: AssumptionField) -> None:
        low, high, step = field.note.slider
        self.field = field
        super().__init__(
            value=_entry(field.default),
            min=low,
            max=high,
            step=step,
            scale=field.unit.scale,
            label=field.note.label,
            about=_("{about} Default {default}: {basis}.").format(
                about=field.note.about, default=field.text(field.default), basis=field.note.basis
            ),
            prefix=field.unit.prefix,
            suffix=field.unit.suffix,
            empty=_("no limit") if field.note.infinite else "",
        )

    @property
    def number(self) -> float | None:
        """The value for the model: an empty entry means "no limit" where the field knows one."""
        return math.inf if self.value is None and self.field.note.infinite else self.value


class _Library(anywidget.AnyWidget):
    """The charting library, held once in the page for all calculators, without a network."""

    _esm = "export default {}"
    source = traitlets.Unicode().tag(sync=True)


class _Board(anywidget.AnyWidget):
    """Verdict, charts and answers: built once from `frames`, then fed with `facts`."""

    _esm = _STATIC / "board.js"
    _css = _STATIC / "calculator.css"
    library = traitlets.Instance(_Library).tag(sync=True, **widgets.widget_serialization)
    # As text: in a kernel that runs in the browser (JupyterLite), a null inside would be lost.
    frames = traitlets.Unicode().tag(sync=True)
    facts: Any = traitlets.Dict().tag(sync=True)
    copy_label = traitlets.Unicode(_("Copy as code")).tag(sync=True)


class Calculator(widgets.VBox):  # type: ignore[misc]
    """Sliders for the assumptions of a model, its answers, its verdict and its charts, live.

    `Calculator(Funnel(visits=5_000))` starts from that scenario, and its reset button returns to
    it; where the model has presets, another start can be chosen. `model` is the current scenario
    and `kept` the one it is compared with, if any (assign to them, or observe them); `controls`
    names the widgets by field. An impossible entry is answered with what is allowed and leaves
    `model` as it was.

    Raises ValueError for anything but a single scenario of a model of the course.
    """

    model = traitlets.Instance(Model)
    kept = traitlets.Instance(Model, allow_none=True)

    def __init__(self, model: Model) -> None:
        if not isinstance(model, Model):
            raise ValueError(
                _("a calculator needs a scenario such as Funnel(), not {model!r}").format(
                    model=model
                )
            )
        self._start = model.scalar()
        self._pictures = PICTURES.get(type(model), ())
        fields = assumption_fields(type(model))
        self._controls = {field.name: Control(field) for field in fields}
        self._board = _Board(
            library=_library(),
            frames=json.dumps([_frame(picture) for picture in self._pictures]),
        )
        self._keep = widgets.Button()
        self._name_keep()
        self._keep.on_click(lambda _button: self._keep_or_stop())
        reset = widgets.Button(description=_("Reset"), tooltip=_("Back to the start values"))
        reset.on_click(lambda _button: self.reset())
        tools = widgets.Box([*self._chooser(), reset, self._keep]).add_class("twostep-tools")
        super().__init__(
            children=[_groups(self._controls.values()), tools, self._board], model=model
        )
        self.add_class("twostep-calculator")
        for name, control in self._controls.items():
            self._enter(control, getattr(model, name))
            control.observe(self._on_entry, "value")

    @property
    def controls(self) -> Mapping[str, Control]:
        """The widgets of the assumptions, by field name."""
        return MappingProxyType(self._controls)

    def reset(self) -> None:
        """Return to the scenario the calculator was made with; refused entries are dropped."""
        self.model = self._start
        for name, control in self._controls.items():
            self._enter(control, getattr(self._start, name))

    def _chooser(self) -> list[widgets.Dropdown]:
        """The choice of a start, for a model that has presets."""
        presets = type(self._start).presets()
        if not presets:
            return []
        options = list(presets.items())
        if self._start not in presets.values():
            options.insert(0, (_("As given on this page"), self._start))
        chooser = widgets.Dropdown(options=options, value=self._start, description=_("Start from"))

        def start(change: dict[str, Any]) -> None:
            self._start = change["new"]
            self.reset()

        chooser.observe(start, "value")
        return [chooser]

    def _keep_or_stop(self) -> None:
        self.kept = self.model if self.kept is None else None

    @traitlets.validate("model", "kept")
    def _same_kind(self, proposal: dict[str, Any]) -> Model | None:
        model: Model | None = proposal["value"]
        if model is None:
            return None
        if type(model) is not type(self._start):
            raise ValueError(
                _("this calculator is for {kind}, not for {model!r}").format(
                    kind=type(self._start).__name__, model=model
                )
            )
        return model.scalar()

    @traitlets.observe("model")
    def _on_model(self, change: dict[str, Any]) -> None:
        # Only what changed: a refused entry elsewhere keeps its text and its message.
        for name, control in self._controls.items():
            value = getattr(self.model, name)
            if value != getattr(change["old"], name, value):
                self._enter(control, value)
        self._board.facts = self._facts(self.model)

    @traitlets.observe("kept")
    def _on_kept(self, _change: dict[str, Any]) -> None:
        self._name_keep()
        self._board.facts = self._facts(self.model)

    def _name_keep(self) -> None:
        self._keep.description, self._keep.tooltip = (
            (_("Compare"), _("Keep this scenario, and see how others differ from it"))
            if self.kept is None
            else (_("Stop comparing"), _("Forget the kept scenario"))
        )

    def _on_entry(self, change: dict[str, Any]) -> None:
        control: Control = change["owner"]
        field = control.field
        try:
            field.range.check(field.name, control.number)
        except ValueError:
            if control.value is None:
                entered = _("an empty entry")
            elif field.unit.has_digits(control.value):
                entered = field.unit.text(control.value)
            else:
                entered = _("that entry")
            reason = _("{entered} is not possible. Allowed: {allowed}.").format(
                entered=entered, allowed=field.range.allowed
            )
        else:
            try:
                self.model = replace(self.model, **{field.name: control.number})
            except ValueError as refusal:  # possible alone, but not beside the other assumptions
                reason = self._in_words(str(refusal))
            else:
                control.error = ""
                return
        control.error = _("{reason} The answers still use {used}.").format(
            reason=reason, used=field.text(getattr(self.model, field.name))
        )

    def _in_words(self, message: str) -> str:
        """A message of the model with the labels of the page in place of the names in code."""
        labels = {name: control.field.note.label for name, control in self._controls.items()}
        return re.sub("|".join(rf"\b{name}\b" for name in labels), lambda m: labels[m[0]], message)

    def _enter(self, control: Control, value: float) -> None:
        control.value = _entry(value)
        control.error = ""

    def _facts(self, model: Model) -> dict[str, Any]:
        facts: dict[str, Any] = {
            "verdict": model.verdict,
            "code": as_code(model),
            "pictures": [picture.facts(model, self.kept)._asdict() for picture in self._pictures],
        }
        if self.kept is None:
            return facts | {
                "headings": [],
                "answers": [[label, text] for _name, label, text in answer_texts(model)],
            }
        return facts | {
            "headings": [_("Answer"), _("now"), _("kept"), _("difference")],
            "kept": _("Kept: {verdict}").format(verdict=self.kept.verdict),
            "answers": [
                [
                    field.note.label,
                    *_compared(field, getattr(model, field.name), getattr(self.kept, field.name)),
                ]
                for field in answer_fields(type(model))
            ],
        }

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        # The widget for a running page; the same answers as text and as a table for every other.
        bundle: dict[str, Any] = super()._repr_mimebundle_(**kwargs) or {}
        rows = [(label, text) for _name, label, text in answer_texts(self.model)]
        given = [
            (field.note.label, field.text(getattr(self.model, field.name)))
            for field in assumption_fields(type(self.model))
        ]
        bundle["text/plain"] = "\n".join(
            [
                self.model.verdict,
                *(f"{label}: {text}" for label, text in rows),
                _("Assumptions: {listed}").format(
                    listed="; ".join(f"{label} {text}" for label, text in given)
                ),
            ]
        )
        bundle["text/html"] = (
            f"<p><strong>{escape(self.model.verdict)}</strong></p>"
            + _html_table(_("Assumptions"), given)
            + _html_table(_("Answers"), rows)
        )
        return bundle


def as_code(model: Model) -> str:
    """The constructor call of a scenario: only the assumptions that are not the default."""
    changed = {
        field.name: value
        for field in assumption_fields(type(model))
        if (value := getattr(model, field.name)) != field.default
    }
    return f"{type(model).__name__}({', '.join(f'{k}={_literal(v)}' for k, v in changed.items())})"


def _literal(value: float) -> str:
    if math.isinf(value):
        return 'float("inf")'
    return f"{int(value):_}" if value == int(value) and abs(value) < 1e15 else repr(value)


def _compared(field: AnswerField, now: Any, kept: Any) -> list[str]:
    """An answer as it is written now and for the kept scenario, and the difference."""
    texts = [field.text(now), field.text(kept)]
    # 8% is not 1% more than 7%.
    unit = POINTS if field.unit is RATE else field.unit
    if texts[0] == texts[1]:
        return [*texts, _("same")]
    if not unit.has_digits(now - kept):
        return [*texts, ""]
    return [*texts, ("+" if now > kept else "") + unit.text(now - kept)]


def _entry(value: float) -> float | None:
    return None if math.isinf(value) else value


def _groups(controls: Iterable[Control]) -> widgets.Box:
    members: dict[str, list[Control]] = {}
    for control in controls:
        members.setdefault(control.field.note.group, []).append(control)
    boxes = [
        widgets.VBox(
            [widgets.HTML(f"<div class='twostep-heading'>{escape(title)}</div>"), *group]
        ).add_class("twostep-group")
        for title, group in members.items()
    ]
    return widgets.Box(boxes).add_class("twostep-groups")


def _html_table(title: str, rows: list[tuple[str, str]]) -> str:
    body = "".join(f"<tr><td>{escape(a)}</td><td>{escape(b)}</td></tr>" for a, b in rows)
    return f"<table><thead><tr><th colspan='2'>{escape(title)}</th></tr></thead>{body}</table>"


def _frame(picture: Picture[Any]) -> dict[str, Any]:
    """The drawing alone: title, words and data are live, the page gives ground and width."""
    spec: dict[str, Any] = picture.drawing.frame().to_dict()
    return spec | {
        "width": 400,
        "background": None,
        # Again at every change: longer labels or more words need more room.
        "autosize": {"type": "fit-x", "contains": "padding", "resize": True},
    }


_shared: list[_Library] = []


def _library() -> _Library:
    # One for the whole session, made anew only if someone closed all widgets.
    if not _shared or _shared[0].comm is None:
        # Written by tools/bundle.py when the package is built.
        _shared[:] = [_Library(source=(_STATIC / "vega.js").read_text(encoding="utf-8"))]
    return _shared[0]
