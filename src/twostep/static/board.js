// The answers of one scenario: a verdict, a table and charts. Everything is built once; a change
// arrives as one `facts` message and only replaces text and data, so nothing jumps or blinks.

function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

// One copy of the charting library serves every chart of the page.
function vegaEmbed(model) {
  globalThis.twostepVegaEmbed ??= model.widget_manager
    .get_model(model.get("library").slice("IPY_MODEL_".length))
    .then((library) => {
      const file = new Blob([library.get("source")], { type: "text/javascript" });
      return import(URL.createObjectURL(file));
    })
    .then((module) => module.vegaEmbed);
  return globalThis.twostepVegaEmbed;
}

async function picture(frame, { data }, embed) {
  const caption = make("figcaption", {});
  const canvas = make("div", { className: "twostep-canvas" });
  const element = make("figure", {}, caption, canvas);
  // Copies: Vega marks what it is given, and two displays share one model.
  const spec = structuredClone({ ...frame, datasets: data });
  const { view } = await embed(canvas, spec, { actions: false, renderer: "svg" });
  let width = 0;
  const fit = new ResizeObserver(() => {
    if (canvas.clientWidth > 0 && canvas.clientWidth !== width) {
      width = canvas.clientWidth;
      view.width(width).runAsync();
    }
  });
  fit.observe(canvas);
  return {
    element,
    show({ title, description, data }) {
      caption.textContent = title;
      view.description(description);
      for (const [name, rows] of Object.entries(structuredClone(data))) view.data(name, rows);
      return view.runAsync();
    },
    end() {
      fit.disconnect();
      view.finalize();
    },
  };
}

async function render({ model, el }) {
  const verdict = make("p", { className: "twostep-verdict" });
  verdict.setAttribute("role", "status");
  const kept = make("p", { className: "twostep-kept" });
  const figures = make("div", { className: "twostep-figures" });

  // A row an answer: label, now and, while comparing, the kept answer and the difference.
  const columns = [0, 1, 2, 3];
  const head = columns.map(() => make("th", { scope: "col" }));
  const rows = model.get("facts").answers.map(() =>
    columns.map((column) => (column ? make("td", {}) : make("th", { scope: "row" }))),
  );
  const table = make(
    "table",
    {},
    make("thead", {}, make("tr", {}, ...head)),
    make("tbody", {}, ...rows.map((cells) => make("tr", {}, ...cells))),
  );

  const code = make("code", {});
  const copy = make("button", { type: "button", textContent: model.get("copy_label") });
  copy.className = "jupyter-widgets jupyter-button widget-button";
  copy.addEventListener("click", () => {
    // Where the page may not use the clipboard, the text is selected, ready for Ctrl+C.
    getSelection().selectAllChildren(code);
    navigator.clipboard?.writeText(code.textContent).catch(() => {});
  });
  el.classList.add("twostep-board");
  el.replaceChildren(verdict, kept, figures, table, make("p", { className: "twostep-code" }, copy, code));

  const write = (element, text) => {
    if (text !== undefined && element.textContent !== text) element.textContent = text;
    // Unlike `hidden =`, this leaves the page alone where nothing changes.
    element.toggleAttribute("hidden", text === undefined);
  };
  const pictures = [];
  const show = () => {
    const facts = model.get("facts");
    write(verdict, facts.verdict);
    write(kept, facts.kept);
    write(code, facts.code);
    [facts.headings, ...facts.answers].forEach((texts, row) =>
      columns.forEach((column) => write((row ? rows[row - 1] : head)[column], texts[column])),
    );
    pictures.forEach((each, index) => each.show(facts.pictures[index]));
  };
  model.on("change:facts", show);
  show();

  let ended = false;
  const embed = await vegaEmbed(model);
  for (const [index, frame] of JSON.parse(model.get("frames")).entries()) {
    pictures.push(await picture(frame, model.get("facts").pictures[index], embed));
  }
  if (!ended) {
    figures.replaceChildren(...pictures.map((each) => each.element));
    // JupyterLab would use the arrow keys of the choice of a start to move about the page.
    const selects = el.closest(".twostep-calculator")?.querySelectorAll("select") ?? [];
    for (const select of selects) select.setAttribute("data-lm-suppress-shortcuts", "");
    show();
  }
  return () => {
    ended = true;
    model.off("change:facts", show);
    pictures.forEach((each) => each.end());
  };
}

export default { render };
