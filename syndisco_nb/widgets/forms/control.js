// One control of a form: its label, what is typed or pressed, and, bound to it, what is wrong with it.
// The page's own elements only, so that labels and messages are read out, and no key reaches the notebook.
let made = 0;

function make(name, className, parent) {
  const one = document.createElement(name);
  if (className) one.className = className;
  parent.append(one);
  return one;
}

function fill(select, options) {
  select.replaceChildren(
    ...options.map(([value, label, off]) => {
      const one = new Option(label, value);
      one.disabled = Boolean(off);
      return one;
    }),
  );
}

function button(model, el) {
  const press = make("button", "snb-press", el);
  press.type = "button";
  press.addEventListener("click", () => model.send({ kind: "press" }));
  const message = make("div", "snb-message", el);
  message.setAttribute("role", "alert");
  return (at) => {
    message.textContent = at("message");
    press.textContent = at("label");
    press.title = at("hint");
    press.disabled = at("disabled");
    press.classList.toggle("snb-main", at("main"));
  };
}

function head(model, el) {
  const title = make("div", "snb-title", el);
  const hint = make("div", "snb-sub", el);
  return (at) => {
    title.textContent = at("label");
    hint.textContent = at("hint");
    el.hidden = !at("label");
  };
}

function fold(model, el) {
  const press = make("button", "snb-fold-press", el);
  press.type = "button";
  const label = make("span", "snb-fold-label", press);
  const note = make("span", "snb-fold-note", press);
  const message = make("span", "snb-message", press);
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
    label.textContent = at("label");
    note.textContent = at("note");
    message.textContent = at("message");
    press.title = at("hint");
    show(at("text") === "yes");
    setTimeout(() => show(at("text") === "yes")); // by now it is inside its section
  };
}

// A file of the reader's: its text goes to the kernel, which says what it thinks of it.
function upload(model, el) {
  const label = make("label", "snb-press", el);
  const name = make("span", "", label);
  const input = make("input", "snb-unseen", label);
  input.type = "file";
  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file) return;
    model.send({ kind: "file", name: file.name }, undefined, [await file.arrayBuffer()]);
    input.value = ""; // the same file, mended, may be chosen again
  });
  return (at) => {
    name.textContent = at("label");
    label.title = at("hint");
    input.accept = at("placeholder");
  };
}

// Text to take along.
function code(model, el) {
  const bar = make("div", "snb-code-bar", el);
  const press = make("button", "snb-press", bar);
  press.type = "button";
  const said = make("span", "snb-fold-note", bar);
  said.setAttribute("role", "status");
  const text = make("pre", "snb-code", el);
  text.tabIndex = 0;
  press.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.textContent);
      said.textContent = "Copied.";
    } catch {
      getSelection().selectAllChildren(text);
      said.textContent = "Selected: copy it with Ctrl+C.";
    }
  });
  return (at) => {
    press.textContent = at("label");
    text.textContent = at("text");
    said.textContent = "";
  };
}

function entry(model, el, kind) {
  const id = `snb-control-${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}-${++made}`;
  const label = make("label", "snb-label", el);
  const name = { prose: "textarea", lines: "textarea", choice: "select" }[kind] ?? "input";
  const input = make(name, "snb-entry", el);
  const message = make("div", "snb-message", el);
  const hint = make("div", "snb-unseen", el);
  label.htmlFor = input.id = id;
  message.id = `${id}-message`;
  hint.id = `${id}-hint`;
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
  let [known, offered] = [];
  return (at) => {
    label.textContent = at("label");
    label.title = input.title = at("hint");
    hint.textContent = at("hint");
    input.disabled = at("disabled");
    if (kind === "choice" && offered !== at("options")) fill(input, (offered = at("options")));
    if (kind === "check") input.checked = at("text") === "yes";
    else if (known !== at("text")) input.value = at("text"); // what is being typed is not written over
    known = at("text");
    if (name === "textarea") input.rows = at("rows");
    if ("placeholder" in input) input.placeholder = at("placeholder");
    message.textContent = at("message");
    input.setAttribute("aria-invalid", String(at("message") !== ""));
    input.setAttribute("aria-describedby", `${at("message") ? message.id : ""} ${hint.id}`.trim());
  };
}

function render({ model, el }) {
  const kind = model.get("kind");
  el.classList.add("snb-control", `snb-control-${kind}`);
  el.dataset.lmSuppressShortcuts = "true"; // its keys are none for the notebook
  el.addEventListener("keydown", (event) => {
    if (!event.ctrlKey && !event.metaKey && !(event.shiftKey && event.key === "Enter")) event.stopPropagation();
  });
  const show = { head, button, fold, upload, code }[kind]?.(model, el) ?? entry(model, el, kind);
  const update = () => show((name) => model.get(name));
  model.on("change", update);
  update();
  return () => model.off("change", update);
}

export default { render };
