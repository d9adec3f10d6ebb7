// The window on many rows: where each row is, which rows are in sight, and which pages of them are here.
// Nothing in this module touches the page.

const PAGE = 100; // rows; as in viewer.py
const KEPT = 40; // pages
const SPARE = 4; // rows drawn beyond either edge, so that a slow scroll never shows an empty one
const TALLEST = 8_000_000; // pixels; browsers cut off taller elements

/**
 * The places of rows in a scrolled list. All have one height, but for one that may be open.
 *
 * Where the rows are taller than an element can be, the scroll bar moves through them in larger steps.
 */
export class RowLayout {
  total = 0;
  height = 96;
  /** @type {number | null} The place of the open row. */
  opened = null;
  /** How much taller the open row is than the others. */
  extra = 0;

  #list;

  /** @param {{ scrollTop: number, clientHeight: number }} list The element that scrolls. */
  constructor(list) {
    this.#list = list;
  }

  /** The height of what scrolls in the list. */
  get scrollHeight() {
    return Math.min(this.#whole, TALLEST);
  }

  /** The pixel of the rows at the upper edge of the list. */
  get offset() {
    return this.#list.scrollTop * this.#scale;
  }

  /** Give all rows one height. */
  close() {
    this.opened = null;
    this.extra = 0;
  }

  /** @param {number} place */
  top(place) {
    return place * this.height + (this.opened !== null && place > this.opened ? this.extra : 0);
  }

  /**
   * Return where a row is drawn in the element that scrolls.
   *
   * @param {number} place
   */
  drawnTop(place) {
    return this.top(place) - this.offset + this.#list.scrollTop;
  }

  /**
   * Return the place of the row at a pixel.
   *
   * @param {number} pixel
   */
  at(pixel) {
    if (this.opened === null || pixel < this.top(this.opened)) return Math.floor(pixel / this.height);
    return Math.max(this.opened, Math.floor((pixel - this.extra) / this.height));
  }

  /** @returns {[number, number]} The first row to draw, and the one after the last. */
  get range() {
    const first = Math.max(0, this.at(this.offset) - SPARE);
    return [first, Math.min(this.total, this.at(this.offset + this.#list.clientHeight) + SPARE + 1)];
  }

  /** The number of whole rows that fit into the list, but for one; at least 1. */
  get screenful() {
    return Math.max(1, Math.floor(this.#list.clientHeight / this.height) - 1);
  }

  /**
   * Return whether a part of a row is in sight.
   *
   * @param {number} place
   */
  inSight(place) {
    return this.top(place + 1) > this.offset && this.top(place) < this.offset + this.#list.clientHeight;
  }

  /**
   * Scroll as little as brings a row into sight; a row taller than the list from its top.
   *
   * @param {number} place
   * @param {boolean} [centred] Whether a row that was out of sight goes to the upper third.
   */
  reveal(place, centred = false) {
    const [top, bottom, room] = [this.top(place), this.top(place + 1), this.#list.clientHeight];
    const above = top < this.offset;
    if (!above && Math.min(bottom, top + room) <= this.offset + room) return;
    const target = centred ? top - room / 3 : above ? top : bottom - room;
    this.#list.scrollTop = target / this.#scale;
  }

  get #whole() {
    return this.total * this.height + this.extra;
  }

  get #scale() {
    const room = this.#list.clientHeight;
    return Math.max(1, (this.#whole - room) / Math.max(1, this.scrollHeight - room));
  }
}

/**
 * Rows from the kernel, by pages. Those farthest from the last one that came are forgotten.
 *
 * @template Row
 */
export class PageCache {
  /** @type {Map<number, { rows: Row[], expected: number }>} */
  #pages = new Map();

  /**
   * @param {number} place
   * @returns {Row | undefined}
   */
  row(place) {
    return this.#pages.get(Math.floor(place / PAGE))?.rows[place % PAGE];
  }

  /**
   * Return the pages of some rows that are neither here nor on their way; from now on they are on their way.
   *
   * @param {number} first
   * @param {number} end
   * @param {number} total The number of rows; a page that was not full may have grown.
   */
  claim(first, end, total) {
    const wanted = [];
    for (let page = Math.floor(first / PAGE); page * PAGE < end; page++) {
      const known = this.#pages.get(page) ?? { rows: [], expected: 0 };
      const expected = Math.min(PAGE, total - page * PAGE);
      if (known.expected >= expected) continue;
      this.#pages.set(page, { ...known, expected });
      wanted.push(page);
    }
    return wanted;
  }

  /**
   * Keep the rows of a page.
   *
   * @param {number} page
   * @param {Row[]} rows
   */
  put(page, rows) {
    this.#pages.set(page, { rows, expected: rows.length });
    if (this.#pages.size <= KEPT) return;
    const distance = (/** @type {number} */ other) => Math.abs(other - page);
    this.#pages.delete([...this.#pages.keys()].reduce((far, other) => (distance(other) > distance(far) ? other : far)));
  }

  /** Forget all pages. */
  clear() {
    this.#pages.clear();
  }
}

/**
 * Return the number of the page that holds a row.
 *
 * @param {number} place
 */
export function pageOf(place) {
  return Math.floor(place / PAGE);
}
