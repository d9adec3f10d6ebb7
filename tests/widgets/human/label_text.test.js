import assert from "node:assert/strict";
import { test } from "node:test";
import { actionOfKey, countText, restText } from "../../../syndisco_nb/widgets/human/label_text.js";

test("a key has an action, or none", () => {
  assert.deepEqual(["s", "Backspace", "ArrowLeft", "x", "toString"].map(actionOfKey), [
    "skip",
    "undo",
    "back",
    undefined,
    undefined,
  ]);
});

test("numbers have their noun", () => {
  assert.equal(countText(1, "label"), "1 label");
  assert.equal(countText(300, "label"), "300 labels");
  assert.equal(restText(1), "1 skipped label is left.");
  assert.equal(restText(2), "2 skipped labels are left.");
});
