function render({ model, el }) {
  const root = desk(el, "snb-labeller");
  const person = make("b", "");
  const done = make("span", "snb-done");
  const fill = make("i", "");
  const track = make("div", "snb-track", null, fill);
  track.setAttribute("role", "progressbar");
  track.setAttribute("aria-label", "Labels given");
  const title = make("div", "snb-title", null, person, done);
  const head = make("header", "snb-head", null, make("div", "snb-kind", "Labelling by hand"), title, track);
  const instructions = make("div", "snb-instructions");
  const before = make("ol", "snb-talk snb-earlier");
  before.setAttribute("aria-label", "The comments before");
  const where = make("div", "snb-h");
  const now = make("ol", "snb-talk");
  const question = make("div", "snb-question");
  const id = Math.random().toString(36).slice(2);
  question.id = `snb-question-${id}`;
  now.id = `snb-now-${id}`;
  const given = make("div", "snb-note");
  const shown = make("div", "snb-shown");
  // The card has the focus, so that keys work, and a reader hears what it holds.
  const card = make("section", "snb-card", null, where, now, question);
  card.tabIndex = 0;
  card.setAttribute("aria-label", "The comment to label");
  card.setAttribute("aria-describedby", `${now.id} ${question.id}`);

  const state = line(model);
  const press = (kind, text = "") => {
    if (state.pending()) return;
    state.send(kind, { at: asked.at, text });
    show();
  };
  const typed = box(model, "Your answer", (text) => press("label", text));
  typed.area.setAttribute("aria-describedby", question.id);
  const labels = make("div", "snb-row-of");
  labels.setAttribute("role", "group");
  labels.setAttribute("aria-labelledby", question.id);
  const save = button("Save", "Ctrl+Enter", typed.send, "snb-main");
  const skip = button("Skip", "s", () => press("skip"));
  const undo = button("Undo", "u", () => press("undo"));
  const reveal = button("Show the others’ labels", "r", () => press("reveal"));
  const writing = make("div", "snb-row-of", null, save);
  const rest = make("div", "snb-row-of snb-rest", null, skip, undo, reveal);
  const end = make("div", "snb-end");
  const saved = make("div", "snb-note");
  root.append(head, instructions, before, card, given, labels, typed.area, writing, shown, end, rest);
  root.append(state.news, state.busy, saved);

  let asked = {};
  let keys = new Map();

  function show() {
    const waits = state.pending();
    const open = Boolean(asked.at);
    for (const one of [...labels.children, save, skip]) one.disabled = waits || !open;
    undo.disabled = waits || !asked.done;
    reveal.disabled = waits;
    typed.area.readOnly = waits;
  }

  function choices() {
    keys = new Map();
    const made = asked.labels.map(([value, text, ofLabel]) => {
      for (const key of ofLabel) keys.set(key, value);
      return button(text, ofLabel.find((key) => key !== text) ?? "", () => press("label", value), "snb-label");
    });
    labels.replaceChildren(...made);
    labels.hidden = !made.length;
    typed.area.hidden = writing.hidden = made.length > 0;
  }

  function finish() {
    end.replaceChildren(
      make("p", "snb-question", `All done: ${asked.total} ${asked.total === 1 ? "label" : "labels"} by ${asked.person}.`),
    );
    if (asked.agreement.length)
      end.append(
        make("p", "", "How far you and the others agree:"),
        make("ul", "", null, ...asked.agreement.map((text) => make("li", "", text))),
      );
    const code = asked.others ? "labelling.run.agreement(others)" : "labelling.run.agreement(other_run)";
    end.append(make("p", "snb-note", "Agreement in one call: ", make("code", "", code)));
  }

  function update() {
    const last = asked;
    asked = model.get("asked");
    const open = Boolean(asked.at);
    const answered = state.heard(asked);
    const inside = attends(root, answered);
    if (answered && !model.get("draft")) typed.area.value = "";
    root.setAttribute("aria-label", `Labelling by ${asked.person}`);
    person.textContent = asked.person;
    done.textContent = `${asked.done} of ${asked.total}`;
    fill.style.width = `${(100 * asked.done) / Math.max(1, asked.total)}%`;
    for (const [name, value] of [["valuemin", 0], ["valuemax", asked.total], ["valuenow", asked.done]])
      track.setAttribute(`aria-${name}`, String(value));
    put(instructions, asked.instructions);
    put(saved, `Each label is saved at once, in ${asked.folder}.`);
    for (const one of [card, skip]) one.hidden = !open;
    end.hidden = open;
    reveal.hidden = !open || !asked.others || Boolean(asked.shown);
    const rows = model.get("talk");
    before.replaceChildren(...rows.slice(0, -1).map(comment));
    before.hidden = rows.length < 2;
    now.replaceChildren(...rows.slice(-1).map(comment));
    shown.hidden = !asked.shown;
    shown.replaceChildren();
    put(given, open && asked.given.length ? `So far: ${asked.given.map((pair) => pair.join(" ")).join(" · ")}` : "");
    if (open) {
      put(where, asked.where);
      put(question, asked.question);
      if (JSON.stringify(last.labels) !== JSON.stringify(asked.labels) || !last.at) choices();
      if (asked.shown) {
        const said = asked.shown.map(([name, scale, value]) =>
          make("span", "snb-answer", null, make("bdi", "", name), ` ${scale} `, make("b", "", value)),
        );
        const record = "You have looked at these: your own labels of this comment say so, on record.";
        shown.replaceChildren(
          make("div", "snb-rate", null, ...(said.length ? said : ["The others have no label of this comment."])),
          make("div", "snb-note", record),
        );
      }
    } else {
      labels.hidden = typed.area.hidden = writing.hidden = true;
      finish();
    }
    show();
    // The next comment takes the focus, so that no mouse is needed; but never from elsewhere in the notebook.
    if (!inside) return;
    if (!open) undo.focus();
    else if (!asked.labels.length) typed.area.focus();
    else if (last.at !== asked.at || !root.contains(document.activeElement)) card.focus();
  }

  root.addEventListener("keydown", (event) => {
    if (event.target === typed.area && event.key === "Escape") card.focus(); // out of the box, to the keys
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.target === typed.area) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (asked.at && keys.has(key)) press("label", keys.get(key));
    else if (key === "s" && asked.at) press("skip");
    else if ((key === "u" || key === "Backspace") && asked.done) press("undo");
    else if (key === "r" && !reveal.hidden) press("reveal");
    else return;
    event.preventDefault();
  });

  model.on("change", update);
  update();
  return () => {
    model.off("change", update);
    state.end();
    typed.end();
  };
}

export default { render };
