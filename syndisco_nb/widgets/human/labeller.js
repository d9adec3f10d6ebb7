// Labelling by hand: the comment in its context, and the labels as buttons and keys.

import { make, showText } from "../common.js";
import { addRoot, hasReader, makeBox, makeComment, makeKeyButton, makeSender } from "./person_page.js";

/**
 * @import { Render } from "@anywidget/types"
 * @import { Reply, TalkRow } from "./person_page.js"
 * @typedef {Reply & {
 *   person: string, done: number, total: number, instructions: string, folder: string, others: boolean, at: string,
 *   where: string, whole: boolean, about: string, scale: string, question: string,
 *   labels: [value: string, text: string, keys: string[]][],
 *   given: [scale: string, label: string][], shown: [name: string, scale: string, label: string][] | null,
 *   agreement: string[],
 * }} Task The label that is asked for, as labeller.py has it; "" as `at` when all are given. `whole` if it is about a
 *   participant, whose name is `about`, or the discussion, and not about one comment.
 */

/** @type {Render<{ asked: Task, talk: TalkRow[], draft: string }>} */
function render({ model, el }) {
  const root = addRoot(el, "snb-labeller");
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
  card.setAttribute("aria-describedby", `${now.id} ${question.id}`);

  const sender = makeSender(model);
  const press = (/** @type {string} */ kind, text = "") => {
    if (sender.isPending) return;
    sender.send(kind, { at: task.at, text });
    enable();
  };
  const typed = makeBox(model, "Your answer", (text) => press("label", text));
  typed.area.setAttribute("aria-describedby", question.id);
  const labels = make("div", "snb-row-of");
  labels.setAttribute("role", "group");
  labels.setAttribute("aria-labelledby", question.id);
  const save = makeKeyButton("Save", "Ctrl+Enter", typed.send, "snb-main");
  const skip = makeKeyButton("Skip", "s", () => press("skip"));
  const undo = makeKeyButton("Undo", "u", () => press("undo"));
  const reveal = makeKeyButton("Show the others’ labels", "r", () => press("reveal"));
  const writing = make("div", "snb-row-of", null, save);
  const rest = make("div", "snb-row-of snb-rest", null, skip, undo, reveal);
  const end = make("div", "snb-end");
  const saved = make("div", "snb-note");
  root.append(head, instructions, before, card, given, labels, typed.area, writing, shown, end, rest);
  root.append(sender.news, sender.busy, saved);

  let task = /** @type {Task} */ ({});
  /** @type {Map<string, string>} */
  let labelOfKey = new Map();

  function enable() {
    const waits = sender.isPending;
    const open = Boolean(task.at);
    for (const button of labels.querySelectorAll("button")) button.disabled = waits || !open;
    save.disabled = skip.disabled = waits || !open;
    undo.disabled = waits || !task.done;
    reveal.disabled = waits;
    typed.area.readOnly = waits;
  }

  function offerLabels() {
    labelOfKey = new Map(task.labels.flatMap(([value, , keys]) => keys.map((key) => [key, value])));
    const buttons = task.labels.map(([value, text, keys]) => {
      const key = keys.find((other) => other !== text) ?? "";
      return makeKeyButton(text, key, () => press("label", value), "snb-label");
    });
    labels.replaceChildren(...buttons);
    labels.hidden = !buttons.length;
    typed.area.hidden = writing.hidden = buttons.length > 0;
  }

  function showEnd() {
    const labelled = `${task.total} ${task.total === 1 ? "label" : "labels"} by ${task.person}`;
    end.replaceChildren(make("p", "snb-question", `All done: ${labelled}.`));
    if (task.agreement.length)
      end.append(
        make("p", "", "How far you and the others agree:"),
        make("ul", "", null, ...task.agreement.map((text) => make("li", "", text))),
      );
    const code = task.others ? "labelling.run.agreement(others)" : "labelling.run.agreement(other_run)";
    end.append(make("p", "snb-note", "Agreement in one call: ", make("code", "", code)));
  }

  /** @param {NonNullable<Task["shown"]>} others */
  function showOthers(others) {
    const answers = others.map(([name, scale, value]) =>
      make("span", "snb-answer", null, make("bdi", "", name), ` ${scale} `, make("b", "", value)),
    );
    const record = "You have looked at these: your own labels here say so, on record.";
    const none = "The others have no label here.";
    shown.append(
      make("div", "snb-rate", null, ...(answers.length ? answers : [none])),
      make("div", "snb-note", record),
    );
  }

  function showProgress() {
    root.setAttribute("aria-label", `Labelling by ${task.person}`);
    person.textContent = task.person;
    done.textContent = `${task.done} of ${task.total}`;
    fill.style.width = `${(100 * task.done) / Math.max(1, task.total)}%`;
    track.setAttribute("aria-valuemin", "0");
    track.setAttribute("aria-valuemax", String(task.total));
    track.setAttribute("aria-valuenow", String(task.done));
    showText(instructions, task.instructions);
    showText(saved, `Each label is saved at once, in ${task.folder}.`);
  }

  function showComments() {
    const rows = model.get("talk");
    const earlier = task.whole ? rows : rows.slice(0, -1);
    before.setAttribute("aria-label", task.whole ? "The discussion" : "The comments before");
    before.classList.toggle("snb-whole", Boolean(task.whole));
    // A whole discussion scrolls, by keys too.
    if (task.whole) before.tabIndex = 0;
    else before.removeAttribute("tabindex");
    const items = earlier.map(makeComment);
    for (const [place, row] of earlier.entries())
      items[place].classList.toggle("snb-own", Boolean(task.about) && row.name === task.about);
    before.replaceChildren(...items);
    before.hidden = !earlier.length;
    now.replaceChildren(...rows.slice(earlier.length).map(makeComment));
    now.hidden = Boolean(task.whole);
    card.setAttribute("aria-label", task.whole ? "To label" : "The comment to label");
  }

  function update() {
    const last = task;
    task = model.get("asked");
    const open = Boolean(task.at);
    const answered = sender.receive(task);
    const inside = hasReader(root, answered);
    if (answered && !model.get("draft")) typed.area.value = "";
    showProgress();
    showComments();
    card.hidden = skip.hidden = !open;
    end.hidden = open;
    reveal.hidden = !open || !task.others || Boolean(task.shown);
    shown.hidden = !task.shown;
    shown.replaceChildren();
    showText(given, open && task.given.length ? `So far: ${task.given.map((pair) => pair.join(" ")).join(" · ")}` : "");
    if (open) {
      showText(where, task.where);
      showText(question, task.question);
      if (JSON.stringify(last.labels) !== JSON.stringify(task.labels) || !last.at) offerLabels();
      if (task.shown) showOthers(task.shown);
    } else {
      labels.hidden = typed.area.hidden = writing.hidden = true;
      showEnd();
    }
    enable();
    // The next comment takes the focus, so that no mouse is needed; but never from elsewhere in the notebook.
    if (!inside) return;
    if (!open) undo.focus();
    else if (!task.labels.length) typed.area.focus();
    else if (last.at !== task.at || !root.contains(document.activeElement)) card.focus();
  }

  root.addEventListener("keydown", (event) => {
    if (event.target === typed.area && event.key === "Escape") card.focus(); // out of the box, to the keys
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.target === typed.area) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const label = labelOfKey.get(key);
    if (task.at && label !== undefined) press("label", label);
    else if (key === "s" && task.at) press("skip");
    else if ((key === "u" || key === "Backspace") && task.done) press("undo");
    else if (key === "r" && !reveal.hidden) press("reveal");
    else return;
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
