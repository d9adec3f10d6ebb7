// Labelling by hand: the comment and those before it in boxes of their own, the labels as buttons at a fixed place.

import { make, setText, showText } from "../common.js";
import { makeHistory } from "./label_history.js";
import { actionOfKey, countText, restText } from "./label_text.js";
import { addRoot, hasReader, makeBox, makeComment, makeKeyButton, makeSender } from "./person_page.js";

/**
 * @import { Render } from "@anywidget/types"
 * @import { HistoryRow } from "./label_history.js"
 * @import { Reply, TalkRow } from "./person_page.js"
 * @typedef {Reply & {
 *   person: string, done: number, total: number, skipped: number, pace: string, instructions: string, folder: string,
 *   others: boolean, away: boolean, position: number | null, history: HistoryRow[], at: string, where: string,
 *   within: string, whole: boolean, alone: boolean, about: string, scale: string, question: string, ends: string[],
 *   labels: [value: string, text: string, keys: string[]][], given: [scale: string, label: string][], now: string,
 *   shown: [name: string, scale: string, label: string][] | null, agreement: string[],
 * }} Task The label that is asked for, as labeller.py has it; "" as `at` when none is. `whole` if it is about a
 *   participant, whose name is `about`, or the discussion, and not about one comment; `alone` if no comment is shown
 *   before the one to label. `now` is the label that it has, where an earlier one is looked at.
 */

