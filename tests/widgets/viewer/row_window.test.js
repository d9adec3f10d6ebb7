// The window on many rows: what is being read does not move while heights become known.
import assert from "node:assert/strict";
import { test } from "node:test";
import { RowWindow } from "../../../syndisco_nb/widgets/viewer/row_window.js";

/** @param {number} place Returns the true height of a row, from 24 to 223 pixels. */
const trueHeight = (place) => 24 + ((place * 7919) % 200);

/**
 * Return a list of 500 pixels with the window on its rows; `draw` does what the list does for each frame.
 *
 * @param {number} total
 */
function open(total) {
  const ground = { style: { height: "" } };
  const list = {
    clientHeight: 500,
    at: 0,
    get scrollTop() {
      return this.at;
    },
    set scrollTop(pixels) {
      this.at = Math.max(0, Math.min(Number.parseFloat(ground.style.height) - this.clientHeight, pixels));
    },
  };
  const rows = new RowWindow(list, ground);
  rows.heights.total = total;
  const draw = () => {
    rows.follow();
    for (let round = 0; round < 6; round++) {
      const [first, end] = rows.range;
      /** @type {[number, number][]} */
      const drawn = [];
      for (let place = first; place < end; place++) drawn.push([place, trueHeight(place)]);
      const changed = rows.measure(drawn);
      if (!rows.align() && !changed) break;
    }
  };
  draw();
  /** The pixels by which the rows in sight move on the screen. */
  const scroll = (/** @type {number} */ pixels) => {
    const place = rows.heights.at(rows.offset + 250);
    const before = rows.drawnTop(place) - list.scrollTop;
    list.scrollTop += pixels;
    draw();
    return before - (rows.drawnTop(place) - list.scrollTop);
  };
  return { list, rows, draw, scroll };
}

/** @param {ReturnType<typeof open>} opened Asserts that the rows in sight are drawn without a gap. */
function assertFilled({ list, rows }) {
  const [first, end] = rows.range;
  assert.ok(rows.edge(first) <= 0 && rows.edge(end - 1) + rows.heights.height(end - 1) >= list.clientHeight);
  for (let place = first; place < end; place++) assert.equal(rows.heights.height(place), trueHeight(place));
}

test("rows move by as much as is scrolled, down and up, while they are measured", () => {
  const opened = open(5000);
  for (let step = 0; step < 300; step++) {
    assert.equal(Math.round(opened.scroll(117)), 117);
    assertFilled(opened);
  }
  for (let step = 0; step < 250; step++) assert.equal(Math.round(opened.scroll(-117)), -117);
});

test("after a jump to the end, rows move by as much as is scrolled up", () => {
  const opened = open(50_000);
  opened.list.scrollTop = 1e9;
  opened.draw();
  opened.rows.settle();
  assert.equal(Math.round(opened.rows.edge(49_999) + trueHeight(49_999)), 500); // the last row ends where the list does
  for (let step = 0; step < 200; step++) {
    assert.equal(Math.round(opened.scroll(-90)), -90);
    assertFilled(opened);
    if (step % 20 === 0) {
      const before = opened.rows.drawnTop(opened.rows.top) - opened.list.scrollTop;
      opened.rows.settle();
      assert.ok(Math.abs(opened.rows.drawnTop(opened.rows.top) - opened.list.scrollTop - before) < 1e-6);
    }
  }
});

test("the ends are reached from anywhere, and there is no gap at them", () => {
  for (const total of [1, 3, 40, 900]) {
    const opened = open(total);
    opened.list.scrollTop = 1e9;
    opened.draw();
    for (let step = 0; step < 200 && opened.rows.offset > 0; step++) {
      opened.scroll(-1000);
      opened.rows.settle();
    }
    assert.deepEqual([opened.rows.offset, opened.list.scrollTop], [0, 0]);
    for (let step = 0; step < 200; step++) opened.scroll(1000);
    const last = opened.rows.edge(total - 1) + trueHeight(total - 1);
    assert.ok(total < 4 ? last <= 500 : Math.abs(last - 500) < 1, `${total}: ${last}`);
  }
});

test("a row is put in its place exactly, and stays there while others are measured", () => {
  const { list, rows, draw } = open(5000);
  rows.put(4000, 123);
  draw();
  rows.settle();
  draw();
  assert.ok(Math.abs(rows.drawnTop(4000) - list.scrollTop - 123) < 1);
});

test("revealing moves the rows as little as it takes, and not under what is covered", () => {
  const { rows, draw } = open(5000);
  rows.covered = 32;
  rows.reveal(1);
  draw();
  assert.equal(rows.edge(1), trueHeight(0)); // there is nothing above the first row
  rows.reveal(40);
  draw();
  rows.reveal(40);
  assert.equal(Math.round(rows.edge(40) + trueHeight(40)), 500);
  rows.reveal(20);
  draw();
  assert.equal(Math.round(rows.edge(20)), 32);
  rows.reveal(2000, true);
  draw();
  assert.equal(Math.round(rows.edge(2000)), 167);
  assert.equal(rows.inSight(2000), true);
  assert.equal(rows.inSight(20), false);
});

test("more rows than an element can be tall are still all reached", () => {
  const opened = open(1_000_000);
  const { list, rows, draw, scroll } = opened;
  list.scrollTop = 1e9;
  draw();
  assert.equal(rows.range[1], 1_000_000);
  assert.ok(rows.inSight(999_999));
  assert.equal(Math.round(scroll(-200)), -200);
  rows.reveal(500_000);
  draw();
  rows.settle();
  assert.ok(rows.inSight(500_000));
  assert.ok(rows.drawnTop(500_000) >= list.scrollTop - 1);
});
