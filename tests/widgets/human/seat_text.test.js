import assert from "node:assert/strict";
import { test } from "node:test";
import { clockText, personText, sameRows } from "../../../syndisco_nb/widgets/human/seat_text.js";

test("the clock shows minutes and seconds", () => {
  assert.deepEqual([0, 9, 60, 754].map(clockText), ["0:00 left", "0:09 left", "1:00 left", "12:34 left"]);
});

test("who sits there is named if they are called otherwise", () => {
  assert.equal(personText({ name: "Dana", person: "Dana" }), "Dana");
  assert.equal(personText({ name: "Mo", person: "Dana" }), "Mo (Dana)");
  assert.equal(personText({ name: "", person: "Dana" }), "Dana");
});

test("rows stay up to the first that differs", () => {
  assert.equal(sameRows([], ["a"]), 0);
  assert.equal(sameRows(["a", "b"], ["a", "b", "c"]), 2);
  assert.equal(sameRows(["a", "b", "c"], ["a", "x", "c"]), 1);
  assert.equal(sameRows(["a", "b"], ["a"]), 1);
  assert.equal(sameRows(["a", "b"], ["x", "b"]), 0);
});
