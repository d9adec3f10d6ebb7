// The live view: how far a run is, what is being said, and the means to pause it, stop it, or add a comment.
// All that is shown comes with the widget's state; a discussion opened in full is asked for, again while it grows.

import { isCommand, keepKeys, make, makeButton, makeFacts, makeRoot, setText, showText } from "../common.js";
import { connect } from "../requests.js";
import { makeCards } from "./cards.js";
import { failedText, moreText, stateText, titleText, warningText } from "./live_text.js";
import { makeOpened } from "./opened.js";
import { makeBar } from "./progress_bar.js";
import { makeSkippedList } from "./skipped_list.js";

/**
 * @import { Render } from "@anywidget/types"
 * @import { Card, ConditionRow, FailureRow, Head, Unit } from "./live_text.js"
 * @typedef {object} LiveState
 * @property {Head} head
 * @property {ConditionRow[]} runs
 * @property {Card[]} cards
 * @property {FailureRow[]} failures
 * @property {Unit[]} skipped
 * @property {string} final_page
 */

/** @type {Render<LiveState>} */
function render({ model, el }) {
  const root = makeRoot("snb-live");
  keepKeys(root, isCommand);
  el.append(root);

  const kind = make("div", "snb-kind");
  const title = make("div", "snb-title");
  const status = make("span", "snb-live-status");
  status.setAttribute("role", "status");
  const pause = makeButton("snb-live-press", "Pause", () =>
    act(model.get("head").status === "paused" ? "resume" : "pause"),
  );
  const stop = makeButton("snb-live-press", "Stop", () => act("stop"));
  const buttons = make("div", "snb-live-buttons", null, pause, stop);
  const whole = makeBar("All");
  const facts = make("dl", "snb-facts");
  const warning = make("div", "snb-warning");
  warning.setAttribute("role", "alert");
  const note = make("div", "snb-note");
  const trouble = make("div", "snb-note");
  const busy = make("div", "snb-note", "The kernel is running a cell; the answer comes after it.");
  busy.hidden = true;
  const rows = make("ul", "snb-live-rows");
  rows.setAttribute("aria-label", "Conditions");
  const more = make("div", "snb-note");
  const [failed, failedList] = [make("summary"), make("ul", "snb-live-failures")];
  const failures = make("details", "snb-fold", null, failed, failedList);

  const { ask, disconnect } = connect(model, (late) => {
    busy.hidden = !late;
  });
  let lastError = "";
  const complain = (/** @type {string} */ text) => {
    lastError = text;
    showHead();
  };
  /**
   * Have the kernel do something; return whether it did.
   *
   * @param {string} what
   * @param {object} [rest]
   */
  const act = async (what, rest = {}) => {
    try {
      await ask(what, rest);
      complain("");
      return true;
    } catch (error) {
      complain(/** @type {Error} */ (error).message);
      return false;
    }
  };

  const goesOn = () => model.get("head").going;
  const undo = (/** @type {Unit} */ { condition, unit }) => act("undo_skip", { condition, unit });
  const cards = makeCards({
    open: (card, commenting) => opened.open(card, { commenting }),
    skip: ({ condition, unit }) => act("skip", { condition, unit }),
    undo,
    hold: (held) => model.send({ id: 0, kind: "hold", units: held.map(({ condition, unit }) => [condition, unit]) }),
  });
  const opened = makeOpened({
    ask,
    act,
    complain,
    goesOn,
    opened(card) {
      cards.open(card);
      offerTools();
    },
  });
  const skipped = makeSkippedList(undo);
  const names = make("div", "", null, kind, make("div", "snb-live-title", null, title, status));
  const top = make("div", "snb-live-top", null, names, buttons);
  root.append(top, whole.element, facts, warning, note, trouble, busy, rows, opened.element);
  root.append(cards.element, more, skipped.element, failures);

  function showHead() {
    const head = model.get("head");
    if (!head.status) return;
    root.classList.toggle("snb-live-single", head.single);
    setText(kind, head.folder ? `Live · ${head.folder}` : "Live");
    setText(title, titleText(head));
    setText(status, head.word);
    status.dataset.status = head.status;
    root.setAttribute("aria-label", head.folder ? `Live view of ${head.folder}` : "Live view");
    whole.set(head.share, `${head.title}, ${head.word}`, head.status === "running");
    buttons.hidden = !(head.going && (head.here || head.status === "stopping"));
    setText(pause, head.status === "paused" ? "Resume" : "Pause");
    pause.disabled = stop.disabled = head.status === "stopping";
    const known = JSON.stringify(head.facts);
    if (facts.dataset.known !== known) {
      facts.dataset.known = known;
      facts.replaceChildren(...makeFacts(head.facts));
    }
    showText(warning, warningText(head, lastError));
    showText(note, head.warning ? "" : head.note);
    showText(trouble, head.trouble);
    showMore();
    offerTools();
  }

  /** @type {Map<string, ReturnType<typeof makeConditionRow>>} */
  const conditionRows = new Map();
  function showConditions() {
    const found = model.get("runs");
    rows.hidden = !found.length;
    for (const row of found) {
      const parts = conditionRows.get(row.condition) ?? makeConditionRow(row.condition);
      if (!conditionRows.has(row.condition)) rows.append(parts.element);
      conditionRows.set(row.condition, parts);
      parts.bar.set(row.share, `${row.finished}, ${row.word}`, row.status === "running");
      setText(parts.count, row.finished);
      setText(parts.state, stateText(row));
    }
  }

  function showCards() {
    const found = model.get("cards");
    cards.show(found);
    opened.update(found);
    const [only] = found;
    cards.element.hidden = model.get("head").single && !!only;
    if (cards.element.hidden && !opened.card) opened.open(only, { byItself: true });
    showMore();
    showSkipped();
    offerTools();
  }

  function showMore() {
    showText(more, moreText(model.get("head"), cards.shown));
  }

  function showSkipped() {
    skipped.show(model.get("head").here ? model.get("skipped") : [], cards.shown);
  }

  function offerTools() {
    const head = model.get("head");
    cards.offerTools(head);
    opened.offerTools(head);
  }

  function showFailures() {
    const found = model.get("failures");
    failures.hidden = !found.length;
    setText(failed, failedText(model.get("head"), found));
    failedList.replaceChildren(
      ...found.map(([unit, reason, attempt]) =>
        make("li", "", null, make("b", "", unit), ` ${reason} `, make("span", "snb-when", attempt)),
      ),
    );
  }

  /** Replace the view by the page of the run that is over; the kernel's display made it, and escapes what is in it. */
  function showFinalPage() {
    const page = model.get("final_page");
    if (page) el.replaceChildren(document.createRange().createContextualFragment(page));
  }

  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && opened.canClose) opened.close();
  });

  const shows = {
    head: showHead,
    runs: showConditions,
    cards: showCards,
    failures: showFailures,
    skipped: showSkipped,
    final_page: showFinalPage,
  };
  for (const [trait, show] of Object.entries(shows)) {
    model.on(`change:${trait}`, show);
    show();
  }
  return () => {
    opened.disconnect();
    disconnect();
    for (const [trait, show] of Object.entries(shows)) model.off(`change:${trait}`, show);
  };
}

/** @param {string} condition */
function makeConditionRow(condition) {
  const bar = makeBar(condition);
  const [count, state] = [make("span", "snb-live-count"), make("span", "snb-live-state")];
  const name = make("span", "snb-live-condition", null, make("bdi", "", condition));
  return { element: make("li", "", null, name, bar.element, count, state), bar, count, state };
}

export default { render };
