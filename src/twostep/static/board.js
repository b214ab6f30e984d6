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

async function picture(frame, embed) {
  const caption = make("figcaption", {});
  const canvas = make("div", { className: "twostep-canvas" });
  const element = make("figure", {}, caption, canvas);
  const { view } = await embed(canvas, frame, { actions: false, renderer: "svg" });
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
      // A copy: Vega marks the rows it is given, and two displays share one model.
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
  const values = model.get("facts").answers.map(([label, value]) => [
    make("th", { scope: "row", textContent: label }),
    make("td", { textContent: value }),
  ]);
  const table = make("table", {}, make("tbody", {}, ...values.map((cells) => make("tr", {}, ...cells))));
  const figures = make("div", { className: "twostep-figures" });
  el.classList.add("twostep-board");
  el.replaceChildren(verdict, figures, table);

  const pictures = [];
  const show = () => {
    const facts = model.get("facts");
    if (verdict.textContent !== facts.verdict) verdict.textContent = facts.verdict;
    facts.answers.forEach(([, value], row) => {
      if (values[row][1].textContent !== value) values[row][1].textContent = value;
    });
    pictures.forEach((each, index) => each.show(facts.pictures[index]));
  };
  model.on("change:facts", show);
  show();

  let ended = false;
  const embed = await vegaEmbed(model);
  for (const frame of model.get("frames")) pictures.push(await picture(structuredClone(frame), embed));
  if (!ended) {
    figures.replaceChildren(...pictures.map((each) => each.element));
    show();
  }
  return () => {
    ended = true;
    model.off("change:facts", show);
    pictures.forEach((each) => each.end());
  };
}

export default { render };
