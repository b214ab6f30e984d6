// A calculator on the page: controls, verdict, charts and answers. Everything is built once; a change
// arrives as a value of one control or as new `facts`, and only replaces text and data, so nothing
// jumps or blinks.

function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

function button(text, press) {
  const element = make("button", { type: "button", className: "twostep-button", textContent: text });
  element.addEventListener("click", press);
  return element;
}

// Writes only where something changes; setting `hidden` anew would make the browser lay out again.
function write(element, text) {
  if (text !== undefined && element.textContent !== text) element.textContent = text;
  element.toggleAttribute("hidden", text === undefined);
}

// Text keeps the room of the longest it has been, or what stands below would move with its length.
// At another width it begins anew. Returns how to end this.
function keepRoom(element) {
  let width = 0;
  const watch = new ResizeObserver(() => {
    const same = element.offsetWidth === width;
    width = element.offsetWidth;
    element.style.minHeight = same ? `${element.offsetHeight}px` : "";
  });
  watch.observe(element);
  return () => watch.disconnect();
}

// Without this JupyterLab would use the keys pressed here to move about the page.
function ownKeys(element) {
  element.setAttribute("data-lm-suppress-shortcuts", "");
}

// −229,200: as people write it. The kernel reads it in the same form.
function written(number) {
  return String(number)
    .replace(/^-/, "−")
    .replace(/\d+/, (digits) => digits.replace(/\B(?=(?:\d{3})+$)/g, ","));
}

// One assumption: a typed entry and a slider on the same number, with what is allowed in words.
// Its value is in the model's unit; the person reads and types value × scale (percent for shares).
function control(model, field) {
  const id = `twostep-${Math.random().toString(36).slice(2)}`;
  const key = `value_${field.name}`;
  const shown = (value) => Number((value * field.scale).toPrecision(12));
  const unit = (text) => `${field.prefix}${text}${field.suffix}`;

  const entry = make("input", { type: "text", inputMode: "decimal", autocomplete: "off", id });
  entry.placeholder = field.empty;
  const slider = make("input", { type: "range" });
  const more = make("button", { type: "button", className: "twostep-more", textContent: "?" });
  const about = make("p", { className: "twostep-about", id: `${id}-about`, textContent: field.about });
  const error = make("p", { className: "twostep-error", id: `${id}-error` });
  error.setAttribute("role", "alert");
  about.hidden = true;
  more.setAttribute("aria-label", field.more);
  more.setAttribute("aria-controls", about.id);
  more.setAttribute("aria-expanded", "false");
  more.addEventListener("click", () => {
    about.hidden = !about.hidden;
    more.setAttribute("aria-expanded", String(!about.hidden));
  });
  slider.setAttribute("aria-label", field.label);
  // A screen reader reads these words out also while they are folded away.
  for (const input of [entry, slider]) {
    input.setAttribute("aria-describedby", `${about.id} ${error.id}`);
  }
  [slider, more].forEach(ownKeys);
  const element = make(
    "div",
    { className: "twostep-control" },
    make("label", { htmlFor: id, textContent: field.label }),
    make(
      "span",
      { className: "twostep-entry" },
      make("span", { textContent: field.prefix }),
      entry,
      make("span", { textContent: field.suffix }),
    ),
    slider,
    more,
    about,
    error,
  );

  function showValue() {
    const value = model.get(key); // null or, from a kernel in the browser, undefined: empty
    const [low, high, step] = model.get("bounds")[field.name].map(shown);
    entry.value = value == null ? "" : written(shown(value));
    // A typed number beyond the sensible range is possible: the slider stretches to hold it.
    slider.step = step;
    slider.min = value == null ? low : Math.min(low, shown(value));
    slider.max = value == null ? high : Math.max(high, shown(value));
    slider.value = value == null ? high : shown(value);
    slider.setAttribute("aria-valuetext", value == null ? field.empty : unit(entry.value));
  }

  function showError() {
    const text = model.get("errors")[field.name] ?? "";
    // What was typed stands beside its refusal; without one, the entry shows the value.
    if (text === "" && error.textContent !== "") showValue();
    if (error.textContent !== text) error.textContent = text;
    entry.setAttribute("aria-invalid", String(text !== ""));
  }

  slider.addEventListener("input", () => {
    model.set(key, Number((Number(slider.value) / field.scale).toPrecision(12)));
    model.save_changes();
  });
  // The kernel reads what was typed, and says when it is done.
  const type = () => model.send({ typed: entry.value, field: field.name });
  entry.addEventListener("change", type);
  // JupyterLab keeps Enter from ending an entry.
  entry.addEventListener("keydown", (event) => event.key === "Enter" && type());
  model.on(`change:${key} change:bounds`, showValue);
  model.on("change:errors", showError);
  model.on("msg:custom", ({ read }) => read === field.name && error.textContent === "" && showValue());
  showValue();
  showError();
  return element;
}

