import assert from "node:assert/strict";
import { test } from "node:test";
import { columnsOf, nextOrder, sorted, valueText } from "../../../syndisco_nb/widgets/viewer/discussion_sorting.js";

/** @param {object} facts */
const heading = (facts) => ({
  ...{ number: "0", topic: "Tax", condition: "", first: 0, turns: 4, unfinished: "" },
  ...{ comments: 4, silences: 0, cut_off: 0, means: {}, strip: [] },
  ...facts,
});
const HEADINGS = [
  heading({ number: "0", comments: 4, means: { toxicity: 2.25 } }),
  heading({ number: "10", comments: 1200, topic: "Éclairs" }),
  heading({
    number: "2",
    comments: 4,
    topic: "",
    means: { toxicity: -0.5 },
    unfinished: "unfinished after turn 3 of 4",
  }),
];
const ALL = HEADINGS.map((one, place) => ({ heading: one, matches: place || null }));

/**
 * @param {string} key
 * @param {boolean} descending
 */
function order(key, descending) {
  const columns = columnsOf(HEADINGS, ["toxicity"], "Matches");
  return sorted(ALL, columns, { key, descending }).map((one) => one.heading.number);
}

test("only columns that say something are there", () => {
  const keys = (/** @type {import("../../../syndisco_nb/widgets/viewer/viewer_text.js").Heading[]} */ headings) =>
    columnsOf(headings, ["toxicity"], "").map(({ key }) => key);
  assert.deepEqual(keys([HEADINGS[1]]), ["number", "topic", "comments", "silences", "cut_off"]);
  assert.deepEqual(keys([heading({ condition: "none" }), ...HEADINGS]), [
    ...["number", "condition", "topic", "status", "comments", "silences", "cut_off", "mean toxicity"],
  ]);
  assert.equal(columnsOf(HEADINGS, [], "Messages")[3].head, "Messages");
});

test("discussions are sorted by numbers as numbers, and those without a value come last", () => {
  assert.deepEqual(order("number", false), ["0", "2", "10"]);
  assert.deepEqual(order("comments", true), ["10", "0", "2"]); // equal ones stay as they were
  assert.deepEqual(order("mean toxicity", true), ["0", "2", "10"]);
  assert.deepEqual(order("mean toxicity", false), ["2", "0", "10"]);
  assert.deepEqual(order("topic", false), ["10", "0", "2"]);
  assert.deepEqual(order("matches", true), ["2", "10", "0"]);
  assert.deepEqual(order("unknown", true), ["0", "10", "2"]);
});

test("a second click on a head turns the order around", () => {
  const [number, topic, , comments] = columnsOf(HEADINGS, [], "");
  assert.deepEqual(nextOrder(null, comments), { key: "comments", descending: true });
  assert.deepEqual(nextOrder(null, number), { key: "number", descending: false });
  assert.deepEqual(nextOrder({ key: "number", descending: false }, topic), { key: "topic", descending: false });
  assert.deepEqual(nextOrder({ key: "topic", descending: false }, topic), { key: "topic", descending: true });
});

test("values are written as readers know them", () => {
  const column = (/** @type {string} */ key) => {
    const found = columnsOf(HEADINGS, ["toxicity"], "").find((one) => one.key === key);
    assert.ok(found);
    return (/** @type {number} */ place) => valueText(found, found.value(ALL[place]));
  };
  assert.deepEqual([0, 1, 2].map(column("mean toxicity")), ["2.25", "–", "−0.50"]);
  assert.deepEqual([0, 1, 2].map(column("topic")), ["Tax", "Éclairs", "no topic"]);
  assert.equal(column("comments")(1), "1,200");
  assert.equal(column("status")(2), "turn 3 of 4");
});
