// The pages of rows that have come from the kernel. Nothing in this module touches the page of the browser.

const PAGE = 100; // rows; as in viewer.py
const KEPT = 40; // pages
const AHEAD = 60; // rows beyond those needed that are asked for

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

/**
 * The rows of a list, which come from the kernel when they are needed.
 *
 * @template Row
 * @extends {PageCache<Row>}
 */
export class KernelPages extends PageCache {
  #ask;
  #onPage;
  #version = 0; // a page that was asked for before the last `restart` comes too late

  /**
   * @param {(page: number) => Promise<Row[]>} ask Asks the kernel for a page.
   * @param {(page: number) => void} onPage Called with a page that has come.
   */
  constructor(ask, onPage) {
    super();
    this.#ask = ask;
    this.#onPage = onPage;
  }

  /**
   * Have rows, and others around them, come.
   *
   * @param {number} first
   * @param {number} end
   * @param {number} total The number of all rows.
   */
  async fetch(first, end, total) {
    const version = this.#version;
    const pages = this.claim(Math.max(0, first - AHEAD), Math.min(total, end + AHEAD), total);
    for (const [page, coming] of pages.map((page) => /** @type {const} */ ([page, this.#ask(page)]))) {
      const rows = await coming;
      if (version !== this.#version) return;
      this.put(page, rows);
      this.#onPage(page);
    }
  }

  /**
   * Begin with the rows of another filter.
   *
   * @param {number} place
   * @param {Row[]} rows Of the page of that place.
   */
  restart(place, rows) {
    this.#version++;
    this.clear();
    if (rows.length) this.put(pageOf(place), rows);
  }
}