/** @type {Render<{ asked: Task, talk: TalkRow[], draft: string }>} */
function render({ model, el }) {
  const root = addRoot(el, "snb-labeller");
  const id = Math.random().toString(36).slice(2);
  const sender = makeSender(model);
  const press = (/** @type {string} */ kind, text = "") => {
    if (sender.isPending) return;
    typed.flush();
    sender.send(kind, { at: task.at, text });
    typed.area.readOnly = true;
  };

  const person = make("b", "");
  const done = make("span", "snb-done");
  const fill = make("i", "");
  const track = make("div", "snb-track", null, fill);
  track.setAttribute("role", "progressbar");
  track.setAttribute("aria-label", "Labels given");
  const within = make("span", "");
  const pace = make("span", "");
  const again = makeKeyButton("", "k", () => press("again"), "snb-small");
  const state = make("div", "snb-state", null, within, pace, again);
  const head = make("header", "snb-head", null, make("div", "snb-kind", "Labelling by hand"));
  head.append(make("div", "snb-title", null, person, done), track, state);
  const instructions = make("div", "snb-instructions");
  instructions.tabIndex = 0;
  instructions.setAttribute("role", "group");
  instructions.setAttribute("aria-label", "Instructions");

  const before = make("ol", "snb-talk");
  const earlier = make("div", "snb-earlier", null, before);
  earlier.tabIndex = 0; // it scrolls, by keys too
  earlier.setAttribute("role", "group");
  const where = make("div", "snb-h");
  const now = make("ol", "snb-talk");
  now.id = `snb-now-${id}`;
  // The card has the focus, so that keys work, and a reader hears what it holds.
  const card = make("section", "snb-card", null, where, now);
  card.tabIndex = 0;
  card.setAttribute("aria-describedby", `${now.id} snb-question-${id}`);
  const end = make("div", "snb-end");
  end.tabIndex = 0;
  end.setAttribute("role", "group");
  end.setAttribute("aria-label", "Result");
  const history = makeHistory((position) => press("go", String(position)));
  const reading = make("div", "snb-reading", null, earlier, card, end);
  const work = make("div", "snb-work", null, reading, history.element);

  const question = make("div", "snb-question");
  question.id = `snb-question-${id}`;
  const given = make("div", "snb-given");
  const asking = make("div", "snb-asking", null, question, given);
  const shown = make("div", "snb-shown");
  const typed = makeBox(
    model,
    "Your answer",
    (text) => press("label", text),
    () => task.at,
  );
  typed.area.setAttribute("aria-describedby", question.id);
  const buttons = make("div", "snb-row-of");
  const [low, high] = [make("span", "snb-scale-end"), make("span", "snb-scale-end")];
  const labels = make("div", "snb-row-of snb-labels", null, low, buttons, high);
  buttons.setAttribute("role", "group");
  buttons.setAttribute("aria-labelledby", question.id);
  const save = makeKeyButton("Save", "Ctrl+Enter", typed.send, "snb-main");
  const writing = make("div", "snb-writing", null, typed.area, save);
  const skip = makeKeyButton("Skip", "s", () => press("skip"));
  const undo = makeKeyButton("Undo", "u", () => press("undo"));
  const back = makeKeyButton("Back", "←", () => press("back"));
  const forward = makeKeyButton("Forward", "→", () => press("forward"));
  const goOn = makeKeyButton("Continue", "Enter", () => press("go_on"));
  const reveal = makeKeyButton("Show other annotators", "r", () => press("reveal"));
  const list = makeKeyButton("History", "h", () => toggleHistory(), "snb-list-switch");
  const rest = make("div", "snb-row-of snb-rest", null, skip, undo, back, forward, goOn, reveal, list);
  const saved = make("div", "snb-saved");
  const status = make("div", "snb-status", null, sender.news, sender.busy, saved);
  const answering = make("div", "snb-answering", null, shown, asking, labels, writing, rest, status);
  root.append(head, instructions, work, answering);

  let task = /** @type {Task} */ ({});
  /** @type {Map<string, string>} */
  let labelOfKey = new Map();

  function toggleHistory() {
    const isOpen = root.classList.toggle("snb-with-history");
    list.setAttribute("aria-expanded", String(isOpen));
  }

  function enable() {
    const open = Boolean(task.at);
    for (const button of buttons.querySelectorAll("button")) {
      button.disabled = !open;
      button.setAttribute("aria-pressed", String(button.value === task.now));
    }
    save.disabled = skip.disabled = !open;
    undo.disabled = back.disabled = !task.history.length;
    forward.disabled = goOn.disabled = !task.away;
    goOn.classList.toggle("snb-main", task.away && task.labels?.length > 0); // beside Save, it is not the first choice
    reveal.disabled = !open || Boolean(task.shown);
    again.disabled = !task.skipped;
    typed.area.readOnly = !open;
  }

  function offerLabels() {
    labelOfKey = new Map(task.labels.flatMap(([value, , keys]) => keys.map((key) => [key, value])));
    const made = task.labels.map(([value, text, keys]) => {
      const key = keys.find((other) => other !== text) ?? "";
      const button = makeKeyButton(text, key, () => press("label", value), "snb-label");
      button.value = value;
      return button;
    });
    buttons.replaceChildren(...made);
    showText(low, task.ends[0] ?? "");
    showText(high, task.ends[1] ?? "");
    labels.hidden = !made.length;
    writing.hidden = made.length > 0;
  }

  function showEnd() {
    const labelled = `${countText(task.done, "label")} by ${task.person}`;
    const text = task.skipped ? `${restText(task.skipped)} ${labelled} so far.` : `All done: ${labelled}.`;
    end.replaceChildren(make("p", "snb-question", text));
    if (task.skipped) end.append(makeKeyButton("Label the skipped ones", "k", () => press("again"), "snb-main"));
    if (task.agreement.length)
      end.append(
        make("p", "", "Agreement with the others:"),
        make("ul", "", null, ...task.agreement.map((text) => make("li", "", text))),
      );
    const code = task.others ? "labelling.run.agreement(others)" : "labelling.run.agreement(other_run)";
    end.append(make("p", "snb-note", "Agreement in one call: ", make("code", "", code)));
  }

  function showOthers() {
    shown.hidden = !task.shown;
    shown.replaceChildren();
    if (!task.shown) return;
    const answers = task.shown.map(([name, scale, value]) =>
      make("span", "snb-answer", null, make("bdi", "", name), ` ${scale} `, make("b", "", value)),
    );
    const record = "Your labels of this record that you have seen these.";
    const none = "No other annotator has labelled this.";
    const rows = answers.length ? answers : [none];
    shown.append(make("div", "snb-rate", null, ...rows), make("div", "snb-note", record));
  }

  function showProgress() {
    root.setAttribute("aria-label", `Labelling by ${task.person}`);
    setText(person, task.person);
    setText(done, `${task.done.toLocaleString("en")} of ${task.total.toLocaleString("en")} labelled`);
    fill.style.width = `${(100 * task.done) / Math.max(1, task.total)}%`;
    track.setAttribute("aria-valuemin", "0");
    track.setAttribute("aria-valuemax", String(task.total));
    track.setAttribute("aria-valuenow", String(task.done));
    setText(within, task.at ? task.within : "");
    setText(pace, task.pace);
    setText(/** @type {Element} */ (again.firstElementChild), `${task.skipped.toLocaleString("en")} skipped`);
    showText(instructions, task.instructions);
    setText(saved, `Each label is saved at once, in ${task.folder}`);
    saved.title = task.folder;
    history.show(task.history, task.position);
  }

  /** @param {boolean} isNew Whether it is another question than before. */
  function showComments(isNew) {
    const rows = model.get("talk");
    const context = task.whole ? rows : rows.slice(0, -1);
    const open = Boolean(task.at);
    card.hidden = !open || task.whole;
    end.hidden = open;
    earlier.hidden = !open || (task.alone && !task.whole);
    earlier.classList.toggle("snb-whole", Boolean(task.whole));
    earlier.setAttribute("aria-label", task.whole ? "The discussion" : "The comments before");
    if (!isNew) return;
    const items = context.map(makeComment);
    for (const [place, row] of context.entries())
      items[place].classList.toggle("snb-own", Boolean(task.about) && row.name === task.about);
    before.replaceChildren(...items);
    now.replaceChildren(...rows.slice(context.length).map(makeComment));
    earlier.scrollTop = 0; // the end, where it is laid out from its end
    card.scrollTop = 0;
    setText(where, task.where);
    card.setAttribute("aria-label", "The comment to label");
  }

  function update() {
    const last = task;
    task = model.get("asked");
    const open = Boolean(task.at);
    const answered = sender.receive(task);
    const inside = hasReader(root, answered);
    const isNew = last.at !== task.at;
    if (isNew || document.activeElement !== typed.area) typed.area.value = model.get("draft");
    showProgress();
    showComments(isNew || !last.person);
    showOthers();
    const isShownApart = task.now === "skipped" || (task.now && task.labels.length); // and not in the box
    const before = open && task.given.length ? `So far: ${task.given.map((pair) => pair.join(" ")).join(" · ")}` : "";
    showText(given, [before, open && isShownApart ? `Now: ${task.now}` : ""].filter(Boolean).join(" · "));
    showText(question, open ? `${task.whole ? `${task.where}: ` : ""}${task.question}` : "");
    reveal.hidden = !task.others;
    if (!open) {
      labels.hidden = writing.hidden = true;
      showEnd();
    } else if (JSON.stringify(last.labels) !== JSON.stringify(task.labels) || !last.at) offerLabels();
    enable();
    // The next comment takes the focus, so that no mouse is needed; but never from elsewhere in the notebook.
    if (!inside) return;
    if (!open) end.focus();
    else if (!task.labels.length && (!task.now || !isNew || !task.away)) typed.area.focus();
    else if (isNew || !root.contains(document.activeElement)) (task.whole ? earlier : card).focus();
  }

  root.addEventListener("keydown", (event) => {
    if (event.target === typed.area && event.key === "Escape") (task.whole ? earlier : card).focus(); // to the keys
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.target === typed.area) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const label = task.at ? labelOfKey.get(key) : undefined;
    const action = actionOfKey(key);
    if (label !== undefined) press("label", label);
    else if (key === "Enter" && event.target instanceof HTMLButtonElement) return;
    else if (key === "h") toggleHistory();
    else if (action) {
      const button = { skip, undo, back, forward, go_on: goOn, again, reveal }[action];
      if (button.disabled || button.hidden) return;
      press(action);
    } else return;
    event.preventDefault();
  });

  model.on("change", update);
  update();
  return () => {
    model.off("change", update);
    sender.disconnect();
    typed.disconnect();
  };
}

export default { render };
