// One assumption: a typed entry and a slider on the same number, with what is allowed in words.
// `value` is in the model's unit; the person reads and types value × scale (percent for shares).

function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

function render({ model, el }) {
  // Each control loads this file anew, so a counter would give all of them the same id.
  const id = `twostep-${Math.random().toString(36).slice(2)}`;
  const scale = model.get("scale");
  const shown = (value) => Number((value * scale).toPrecision(12));

  const entry = make("input", { type: "number", step: "any", id, placeholder: model.get("empty") });
  const slider = make("input", { type: "range", step: shown(model.get("step")) });
  const error = make("span", { className: "twostep-error", id: `${id}-error` });
  error.setAttribute("role", "alert");
  slider.setAttribute("aria-label", model.get("label"));
  // JupyterLab takes a slider for page, not entry, and would use its arrow keys to move about.
  slider.setAttribute("data-lm-suppress-shortcuts", "");
  for (const input of [entry, slider]) {
    input.setAttribute("aria-describedby", `${id}-about ${id}-error`);
  }
  el.classList.add("twostep-control");
  el.replaceChildren(
    make("label", { htmlFor: id, textContent: model.get("label") }),
    make("span", { className: "twostep-entry" }, model.get("prefix"), entry, model.get("suffix")),
    slider,
    make("span", { className: "twostep-about", id: `${id}-about`, textContent: model.get("about") }),
    error,
  );

  function show() {
    const value = model.get("value"); // null or, from a kernel in the browser, undefined: empty
    const low = shown(model.get("min"));
    const high = shown(model.get("max"));
    if (value == null) {
      entry.value = "";
    } else if (Number(entry.value) !== shown(value) || entry.value === "") {
      entry.value = shown(value);
    }
    // A typed number beyond the sensible range is possible: the slider stretches to hold it.
    slider.min = value == null ? low : Math.min(low, shown(value));
    slider.max = value == null ? high : Math.max(high, shown(value));
    slider.value = value == null ? high : shown(value);
    slider.setAttribute("aria-valuetext", `${model.get("prefix")}${entry.value}${model.get("suffix")}`);
    error.textContent = model.get("error");
    entry.setAttribute("aria-invalid", String(model.get("error") !== ""));
  }

  function send(text) {
    const number = text === "" ? NaN : Number(text);
    model.set("value", Number.isFinite(number) ? Number((number / scale).toPrecision(12)) : null);
    model.save_changes();
  }

  slider.addEventListener("input", () => send(slider.value));
  entry.addEventListener("change", () => send(entry.value));
  // JupyterLab keeps Enter from ending an entry.
  entry.addEventListener("keydown", (event) => event.key === "Enter" && send(entry.value));
  model.on("change:value change:error change:min change:max", show);
  show();
  return () => model.off("change:value change:error change:min change:max", show);
}

export default { render };
