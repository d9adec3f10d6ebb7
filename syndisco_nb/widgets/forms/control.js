// One control of a form: its label, what is typed or pressed, and, bound to it, what is wrong with it.
// The page's own elements only, so that labels and messages are read out, and no key reaches the notebook.
let made = 0;

function make(name, className, parent) {
  const one = document.createElement(name);
  if (className) one.className = className;
  parent.append(one);
  return one;
}

function fill(select, options, chosen) {
  select.replaceChildren(
    ...options.map(([value, label, off]) => {
      const one = new Option(label, value);
      one.disabled = Boolean(off);
      return one;
    }),
  );
  select.value = chosen;
}

function button(model, el) {
  const press = make("button", "snb-press", el);
  press.type = "button";
  press.addEventListener("click", () => model.send({ kind: "press" }));
  return (at) => {
    press.textContent = at("label");
    press.title = at("hint");
    press.disabled = at("disabled");
    press.classList.toggle("snb-main", at("main"));
  };
}

function fold(model, el) {
  const press = make("button", "snb-fold-press", el);
  press.type = "button";
  // The section is whatever of ours is around it: closing it needs no kernel.
  const show = (open) => {
    press.setAttribute("aria-expanded", String(open));
    el.closest(".snb-section")?.classList.toggle("snb-closed", !open);
  };
  press.addEventListener("click", () => {
    const open = press.getAttribute("aria-expanded") !== "true";
    show(open);
    model.set("text", open ? "yes" : "");
    model.save_changes();
  });
  return (at) => {
    press.textContent = at("label");
    press.title = at("hint");
    show(at("text") === "yes");
    setTimeout(() => show(at("text") === "yes")); // by now it is inside its section
  };
}

function entry(model, el, kind) {
  const id = `snb-control-${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}-${++made}`;
  const label = make("label", "snb-label", el);
  const name = { prose: "textarea", lines: "textarea", choice: "select" }[kind] ?? "input";
  const input = make(name, "snb-entry", el);
  const message = make("div", "snb-message", el);
  label.htmlFor = input.id = id;
  message.id = `${id}-message`;
  if (kind === "check") {
    input.type = "checkbox";
    el.prepend(input);
  } else if (name === "input") {
    input.type = "text";
    input.autocomplete = "off";
  }
  input.spellcheck = kind === "prose";
  const read = () => (kind === "check" ? (input.checked ? "yes" : "") : input.value);
  const tell = () => {
    if (read() === model.get("text")) return;
    model.set("text", read());
    model.save_changes();
  };
  input.addEventListener("change", tell);
  return (at) => {
    label.textContent = at("label");
    label.title = input.title = at("hint");
    input.disabled = at("disabled");
    if (kind === "choice") fill(input, at("options"), at("text"));
    else if (kind === "check") input.checked = at("text") === "yes";
    else if (input.value !== at("text")) input.value = at("text");
    if (name === "textarea") input.rows = at("rows");
    if ("placeholder" in input) input.placeholder = at("placeholder");
    message.textContent = at("message");
    input.setAttribute("aria-invalid", String(at("message") !== ""));
    if (at("message")) input.setAttribute("aria-describedby", message.id);
    else input.removeAttribute("aria-describedby");
  };
}

function render({ model, el }) {
  const kind = model.get("kind");
  el.classList.add("snb-control", `snb-control-${kind}`);
  el.dataset.lmSuppressShortcuts = "true"; // its keys are none for the notebook
  el.addEventListener("keydown", (event) => {
    if (!event.ctrlKey && !event.metaKey && !(event.shiftKey && event.key === "Enter")) event.stopPropagation();
  });
  const show = { button, fold }[kind]?.(model, el) ?? entry(model, el, kind);
  const update = () => show((name) => model.get(name));
  model.on("change", update);
  update();
  return () => model.off("change", update);
}

export default { render };
