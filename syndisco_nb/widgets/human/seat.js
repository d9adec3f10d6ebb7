// A seat in discussions: what was said, whether it is one's turn, and a box to answer in.

import { make, showText } from "../common.js";
import { addRoot, hasReader, makeBox, makeComment, makeKeyButton, makeSender } from "./person_page.js";
import { clockText, personText, sameRows } from "./seat_text.js";

/**
 * @import { Render } from "@anywidget/types"
 * @import { Reply, TalkRow } from "./person_page.js"
 * @typedef {Reply & {
 *   person: string, turn: boolean, at: string, discussion: string, name: string, where: string, company: string,
 *   about: string[], told: string, prompt: [role: string, text: string][], labels: [value: string, text: string][],
 *   queue: string, left: number | null, ended: boolean,
 * }} Turn What the person is asked, or was asked last, as seat.py has it.
 */

const TICK = 500; // milliseconds between two looks at the clock
const SOON = 10; // seconds left from which on the clock warns

/** @type {Render<{ asked: Turn, talk: TalkRow[], draft: string }>} */
function render({ model, el }) {
  const root = addRoot(el, "snb-seat");
  const title = make("b", "");
  const where = make("span", "snb-when");
  const company = make("span", "snb-when");
  const queue = make("span", "snb-when");
  const about = make("ul", "snb-about");
  const told = make("div", "snb-told");
  const who = make("details", "snb-who-am-i", null, make("summary", "", "Your role"), about, told);
  who.open = true;
  const turn = make("span", "snb-turn-text");
  turn.tabIndex = -1;
  const clock = make("span", "snb-clock");
  clock.setAttribute("role", "timer");
  const head = make("header", "snb-head", null, make("div", "snb-kind", "Seat"));
  head.append(make("div", "snb-title", null, title), make("div", "snb-places", null, where, company, queue));
  const list = make("ol", "snb-talk");
  const talk = make("div", "snb-heard", null, list);
  talk.tabIndex = 0;
  talk.setAttribute("role", "log");
  talk.setAttribute("aria-label", "The discussion so far");
  const prompt = make("div", "snb-chat");

  const sender = makeSender(model);
  const press = (/** @type {"say" | "pass"} */ kind, /** @type {{ text?: string }} */ rest = {}) => {
    if (!asked.turn || sender.isPending) return;
    sender.send(kind, { at: asked.at, ...rest });
    enable();
  };
  const say = (/** @type {string} */ text) => press("say", { text });
  const typed = makeBox(model, "Your comment", say);
  const send = makeKeyButton("Send", "Ctrl+Enter", typed.send, "snb-main");
  const pass = makeKeyButton("Pass", "", () => press("pass"));
  const labels = make("div", "snb-row-of");
  const answer = make("div", "snb-row-of", null, send, pass);
  const bar = make("div", "snb-turn-bar", null, turn, clock);
  turn.setAttribute("role", "status"); // and not the bar: nobody wants every second read out
  const status = make("div", "snb-status", null, sender.news, sender.busy);
  const answering = make("div", "snb-answering", null, bar, typed.area, labels, answer, status);
  root.append(head, who, prompt, talk, answering);

  let asked = /** @type {Turn} */ ({});
  /** @type {string[]} */
  let drawn = []; // the rows that are in the page, as JSON
  /** @type {number | null} */
  let until = null; // when the time is up, by this page's clock

  /** @param {TalkRow[]} rows */
  function drawTalk(rows) {
    const wanted = rows.map((row) => JSON.stringify(row));
    const same = sameRows(drawn, wanted);
    if (same === drawn.length && same === wanted.length) return;
    while (list.children.length > same) list.lastChild?.remove();
    list.append(...rows.slice(same).map(makeComment)); // only what is new is read out
    drawn = wanted;
    talk.scrollTop = 0; // the end, since it is laid out from there
  }

  function enable() {
    const waits = sender.isPending;
    const choice = asked.labels?.length > 0;
    typed.area.hidden = send.hidden = choice;
    labels.hidden = !choice;
    typed.area.readOnly = waits;
    const later = asked.ended ? "" : "You can write ahead, and send it when it is your turn.";
    typed.area.placeholder = asked.turn ? "Your comment" : later;
    send.disabled = pass.disabled = !asked.turn || waits;
    for (const button of labels.querySelectorAll("button")) button.disabled = send.disabled;
  }

  function tick() {
    clock.hidden = until === null;
    if (until === null) return;
    const left = Math.max(0, Math.ceil((until - performance.now()) / 1000));
    clock.textContent = clockText(left);
    clock.classList.toggle("snb-soon", left <= SOON);
  }

  /** @param {Turn} before */
  function showQuestion(before) {
    title.textContent = personText(asked);
    root.setAttribute("aria-label", `The seat of ${asked.person}`);
    root.classList.toggle("snb-asked", asked.turn);
    showText(where, asked.where);
    showText(company, asked.company);
    showText(queue, asked.queue);
    who.hidden = !asked.about.length && !asked.told;
    showText(told, asked.told);
    if (String(before.about) !== String(asked.about))
      about.replaceChildren(...asked.about.map((text) => make("li", "", null, make("bdi", "", text))));
    const later = asked.ended ? "The run has ended." : "Waiting for your turn.";
    showText(turn, asked.turn ? "It is your turn." : later);
    prompt.hidden = !asked.prompt.length;
    if (String(before.prompt) !== String(asked.prompt))
      prompt.replaceChildren(
        ...asked.prompt.map(([role, text]) =>
          make("div", "", null, make("div", "snb-role", role), make("div", "snb-sent", text)),
        ),
      );
    if (String(before.labels) !== String(asked.labels))
      labels.replaceChildren(
        ...asked.labels.map(([label, text]) => makeKeyButton(text, "", () => say(label), "snb-label")),
      );
  }

  function update() {
    const before = asked;
    asked = model.get("asked");
    const answered = sender.receive(asked);
    if (answered && !model.get("draft")) typed.area.value = "";
    showQuestion(before);
    const rows = model.get("talk");
    talk.hidden = !rows.length;
    root.classList.toggle("snb-busy-seat", rows.length > 0 || asked.prompt.length > 0);
    drawTalk(rows);
    until = asked.left === null ? null : performance.now() + asked.left * 1000;
    tick();
    enable();
    if (before.at === undefined || !hasReader(root, answered)) return;
    // Who writes for one discussion when another begins to wait is taken out of the box, so that nothing gets there.
    const elsewhere = before.discussion !== asked.discussion && !answered && typed.area.value !== "";
    const begins = asked.turn && (before.at !== asked.at || !before.turn);
    if (elsewhere) turn.focus();
    else if (begins || answered) (labels.hidden ? typed.area : labels.querySelector("button"))?.focus();
  }

  model.on("change", update);
  update();
  model.send({ kind: "look" }); // the seconds that are left may be from long ago
  const beat = setInterval(tick, TICK);
  return () => {
    model.off("change", update);
    clearInterval(beat);
    sender.disconnect();
    typed.disconnect();
  };
}

export default { render };
