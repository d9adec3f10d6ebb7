// One control of a form: its label, its value or button, and the message that belongs to it.
// All elements of a control are in one page, so that screen readers read label and message with the input.

import { copyText, focusWhenShown, isCommand, keepKeys, make, makeButton } from "../common.js";

/**
 * @import { AnyModel, Render } from "@anywidget/types"
 * @typedef {[value: string, label: string, disabled?: boolean]} Choice
 * @typedef {{
 *   kind: string, label: string, hint: string, text: string, placeholder: string, message: string, note: string,
 *   options: Choice[], rows: number, disabled: boolean, main: boolean,
 *   focused: boolean,
 * }} ControlState The traits of `Control`.
 * @typedef {(at: AnyModel<ControlState>["get"]) => void} Show Shows the state, whose traits `at` returns.
 * @typedef {(model: AnyModel<ControlState>, el: HTMLElement) => Show} Kind Builds a kind of control.
 */

let made = 0;

/**
 * @param {HTMLSelectElement} select
 * @param {Choice[]} choices
 */
function fill(select, choices) {
  select.replaceChildren(
    ...choices.map(([value, label, disabled]) => {
      const option = new Option(label, value);
      option.disabled = Boolean(disabled);
      return option;
    }),
  );
}

/** @type {Kind} */
function button(model, el) {
  const press = makeButton("snb-press", null, () => model.send({ kind: "press" }));
  const message = make("div", "snb-message");
  message.setAttribute("role", "alert");
  el.append(press, message);
  // A disabled button would lose the focus to nowhere: as long as it has it, it only says that it is disabled.
  const disable = (/** @type {boolean} */ off) => {
    press.setAttribute("aria-disabled", String(off));
    press.disabled = off && !press.matches(":focus");
  };
  press.addEventListener("blur", () => disable(model.get("disabled")));
  return (at) => {
    message.textContent = at("message");
    press.textContent = at("label");
    press.title = at("hint");
    disable(at("disabled"));
    press.classList.toggle("snb-main", at("main"));
  };
}

/** @type {Kind} */
function head(model, el) {
  model.send({ kind: "shown" });
  const title = make("div", "snb-title");
  const hint = make("div", "snb-sub");
  el.append(title, hint);
  return (at) => {
    title.textContent = at("label");
    hint.textContent = at("hint");
    el.hidden = !at("label");
  };
}

/** @type {Kind} */
function fold(model, el) {
  const press = makeButton("snb-fold-press", null);
  const label = make("span", "snb-fold-label");
  const note = make("span", "snb-fold-note");
  const message = make("span", "snb-message");
  press.append(label, note, message);
  el.append(press);
  // The section around the control opens and closes here, without the kernel.
  const show = (/** @type {boolean} */ open) => {
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
    setTimeout(() => show(model.get("text") === "yes")); // by now the control is inside its section
  };
}

/**
 * A file of the reader's, whose content goes to the kernel.
 *
 * @type {Kind}
 */
function upload(model, el) {
  const name = make("span");
  const input = make("input", "snb-unseen");
  const label = make("label", "snb-press", null, name, input);
  el.append(label);
  input.type = "file";
  input.addEventListener("change", async () => {
    const file = input.files?.[0];
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

/**
 * Text to copy.
 *
 * @type {Kind}
 */
function code(_model, el) {
  const status = make("span", "snb-fold-note");
  status.setAttribute("role", "status");
  const text = make("pre", "snb-code");
  text.tabIndex = 0;
  const press = makeButton("snb-press", null, async () => {
    const copied = await copyText(text.textContent ?? "");
    if (!copied) getSelection()?.selectAllChildren(text);
    status.textContent = copied ? "Copied." : "Selected: copy it with Ctrl+C.";
  });
  el.append(make("div", "snb-code-bar", null, press, status), text);
  return (at) => {
    press.textContent = at("label");
    text.textContent = at("text");
    status.textContent = "";
  };
}

/** @param {string} kind */
function makeInput(kind) {
  if (kind === "choice") return make("select", "snb-entry");
  if (kind === "prose" || kind === "lines") return make("textarea", "snb-entry");
  const input = make("input", "snb-entry");
  input.type = kind === "check" ? "checkbox" : "text";
  if (kind !== "check") input.autocomplete = "off";
  return input;
}

/**
 * A value that is typed, chosen or ticked.
 *
 * @type {Kind}
 */
function entry(model, el) {
  const kind = model.get("kind");
  const id = `snb-control-${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}-${++made}`;
  const label = make("label", "snb-label");
  const input = makeInput(kind);
  const message = make("div", "snb-message");
  const hint = make("div", "snb-unseen");
  label.htmlFor = input.id = id;
  message.id = `${id}-message`;
  hint.id = `${id}-hint`;
  input.spellcheck = kind === "prose";
  const box = kind === "check" && input instanceof HTMLInputElement ? input : null;
  el.append(...(box ? [input, label] : [label, input]), message, hint);
  input.addEventListener("change", () => {
    const text = box ? (box.checked ? "yes" : "") : input.value;
    if (text === model.get("text")) return;
    model.set("text", text);
    model.save_changes();
  });
  /** @type {string | undefined} */
  let known; // the kernel's text: what is typed is not written over until that changes
  /** @type {Choice[] | undefined} */
  let offered;
  return (at) => {
    label.textContent = at("label");
    label.title = input.title = at("hint");
    hint.textContent = at("hint");
    input.disabled = at("disabled");
    if (input instanceof HTMLSelectElement) {
      if (offered !== at("options")) fill(input, at("options"));
      offered = at("options");
    } else {
      input.placeholder = at("placeholder");
    }
    if (box) box.checked = at("text") === "yes";
    else if (known !== at("text")) input.value = at("text");
    known = at("text");
    if (input instanceof HTMLTextAreaElement) input.rows = at("rows");
    message.textContent = at("message");
    input.setAttribute("aria-invalid", String(at("message") !== ""));
    input.setAttribute("aria-describedby", `${at("message") ? message.id : ""} ${hint.id}`.trim());
  };
}

/**
 * The number of errors, and a link to the field of each.
 *
 * @type {Kind}
 */
function faults(model, el) {
  const total = make("strong", "snb-message");
  const links = make("span", "snb-links");
  const remedy = make("span", "snb-sub");
  el.append(total, links, remedy);
  el.setAttribute("role", "status");
  /** @type {Choice[] | undefined} */
  let listed;
  return (at) => {
    el.hidden = !at("label");
    total.textContent = `${at("label")}:`;
    remedy.textContent = at("hint");
    if (listed === at("options")) return; // else a link would lose the focus
    listed = at("options");
    links.replaceChildren(
      ...listed.map(([path, label]) => makeButton("snb-link", label, () => model.send({ kind: "follow", path }))),
      at("note"),
    );
  };
}

/** @type {Record<string, Kind>} */
const KINDS = { head, button, fold, upload, code, faults };

/** @type {Render<ControlState>} */
function render({ model, el }) {
  const kind = model.get("kind");
  el.classList.add("snb-control", `snb-control-${kind}`);
  keepKeys(el, isCommand);
  const show = (KINDS[kind] ?? entry)(model, el);
  const update = () => {
    show((trait) => model.get(trait));
    const target = /** @type {HTMLElement | null} */ (el.querySelector("input, select, textarea, button"));
    if (!model.get("focused") || !target) return;
    focusWhenShown(target);
    model.set("focused", false);
    model.save_changes();
  };
  model.on("change", update);
  update();
  return () => model.off("change", update);
}

export default { render };
