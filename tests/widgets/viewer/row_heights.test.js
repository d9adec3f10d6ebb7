import assert from "node:assert/strict";
import { test } from "node:test";
import { RowHeights } from "../../../syndisco_nb/widgets/viewer/row_heights.js";

/** @param {number} total */
function heightsOf(total) {
  const heights = new RowHeights();
  heights.total = total;
  return heights;
}

test("rows that have not been measured have one estimated height", () => {
  const heights = heightsOf(50_000);
  const each = heights.height(7);
  assert.deepEqual([heights.top(0), heights.top(7), heights.whole], [0, 7 * each, 50_000 * each]);
  assert.deepEqual([heights.at(-5), heights.at(0), heights.at(7 * each), heights.at(1e9)], [0, 0, 7, 49_999]);
  assert.equal(heights.isMeasured(7), false);
});

test("a measured height moves all rows after it", () => {
  const heights = heightsOf(1000);
  const each = heights.height(0);
  assert.equal(heights.measure(3, each + 40), true);
  assert.equal(heights.measure(3, each + 40), false);
  assert.equal(heights.measure(750, each), false); // as estimated
  assert.deepEqual([heights.top(3), heights.top(4), heights.top(900)], [3 * each, 4 * each + 40, 900 * each + 40]);
  assert.deepEqual([heights.at(4 * each + 39), heights.at(4 * each + 40)], [3, 4]);
  heights.measure(3, 10);
  assert.equal(heights.top(4), 3 * each + 10);
});

test("places agree with the sum of the heights, whatever was measured", () => {
  const heights = heightsOf(1234);
  for (let step = 0; step < 900; step++) heights.measure((step * 7919) % 1234, 20 + ((step * 31) % 300));
  let top = 0;
  for (let place = 0; place < 1234; place++) {
    assert.ok(Math.abs(heights.top(place) - top) < 1e-6);
    if (place % 50 === 0) assert.equal(heights.at(top + 1), place);
    top += heights.height(place);
  }
});

test("the estimate is learned from the measured rows, and outlives them", () => {
  const heights = heightsOf(100);
  heights.measure(0, 20);
  heights.measure(1, 40);
  heights.learn();
  assert.deepEqual([heights.height(0), heights.height(50), heights.whole], [20, 30, 3000]);
  heights.forget();
  assert.deepEqual([heights.isMeasured(0), heights.height(0)], [false, 30]);
});
