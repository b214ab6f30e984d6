"""A model with sliders: one class for every model, driven by the model's own annotations."""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from html import escape
from pathlib import Path
from types import MappingProxyType
from typing import Any
from uuid import uuid4

import anywidget
import ipywidgets as widgets
import traitlets

from twostep import _cells
from twostep._text import _, labelled, semicolon_separated
from twostep.charts import PICTURES
from twostep.charts.picture import Picture
from twostep.models.base import Model, answer_fields, answer_texts, assumption_fields
from twostep.units import POINTS, RATE, AnswerField, AssumptionField

_STATIC = Path(__file__).with_name("static")


class Control(traitlets.HasTraits):
    """One assumption on the screen: a typed entry and a slider for the same number.

    `value` is in the model's unit; None is an empty entry. `min`, `max` and `step` bound the slider
    only: a number typed beyond them is possible if the model allows it. `error` is shown as it is.
    """

    value = traitlets.Float(allow_none=True)
    min = traitlets.Float()
    max = traitlets.Float()
    step = traitlets.Float()
    error = traitlets.Unicode()

    def __init__(self, field: AssumptionField, value: float) -> None:
        low, high, step = field.note.slider
        self.field = field
        super().__init__(value=_entry(value), min=low, max=high, step=step)

    @property
    def about(self) -> str:
        """What the assumption means, its default, and where that comes from."""
        field = self.field
        return _("{about} Default {default}: {basis}.").format(
            about=field.note.about, default=field.text(field.default), basis=field.note.basis
        )

    @property
    def number(self) -> float | None:
        """The value for the model: an empty entry means "no limit" where the field knows one."""
        return math.inf if self.value is None and self.field.note.infinite else self.value


class _Library(anywidget.AnyWidget):
    """The charting library, held once in the page for all calculators, without a network."""

    _esm = "export default {}"
    source = traitlets.Unicode().tag(sync=True)


