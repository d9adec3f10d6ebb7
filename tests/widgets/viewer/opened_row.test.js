import assert from "node:assert/strict";
import { test } from "node:test";
import { OpenedRow } from "../../../syndisco_nb/widgets/viewer/opened_row.js";

/** Return an opened row, what it asked for, and the places that it drew. */
function opened() {
  /** @type {number[][]} */
  const asked = [];
  /** @type {number[]} */
  const drawn = [];
  /** @type {((answer: object) => void)[]} */
  const answer = [];
  const row = new OpenedRow(
    (_kind, rest) => {
      asked.push(/** @type {any} */ (rest).numbers);
      return new Promise((resolve) => answer.push(resolve));
    },
    (place) => drawn.push(place),
  );
  return { row, asked, drawn, answer };
}

const comment = (/** @type {number} */ number) => /** @type {any} */ ({ number });

test("a row is drawn once its details are here, and closed by opening it again", async () => {
  const { row, asked, drawn, answer } = opened();
  const opening = row.toggle(3, comment(40));
  assert.equal(row.details(3), null);
  answer[0]({ details: ["prompt"] });
  await opening;
  assert.deepEqual([asked, drawn, row.details(3), row.details(4)], [[[40]], [3], ["prompt"], null]);
  await row.toggle(3, comment(40));
  assert.deepEqual([drawn, row.details(3)], [[3, 3], null]);
});

test("silences are asked for together", async () => {
  const { row, asked, answer } = opened();
  const opening = row.toggle(1, /** @type {any} */ ({ silent: [7, 8] }));
  answer[0]({ details: [] });
  await opening;
  assert.deepEqual(asked, [[7, 8]]);
});

test("details that come after another row was opened are dropped", async () => {
  const { row, answer } = opened();
  const both = [row.toggle(1, comment(1)), row.toggle(2, comment(2))];
  answer[1]({ details: ["second"] });
  answer[0]({ details: ["first"] });
  await Promise.all(both);
  assert.deepEqual([row.details(1), row.details(2)], [null, ["second"]]);
});
