import assert from "node:assert/strict";
import { test } from "node:test";
import {
  cardKey,
  failedText,
  isSkipped,
  lineKey,
  moreText,
  stateText,
  titleText,
  turnText,
  warningText,
} from "../../../syndisco_nb/widgets/live/live_text.js";

const HEAD = {
  folder: "runs/pilot",
  status: "running",
  word: "in progress",
  title: "1 of 3 discussions",
  share: 0.5,
  facts: /** @type {[string, string][]} */ ([]),
  note: "",
  warning: false,
  trouble: "",
  here: true,
  talks: true,
  single: false,
  under_way: 0,
  going: true,
};
const CARD = {
  condition: "",
  unit: "discussion-00001",
  title: "",
  topic: "",
  turn: "turn 4 of 14",
  share: 0.3,
  said: [],
};

/** @param {string} state */
const card = (state) => ({ ...CARD, state, writing: null });

test("a run that has not said anything yet has a title too", () => {
  assert.equal(titleText(HEAD), "1 of 3 discussions");
  assert.equal(titleText({ ...HEAD, title: "" }), "Starting …");
  assert.equal(titleText({ ...HEAD, title: "", going: false }), "Not started");
});

test("a warning says what failed last, and how the run ended", () => {
  assert.equal(warningText({ ...HEAD, note: "Nothing yet." }, ""), "");
  assert.equal(warningText({ ...HEAD, note: "It stopped.", warning: true }, ""), "It stopped.");
  assert.equal(
    warningText({ ...HEAD, note: "It stopped.", warning: true }, "text is empty."),
    "text is empty.\nIt stopped.",
  );
});

test("a card says how far it is, and its state unless it is under way", () => {
  assert.equal(turnText(card("in progress")), "turn 4 of 14");
  assert.equal(turnText(card("skipped")), "turn 4 of 14, skipped");
  assert.deepEqual(["in progress", "skipped"].map(card).map(isSkipped), [false, true]);
});

test("what is in progress without a card is counted", () => {
  const cards = [card("in progress"), card("finished"), card("in progress")];
  assert.equal(moreText({ ...HEAD, under_way: 1502 }, cards), "and 1,500 more in progress");
  assert.equal(moreText({ ...HEAD, under_way: 3 }, cards), "and 1 more in progress");
  assert.equal(moreText({ ...HEAD, under_way: 2 }, cards), "");
  assert.equal(moreText(/** @type {any} */ ({}), []), ""); // before the kernel has told anything
});

test("failures are counted as the head has them", () => {
  /** @type {[string, string, string][]} */
  const failures = [["Discussion 1", "ModelError: no", "attempt 1"]];
  assert.equal(failedText({ ...HEAD, facts: [["failed", "1,200"]] }, failures), "1,200 failed");
  assert.equal(failedText(/** @type {any} */ ({}), failures), "1 failed");
  const row = { condition: "none", status: "running", word: "in progress", share: 0, finished: "1 of 3", failed: 2 };
  assert.equal(stateText(row), "in progress, 2 failed");
  assert.equal(stateText({ ...row, failed: 0 }), "in progress");
});

test("keys tell conditions, discussions and scales apart", () => {
  assert.notEqual(cardKey({ ...card(""), condition: "none" }), cardKey(card("")));
  const line = /** @type {any} */ ({ index: 3, name: "Ana", label: "" });
  assert.notEqual(lineKey(line), lineKey({ ...line, label: "toxicity: 4" }));
  assert.notEqual(lineKey(line), lineKey({ ...line, index: 4 }));
  assert.notEqual(lineKey(line), lineKey({ ...line, name: "Ben" }));
});
