// The window on many rows: places, sights and pages, without a page of a browser.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PageCache, pageOf, RowLayout } from "../../../syndisco_nb/widgets/viewer/windowing.js";

/**
 * Return a layout of rows of 100 pixels in a list of 500, and the list.
 *
 * @param {number} total
 */
function layoutOf(total) {
  const list = { scrollTop: 0, clientHeight: 500 };
  const layout = new RowLayout(list);
  Object.assign(layout, { total, height: 100 });
  return { list, layout };
}

test("rows stand below each other", () => {
  const { layout } = layoutOf(50);
  assert.deepEqual([layout.top(0), layout.top(7), layout.scrollHeight], [0, 700, 5000]);
  assert.deepEqual([layout.at(0), layout.at(699), layout.at(700)], [0, 6, 7]);
});

test("rows after an open one are moved down", () => {
  const { layout } = layoutOf(50);
  layout.opened = 3;
  layout.extra = 250;
  assert.deepEqual([layout.top(3), layout.top(4), layout.scrollHeight], [300, 650, 5250]);
  assert.deepEqual([layout.at(299), layout.at(300), layout.at(649), layout.at(650)], [2, 3, 3, 4]);
  layout.close();
  assert.deepEqual([layout.top(4), layout.scrollHeight], [400, 5000]);
});

test("the rows in sight are drawn, and four more at either edge", () => {
  const { list, layout } = layoutOf(50);
  assert.deepEqual(layout.range, [0, 10]);
  list.scrollTop = 2000;
  assert.deepEqual(layout.range, [16, 30]);
  list.scrollTop = 4500;
  assert.deepEqual(layout.range, [41, 50]);
  assert.deepEqual(new RowLayout({ scrollTop: 0, clientHeight: 500 }).range, [0, 0]);
});

test("a row is in sight if a part of it is", () => {
  const { list, layout } = layoutOf(50);
  list.scrollTop = 250;
  assert.deepEqual(
    [1, 2, 7, 8].map((place) => layout.inSight(place)),
    [false, true, true, false],
  );
});

test("revealing scrolls as little as it takes", () => {
  const { list, layout } = layoutOf(50);
  layout.reveal(4);
  assert.equal(list.scrollTop, 0); // it was in sight
  layout.reveal(5);
  assert.equal(list.scrollTop, 100);
  layout.reveal(20);
  assert.equal(list.scrollTop, 1600);
  layout.reveal(10);
  assert.equal(list.scrollTop, 1000);
  layout.reveal(12, true);
  assert.equal(list.scrollTop, 1000); // in sight already
  layout.reveal(30, true);
  assert.equal(Math.round(list.scrollTop), Math.round(3000 - 500 / 3));
});

test("a row taller than the list is revealed once, not in turns", () => {
  const { list, layout } = layoutOf(50);
  layout.opened = 10;
  layout.extra = 900;
  list.scrollTop = 1000;
  layout.reveal(10);
  assert.equal(list.scrollTop, 1000);
});

test("more rows than an element can be tall are still all reached", () => {
  const { list, layout } = layoutOf(1_000_000);
  assert.equal(layout.scrollHeight, 8_000_000);
  list.scrollTop = layout.scrollHeight - list.clientHeight; // where the scroll bar ends
  assert.equal(layout.range[1], 1_000_000);
  assert.ok(layout.inSight(999_999));
  layout.reveal(500_000);
  assert.ok(layout.inSight(500_000));
  assert.ok(layout.drawnTop(500_000) >= list.scrollTop - 1);
  assert.ok(layout.drawnTop(500_000) <= list.scrollTop + 400 + 1);
});

test("a screenful leaves one row to go on from", () => {
  const { list, layout } = layoutOf(50);
  assert.equal(layout.screenful, 4);
  list.clientHeight = 50;
  assert.equal(layout.screenful, 1);
});

test("pages are asked for once, and rows found in them", () => {
  /** @type {PageCache<string>} */
  const pages = new PageCache();
  assert.deepEqual(pages.claim(90, 210, 250), [0, 1, 2]);
  assert.deepEqual(pages.claim(90, 210, 250), []);
  assert.equal(pages.row(100), undefined);
  pages.put(1, ["first", "second"]);
  assert.deepEqual([pages.row(100), pages.row(101), pages.row(102)], ["first", "second", undefined]);
  assert.deepEqual([pageOf(99), pageOf(100)], [0, 1]);
  pages.put(2, Array(50).fill("of a last page"));
  assert.deepEqual(pages.claim(200, 250, 250), []);
  assert.deepEqual(new PageCache().claim(0, 1, 1), [0]);
});

test("a page that has grown is asked for again, and shows what it has until then", () => {
  /** @type {PageCache<number>} */
  const pages = new PageCache();
  pages.claim(0, 30, 30);
  pages.put(0, [...Array(30).keys()]);
  assert.deepEqual(pages.claim(0, 30, 30), []);
  assert.deepEqual(pages.claim(0, 40, 80), [0]);
  assert.equal(pages.row(7), 7);
  pages.clear();
  assert.equal(pages.row(7), undefined);
});

test("of forty pages and one, the farthest is forgotten", () => {
  /** @type {PageCache<number>} */
  const pages = new PageCache();
  for (let page = 0; page < 40; page++) pages.put(page, [page]);
  assert.equal(pages.row(0), 0);
  pages.put(40, [40]);
  assert.deepEqual([pages.row(0), pages.row(100), pages.row(4000)], [undefined, 1, 40]);
  pages.put(0, [0]);
  assert.deepEqual([pages.row(0), pages.row(4000)], [0, undefined]);
});