// The groups in two columns about equally long, or in one.
function columns(groups) {
  const heights = groups.map(({ fields }) => fields.length + 0.5);
  const height = (part) => part.reduce((sum, each) => sum + each, 0);
  const longer = groups.map((_group, cut) =>
    Math.max(height(heights.slice(0, cut + 1)), height(heights.slice(cut + 1))),
  );
  const cut = longer.indexOf(Math.min(...longer)) + 1;
  return [groups.slice(0, cut), groups.slice(cut)].filter((column) => column.length);
}

function controls(model, groups) {
  return make(
    "div",
    { className: "twostep-groups" },
    ...columns(groups).map((column) =>
      make(
        "div",
        {},
        ...column.flatMap(({ title, fields }) => [
          make("div", { className: "twostep-heading", textContent: title }),
          ...fields.map((field) => control(model, field)),
        ]),
      ),
    ),
  );
}

// The choice of a start, where there is one, and the buttons.
function tools(model, { starts, words }) {
  const element = make("div", { className: "twostep-tools" });
  if (starts.length) {
    const chooser = make(
      "select",
      {},
      ...starts.map((label, value) => make("option", { value, textContent: label })),
    );
    ownKeys(chooser);
    chooser.addEventListener("change", () => model.send({ start: Number(chooser.value) }));
    const show = () => (chooser.value = model.get("start"));
    model.on("change:start", show);
    show();
    element.append(make("label", { className: "twostep-start" }, `${words.start} `, chooser));
  }
  const reset = button(words.reset, () => model.send({ press: "reset" }));
  reset.title = words.reset_about;
  const compare = button("", () => model.send({ press: "compare" }));
  const name = () => {
    const keeps = model.get("facts").kept !== undefined;
    write(compare, keeps ? words.stop : words.compare);
    compare.title = keeps ? words.stop_about : words.compare_about;
  };
  model.on("change:facts", name);
  name();
  element.append(reset, compare);
  return element;
}

// One copy of the charting library serves every chart of the page.
function vegaEmbed(model) {
  globalThis.twostepVegaEmbed ??= model.widget_manager
    .get_model(libraryId(model))
    .then((library) => {
      const file = new Blob([library.get("source")], { type: "text/javascript" });
      return import(URL.createObjectURL(file));
    })
    .then((module) => module.vegaEmbed);
  return globalThis.twostepVegaEmbed;
}

function libraryId(model) {
  return model.get("library").slice("IPY_MODEL_".length);
}

// On a narrow page, words may begin or end beyond their drawing, where they would be cut off.
function moveInside(canvas) {
  const texts = [...canvas.querySelectorAll("svg text")];
  for (const text of texts) if (text.style.translate) text.style.translate = "";
  const room = canvas.getBoundingClientRect();
  const beyond = texts.map((text) => {
    const { left, right } = text.getBoundingClientRect();
    return Math.max(0, right - room.right) || Math.min(0, left - room.left);
  });
  beyond.forEach((far, index) => {
    if (far) texts[index].style.translate = `${-far}px`;
  });
}

// Follows signals of a kernel; returns how to end this.
function listen(kernel, signals) {
  for (const [name, slot] of Object.entries(signals)) kernel[name].connect(slot);
  return () => {
    for (const [name, slot] of Object.entries(signals)) kernel[name].disconnect(slot);
  };
}

