import assert from "node:assert/strict";
import { test } from "node:test";
import {
  countText,
  headingText,
  hitsText,
  labelChoices,
  optionText,
  placeText,
  splitAtHits,
} from "../../../syndisco_nb/widgets/viewer/viewer_text.js";

test("a text is split at the hits of a search, in any case", () => {
  assert.deepEqual(splitAtHits("Toll, toll!", "toll"), [
    ["Toll", true],
    [", ", false],
    ["toll", true],
    ["!", false],
  ]);
  assert.deepEqual(splitAtHits("Toll", ""), [["Toll", false]]);
  assert.deepEqual(splitAtHits("Toll", "tax"), [["Toll", false]]);
});

test("a search is no pattern", () => {
  for (const query of ["a.c", "(", "[", "\\", "$", "/", "a+b*", "{2}", "^", "|", "?"]) {
    assert.deepEqual(splitAtHits(`1${query}2`, query), [
      ["1", false],
      [query, true],
      ["2", false],
    ]);
    assert.deepEqual(splitAtHits("abc", query), [["abc", false]]);
  }
});

test("the parts make up the text", () => {
  const text = "İstanbul İ 😀 ß aß";
  for (const query of ["İ", "😀", "ß", "a"])
    assert.equal(
      splitAtHits(text, query)
        .map(([part]) => part)
        .join(""),
      text,
    );
});

test("labels, unread ones and disagreement can be chosen", () => {
  assert.deepEqual(
    labelChoices([
      ["toxicity", ["1", "2"], true, false],
      ["", ["yes"], false, true],
    ]),
    [
      [["toxicity", "is", "1"], "toxicity: 1"],
      [["toxicity", "is", "2"], "toxicity: 2"],
      [["toxicity", "unread", ""], "toxicity: no label"],
      [["", "is", "yes"], "yes"],
      [["", "split", ""], "they disagree"],
    ],
  );
});

test("the counts say what is filtered and what is not read yet", () => {
  const counts = { total: 50_000, messages: 50_000, tried: 100, files: 100, done: true };
  assert.equal(countText(counts), "50,000 messages");
  assert.equal(countText({ ...counts, total: 51 }), "51 of 50,000 messages");
  assert.equal(countText({ ...counts, total: 1, messages: 1 }), "1 message");
  assert.equal(
    countText({ total: 1200, messages: 1200, tried: 2, files: 100, done: false }),
    "1,200 messages so far, reading discussion 3 of 100",
  );
});

test("the hits say how many, and which one is shown", () => {
  assert.equal(hitsText(0, true, null), "not found");
  assert.equal(hitsText(0, false, null), "searching …");
  assert.equal(hitsText(1, true, null), "1 hit");
  assert.equal(hitsText(1200, true, null), "1,200 hits");
  assert.equal(hitsText(1200, true, 1001), "1,001 of 1,200");
});

test("a discussion and a place are named with what tells them apart", () => {
  assert.equal(optionText(["3", "Tax", ""]), "3 · Tax");
  assert.equal(optionText(["3", "", "none"]), "none · 3 · no topic");
  assert.equal(headingText(["3", "Tax", "none"]), "none · Discussion 3 · Tax");
  assert.equal(placeText({ role: "participant", turn: 4 }, ["3", "Tax", "none"], true), "none · discussion 3 · turn 4");
  assert.equal(placeText({ role: "participant", turn: 4 }, ["3", "Tax", ""], false), "turn 4");
  assert.equal(placeText({ role: "opening", turn: 0 }, ["3", "Tax", ""], true), "discussion 3");
  assert.equal(placeText({ role: "opening", turn: 0 }, undefined, false), "");
});