class Calculator(anywidget.AnyWidget):
    """Sliders for the assumptions of a model, its answers, its verdict and its charts, live.

    `Calculator(Funnel(visits=5_000))` starts from that scenario, and its reset button returns to
    it; where the model has presets, another start can be chosen. `model` is the current scenario
    and `kept` the one it is compared with, if any (assign to them, or observe them); `controls`
    names the controls by field: set their `value`, or observe it. An impossible entry is answered
    with what is allowed and leaves `model` as it was.

    Raises ValueError for anything but a single scenario of a model of the course.
    """

    # Texts, not paths: anywidget watches a file for every widget made from it, and never lets go.
    _esm = (_STATIC / "calculator.js").read_text(encoding="utf-8")
    _css = (_STATIC / "calculator.css").read_text(encoding="utf-8")
    model = traitlets.Instance(Model)
    kept = traitlets.Instance(Model, allow_none=True)

    # What the page is told. Beside these it shares the value of each control, as `value_…`.
    library = traitlets.Instance(_Library).tag(sync=True, **widgets.widget_serialization)
    # As text: in a kernel that runs in the browser (JupyterLite), a null inside would be lost.
    page = traitlets.Unicode().tag(sync=True)
    start = traitlets.Int().tag(sync=True)
    bounds: Any = traitlets.Dict().tag(sync=True)
    errors: Any = traitlets.Dict().tag(sync=True)
    facts: Any = traitlets.Dict().tag(sync=True)

    def __init__(self, model: Model) -> None:
        if not isinstance(model, Model):
            raise ValueError(
                _("a calculator needs a scenario such as Funnel(), not {model!r}").format(
                    model=model
                )
            )
        self._starts = _starts(model.scalar())
        self._start = model.scalar()
        self._pictures = PICTURES.get(type(model), ())
        self._controls = {
            field.name: Control(field, getattr(model, field.name))
            for field in assumption_fields(type(model))
        }
        values = {f"value_{name}": control for name, control in self._controls.items()}
        self.add_traits(
            **{name: traitlets.Float(allow_none=True).tag(sync=True) for name in values}
        )
        model_id = uuid4().hex
        super().__init__(
            model_id=model_id,
            library=_library(),
            page=json.dumps(self._page() | {"id": model_id}),
            start=[start for _label, start in self._starts].index(self._start),
            bounds=self._bounds(),
            model=model,
            **{name: control.value for name, control in values.items()},
        )
        for name, control in values.items():
            self.observe(partial(self._on_page, control), name)
            control.observe(partial(self._on_value, name), "value")
            control.observe(self._on_error, "error")
            control.observe(self._on_bounds, ["min", "max", "step"])
        self.on_msg(self._on_message)
        _cells.made(self)

    @property
    def controls(self) -> Mapping[str, Control]:
        """The controls of the assumptions, by field name."""
        return MappingProxyType(self._controls)

    @property
    def model_id(self) -> str:
        """The name of this widget on a page, which is open again if it was closed."""
        self.open()
        return str(super().model_id)

    def open(self) -> None:
        """Be a widget on the page (again)."""
        if self.comm is None:
            self.layout.open()
            self.library = _library()
        super().open()

    def close(self) -> None:
        """Take the calculator off every page and free what it holds there.

        A cell that is run again closes what it has shown before. The calculator itself goes on
        working, and where it is shown anew it is open again.
        """
        if self.comm is not None:
            super().close()
            self.layout.close()
            # Where ipywidgets lets nothing be shown any more.
            del self._repr_mimebundle_

    def reset(self) -> None:
        """Return to the scenario the calculator was made with; refused entries are dropped."""
        with self.hold_sync():
            self.model = self._start
            for name, control in self._controls.items():
                self._enter(control, getattr(self._start, name))

    def _page(self) -> dict[str, Any]:
        """What does not change while the calculator is shown."""
        groups: dict[str, list[dict[str, Any]]] = {}
        for name, control in self._controls.items():
            field = control.field
            groups.setdefault(field.note.group, []).append(
                {
                    "name": name,
                    "label": field.note.label,
                    "about": control.about,
                    "more": _("About “{label}”").format(label=field.note.label),
                    "prefix": field.unit.prefix,
                    "suffix": field.unit.suffix,
                    "scale": field.unit.scale,
                    "empty": _("no limit") if field.note.infinite else "",
                }
            )
        return {
            "groups": [{"title": title, "fields": fields} for title, fields in groups.items()],
            "frames": [_frame(picture) for picture in self._pictures],
            "starts": [label for label, _start in self._starts] if len(self._starts) > 1 else [],
            "words": {
                "start": _("Start from"),
                "reset": _("Reset"),
                "reset_about": _("Back to the start values"),
                "compare": _("Compare"),
                "compare_about": _("Keep this scenario, and see how others differ from it"),
                "stop": _("Stop comparing"),
                "stop_about": _("Forget the kept scenario"),
                "copy": _("Copy as code"),
                "saved": _("Saved with the page. Run the cell to use the calculator again."),
                "given": _("Assumptions"),
                "answers": _("Answers"),
                "lost": _("Not connected: run the cell again. These answers are old."),
                "lost_app": _("Not connected: load the page again. These answers are old."),
            },
        }

    def _bounds(self) -> dict[str, list[float]]:
        return {name: [c.min, c.max, c.step] for name, c in self._controls.items()}

    def _on_message(self, _widget: Any, message: dict[str, Any], _buffers: Any) -> None:
        """What the person did, apart from moving a slider."""
        match message:
            case {"typed": str(text), "field": str(name)}:
                self._read(self._controls[name], text)
                self.send({"read": name})
            case {"press": "reset"}:
                self.reset()
            case {"press": "compare"}:
                self.kept = self.model if self.kept is None else None
            case {"start": int(index)}:
                self.start = index
                self._start = self._starts[index][1]
                self.reset()

    def _read(self, control: Control, text: str) -> None:
        try:
            value = _entry(control.field.read(text)) if text.strip() else None
        except ValueError as unreadable:
            self._refuse(
                control,
                _("{reason} Allowed: {allowed}.").format(
                    reason=unreadable, allowed=control.field.range.allowed
                ),
            )
            return
        if value == control.value:
            self._answer(control)  # what was typed before may have been refused
        control.value = value

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
        self.facts = self._facts(self.model)

    @traitlets.observe("kept")
    def _on_kept(self, _change: dict[str, Any]) -> None:
        self.facts = self._facts(self.model)

    def _on_page(self, control: Control, change: dict[str, Any]) -> None:
        if change["new"] != _entry(control.value):
            control.value = change["new"]

    def _on_value(self, name: str, change: dict[str, Any]) -> None:
        control: Control = change["owner"]
        with self.hold_sync():
            self.set_trait(name, _entry(control.value))
            self._answer(control)

    def _on_error(self, _change: dict[str, Any]) -> None:
        self.errors = {name: c.error for name, c in self._controls.items() if c.error}

    def _on_bounds(self, _change: dict[str, Any]) -> None:
        self.bounds = self._bounds()

    def _answer(self, control: Control) -> None:
        """Take over the value of a control, or say why that is not possible."""
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
        self._refuse(control, reason)

    def _refuse(self, control: Control, reason: str) -> None:
        used = control.field.text(getattr(self.model, control.field.name))
        control.error = _("{reason} The answers still use {used}.").format(reason=reason, used=used)

    def _in_words(self, message: str) -> str:
        """A message of the model with the labels of the page in place of the names in code."""
        labels = {name: control.field.note.label for name, control in self._controls.items()}
        names = "|".join(rf"\b{name}\b" for name in labels)
        # ASCII: beside a Japanese letter, too, a name in code ends.
        return re.sub(names, lambda match: labels[match[0]], message, flags=re.ASCII)

    def _enter(self, control: Control, value: float) -> None:
        control.value = _entry(value)
        control.error = ""

    def _facts(self, model: Model) -> dict[str, Any]:
        facts: dict[str, Any] = {
            "verdict": model.verdict,
            "code": as_code(model),
            "given": _given(model),
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

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:  # type: ignore[override]
        # The widget for a running page; the same answers as text and as a table for every other.
        _cells.shown(self)
        bundle: dict[str, Any] = dict(*(super()._repr_mimebundle_(**kwargs) or ())[:1])
        rows = [(label, text) for _name, label, text in answer_texts(self.model)]
        given = _given(self.model)
        bundle["text/plain"] = "\n".join(
            [
                self.model.verdict,
                *(labelled(*row) for row in rows),
                _("Assumptions: {listed}").format(
                    listed=semicolon_separated(
                        _("{label} {value}").format(label=label, value=text)
                        for label, text in given
                    )
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


def _given(model: Model) -> list[tuple[str, str]]:
    """The assumptions of a scenario: label, and value as it is written."""
    return [
        (field.note.label, field.text(getattr(model, field.name)))
        for field in assumption_fields(type(model))
    ]


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


def _entry(value: float | None) -> float | None:
    """A number as an entry can show it: one without digits leaves it empty."""
    return value if value is not None and math.isfinite(value) else None


def _starts(own: Model) -> list[tuple[str, Model]]:
    """The scenarios to start from, by their words: the presets of the model, and the page's own."""
    presets = list(type(own).presets().items())
    if own in (start for _label, start in presets):
        return presets
    return [(_("As given on this page"), own), *presets]


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