// Tells whether the kernel that answers is gone. One that is only busy is not: it is not asked by the
// clock, but told by what the page knows of its kernel. After a broken connection the kernel itself
// says whether it still knows what this page shows (a new one does not).
function watchKernel(model, tell) {
  const kernel = model.widget_manager.kernel;
  if (!kernel) return () => {};
  let ended = false;
  const ask = async () => {
    const reply = await kernel.requestCommInfo({ target_name: "jupyter.widget" }).catch(() => {});
    if (!ended && reply?.content.comms) tell(!(libraryId(model) in reply.content.comms));
  };
  let restarted = false;
  const leave = listen(kernel, {
    statusChanged(_kernel, status) {
      restarted ||= ["restarting", "autorestarting", "terminating", "dead"].includes(status);
      if (restarted) tell(true);
    },
    connectionStatusChanged(_kernel, status) {
      tell(restarted || status !== "connected");
      if (status === "connected") ask();
    },
    disposed: () => tell(true),
  });
  return () => {
    ended = true;
    leave();
  };
}

// JupyterLab saves a page without its widgets; opened again it would say "model not found" in their
// place. So the answers are saved with the page: as a widget too, but of text, which needs no kernel.
function saveAnswers(model, id, answers) {
  const context = model.widget_manager.context;
  if (!context?.saveState) return () => {};
  const [views, states] = ["view", "state"].map((kind) => `application/vnd.jupyter.widget-${kind}+json`);
  const ours = "twostep-saved";
  const save = (_context, step) => {
    if (step !== "started") return;
    const shown = new Set(
      [...context.model.cells].flatMap((cell) =>
        (cell.outputs?.toJSON() ?? []).map((output) => output.data?.[views]?.model_id),
      ),
    );
    const all = context.model.getMetadata("widgets") ?? {};
    const saved = Object.entries(all[states]?.state ?? {}).filter(
      ([key, { state }]) => shown.has(key) || !state._dom_classes?.includes(ours),
    );
    const text = {
      model_name: "HTMLModel",
      model_module: "@jupyter-widgets/controls",
      model_module_version: "2.0.0",
      state: { value: answers(), _dom_classes: [ours] },
    };
    // Where the person lets JupyterLab save widgets whole, the calculator itself is there already.
    const state = { ...(shown.has(id) && { [id]: text }), ...Object.fromEntries(saved) };
    if (state[id]?.model_name === text.model_name) state[id] = text;
    context.model.setMetadata("widgets", {
      ...all,
      [states]: { version_major: 2, version_minor: 0, state },
    });
  };
  context.saveState.connect(save);
  return () => context.saveState.disconnect(save);
}

async function picture(frame, { data }, embed) {
  const caption = make("figcaption", {});
  const canvas = make("div", { className: "twostep-canvas" });
  const element = make("figure", {}, caption, canvas);
  // Vega adds marks of its own to the rows it is given, and a second display shares the model's.
  // So it gets copies.
  const spec = structuredClone({ ...frame, datasets: data });
  const { view } = await embed(canvas, spec, { actions: false, renderer: "svg" });
  const draw = () => view.runAsync().then(() => moveInside(canvas));
  let width = 0;
  const fit = new ResizeObserver(() => {
    if (canvas.clientWidth > 0 && canvas.clientWidth !== width) {
      width = canvas.clientWidth;
      view.width(width);
      draw();
    }
  });
  fit.observe(canvas);
  const leaveRoom = keepRoom(caption);
  return {
    element,
    show({ title, description, data }) {
      caption.textContent = title;
      view.description(description);
      for (const [name, rows] of Object.entries(structuredClone(data))) view.data(name, rows);
      draw();
    },
    end() {
      leaveRoom();
      fit.disconnect();
      view.finalize();
    },
  };
}

// A row an answer: label, now and, while comparing, the kept answer and the difference.
function answers(model) {
  const places = [0, 1, 2, 3];
  const head = places.map(() => make("th", { scope: "col" }));
  const rows = model.get("facts").answers.map(() =>
    places.map((place) => (place ? make("td", {}) : make("th", { scope: "row" }))),
  );
  const element = make(
    "table",
    {},
    make("thead", {}, make("tr", {}, ...head)),
    make("tbody", {}, ...rows.map((cells) => make("tr", {}, ...cells))),
  );
  const show = ({ headings, answers }) =>
    [headings, ...answers].forEach((texts, row) =>
      places.forEach((place) => write((row ? rows[row - 1] : head)[place], texts[place])),
    );
  return { element, show };
}

