import assert from "node:assert/strict";
import { test } from "node:test";
import {
  countText,
  labelChoices,
  labelText,
  matchesText,
  mayBeAddress,
  optionText,
  positionText,
  splitAtMatches,
} from "../../../syndisco_nb/widgets/viewer/viewer_text.js";

const HEADING = {
  ...{ number: "3", topic: "Tax", condition: "none", first: 0, turns: 14, unfinished: "" },
  ...{ comments: 12, silences: 3, cut_off: 0, means: {}, strip: [] },
};

test("a text is split at the matches of a search, in any case", () => {
  assert.deepEqual(splitAtMatches("Toll, toll!", "toll"), [
    ["Toll", true],
    [", ", false],
    ["toll", true],
    ["!", false],
  ]);
  assert.deepEqual(splitAtMatches("Toll", ""), [["Toll", false]]);
  assert.deepEqual(splitAtMatches("Toll", "tax"), [["Toll", false]]);
});

test("a search is no pattern", () => {
  for (const query of ["a.c", "(", "[", "\\", "$", "/", "a+b*", "{2}", "^", "|", "?"]) {
    assert.deepEqual(splitAtMatches(`1${query}2`, query), [
      ["1", false],
      [query, true],
      ["2", false],
    ]);
    assert.deepEqual(splitAtMatches("abc", query), [["abc", false]]);
  }
});

test("the parts make up the text", () => {
  const text = "İstanbul İ 😀 ß aß";
  for (const query of ["İ", "😀", "ß", "a"])
    assert.equal(
      splitAtMatches(text, query)
        .map(([part]) => part)
        .join(""),
      text,
    );
});

test("only an expression with a place is taken for an address", () => {
  for (const code of ["run[1].comments[2]", " study['a b'][0].silences[1] ", "transcript.comments[0]", "Läufe[3]"])
    assert.equal(mayBeAddress(code), true, code);
  for (const text of ["", "cars", "cars [sic]", "run[1].comments", "e.g. cars", "[1]", "3[1]"])
    assert.equal(mayBeAddress(text), false, text);
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
      [["toxicity", "unread", ""], "toxicity: unparsed"],
      [["", "is", "yes"], "yes"],
      [["", "split", ""], "disagreement"],
    ],
  );
});

test("the counts say what is filtered and what is not read yet", () => {
  const counts = { chosen: 50_000, messages: 50_000, tried: 100, files: 100, done: true };
  assert.equal(countText(counts), "50,000 messages");
  assert.equal(countText({ ...counts, chosen: 51 }), "51 of 50,000 messages");
  assert.equal(countText({ ...counts, chosen: 1, messages: 1 }), "1 message");
  assert.equal(
    countText({ chosen: 1200, messages: 1200, tried: 2, files: 100, done: false }),
    "1,200 messages so far, reading discussion 3 of 100",
  );
});

test("the matches say how many, and which one is shown", () => {
  assert.equal(matchesText(0, true, null), "no matches");
  assert.equal(matchesText(0, false, null), "searching …");
  assert.equal(matchesText(1, true, null), "1 match");
  assert.equal(matchesText(1200, true, null), "1,200 matches");
  assert.equal(matchesText(1200, true, 1001), "1,001 of 1,200");
});

test("a discussion and a place are named with what tells them apart", () => {
  assert.equal(optionText({ ...HEADING, condition: "" }), "3 · Tax");
  assert.equal(optionText({ ...HEADING, topic: "" }), "none · 3 · no topic");
  assert.equal(positionText({ turn: 4 }, HEADING), "turn 4 of 14");
  assert.equal(positionText({ turn: 4, until: 6 }, HEADING), "turns 4–6 of 14");
  assert.equal(positionText({ turn: 4, until: 4 }, undefined), "turn 4");
  assert.equal(positionText({ turn: 0 }, HEADING), "opening · 14 turns");
  assert.equal(labelText("Ana", { turn: 4 }, HEADING), "Ana, none, discussion 3, turn 4");
  assert.equal(labelText("Ana", { turn: 0 }, undefined), "Ana, opening");
});
