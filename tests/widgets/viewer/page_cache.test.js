import assert from "node:assert/strict";
import { test } from "node:test";
import { KernelPages, PageCache, pageOf } from "../../../syndisco_nb/widgets/viewer/page_cache.js";

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

test("rows come from the kernel once, with those around them, unless the list begins anew meanwhile", async () => {
  /** @type {number[]} */
  const asked = [];
  /** @type {number[]} */
  const come = [];
  /** @type {KernelPages<string>} */
  const pages = new KernelPages(
    async (page) => {
      asked.push(page);
      return Array(100).fill(`of ${page}`);
    },
    (page) => come.push(page),
  );
  await pages.fetch(150, 160, 1000);
  assert.deepEqual([asked, come, pages.row(150)], [[0, 1, 2], [0, 1, 2], "of 1"]);
  const late = pages.fetch(500, 510, 1000);
  pages.restart(250, ["first"]);
  await late;
  assert.deepEqual([come, pages.row(505), pages.row(200)], [[0, 1, 2], undefined, "first"]);
});