// ipywidgets holds a change back until the last one has ended. The word of that end may be lost with a
// connection, and then every change that follows would be held back. So on a new connection the page asks
// for the kernel's state, as one more change: when that has ended, all before it has. What the kernel says
// while a connection is being made may be lost too, so the page asks when it hears the first word.
function initialize({ model }) {
  const kernel = model.widget_manager.kernel;
  if (!kernel) return () => {};
  let heard = true;
  const ask = async () => {
    if (heard) return;
    heard = true;
    const widget = await model.widget_manager.get_model(JSON.parse(model.get("page")).id);
    if (!widget.comm_live) return;
    widget._pending_msgs += 1;
    const end = (message) => {
      if (message.content.execution_state !== "idle") return;
      widget._pending_msgs = 1;
      widget._handle_status(message);
    };
    widget.comm.send({ method: "request_state" }, { iopub: { status: end } });
  };
  return listen(kernel, {
    connectionStatusChanged(_kernel, status) {
      heard = status !== "connected";
    },
    iopubMessage: ask,
  });
}

async function render({ model, el }) {
  const page = JSON.parse(model.get("page"));
  const lost = make("p", { className: "twostep-lost" });
  lost.setAttribute("role", "alert");
  const verdict = make("p", { className: "twostep-verdict" });
  verdict.setAttribute("role", "status");
  const leaveRoom = keepRoom(verdict);
  const kept = make("p", { className: "twostep-kept" });
  const glance = make(
    "div",
    { className: "twostep-glance" },
    make("div", { className: "twostep-said" }, lost, verdict),
    kept,
  );
  // Where it stands beside the controls it stays in sight, but not beyond them.
  const beside = make("div", { className: "twostep-beside" }, glance);
  const figures = make("div", { className: "twostep-figures" });
  const table = answers(model);
  const code = make("code", {});
  const copy = button(page.words.copy, () => {
    // Where the page may not use the clipboard, the text is selected, ready for Ctrl+C.
    getSelection().selectAllChildren(code);
    navigator.clipboard?.writeText(code.textContent).catch(() => {});
  });
  el.classList.add("twostep-calculator");
  el.replaceChildren(
    make(
      "div",
      { className: "twostep-sheet" },
      tools(model, page),
      beside,
      controls(model, page.groups),
      figures,
      table.element,
      make("p", { className: "twostep-code" }, copy, code),
    ),
  );

  const tell = (gone) => {
    // On a page without code there is no cell to run.
    const cell = el.closest(".jp-Cell")?.querySelector(".jp-InputArea");
    const words = gone ? page.words[cell ? "lost" : "lost_app"] : "";
    if (lost.textContent !== words) lost.textContent = words;
    el.classList.toggle("twostep-away", gone);
    for (const each of el.querySelectorAll("input, select, button")) each.disabled = gone;
  };
  const stopWatching = watchKernel(model, tell);

  // As JupyterLab marks what it shows from a file, without a kernel behind it.
  if (el.classList.contains("jupyter-widgets-disconnected")) tell(true);

  const stopSaving = saveAnswers(model, page.id, () => {
    const { verdict, given, answers } = model.get("facts");
    const cell = (textContent) => make("td", { textContent });
    const table = (title, rows) => [
      make("p", { textContent: title }),
      make("table", {}, ...rows.map(([label, text]) => make("tr", {}, cell(label), cell(text)))),
    ];
    return make(
      "div",
      {},
      make("p", {}, make("em", { textContent: page.words.saved })),
      make("p", {}, make("strong", { textContent: verdict })),
      ...table(page.words.given, given),
      ...table(page.words.answers, answers),
    ).innerHTML;
  });

  const pictures = [];
  const show = () => {
    const facts = model.get("facts");
    write(verdict, facts.verdict);
    write(kept, facts.kept);
    write(code, facts.code);
    table.show(facts);
    pictures.forEach((each, index) => each.show(facts.pictures[index]));
  };
  model.on("change:facts", show);
  show();

  const embed = await vegaEmbed(model);
  for (const [index, frame] of page.frames.entries()) {
    pictures.push(await picture(frame, model.get("facts").pictures[index], embed));
  }
  const [first, ...others] = pictures.map((each) => each.element);
  if (first) glance.append(first);
  figures.append(...others);
  show();
  return () => {
    leaveRoom();
    stopWatching();
    stopSaving();
    pictures.forEach((each) => each.end());
  };
}

export default { initialize, render };
