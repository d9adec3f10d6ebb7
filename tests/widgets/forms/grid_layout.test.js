import assert from "node:assert/strict";
import { test } from "node:test";
import { columnWidths, isCells, rowStep } from "../../../syndisco_nb/widgets/forms/grid_layout.js";

test("a column is as wide as its longest text, within bounds", () => {
  /** @type {[string, string, string][]} */
  const columns = [
    ["username", "Username", ""],
    ["age", "Age", ""],
    ["hobby", "Hobby", ""],
  ];
  assert.deepEqual(columnWidths(columns, []), [8, 5, 5]);
  assert.deepEqual(
    columnWidths(columns, [
      ["Maya", "41", "x".repeat(90)],
      ["A longer name", "7", ""],
    ]),
    [13, 5, 28],
  );
});

test("arrows and Enter go from row to row", () => {
  const step = (/** @type {string} */ key, shiftKey = false) => rowStep({ key, shiftKey });
  assert.deepEqual(
    ["ArrowUp", "ArrowDown", "Enter", "a", "Tab"].map((key) => step(key)),
    [-1, 1, 1, 0, 0],
  );
  assert.equal(step("ArrowDown", true), 0);
});

test("cells of a spreadsheet are told from the text of one cell", () => {
  assert.deepEqual(["Ana\tBen", "Ana\r\nBen", "Ana\n", "Hello, you"].map(isCells), [true, true, false, false]);
});
