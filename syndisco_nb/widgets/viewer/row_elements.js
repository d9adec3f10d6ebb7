// The elements of the rows in sight.

import { make } from "../common.js";

/** Articles in a list, by the places of their rows. */
export class RowElements {
  /** @type {Map<number, HTMLElement>} */
  #drawn = new Map();
  #ground;
  #fill;
  #sizes;

  /**
   * @param {HTMLElement} ground What holds them.
   * @param {(article: HTMLElement, place: number) => void} fill Draws a row, unless it is drawn already.
   * @param {(resized: number[]) => void} onResized Called with the places of rows that may have changed their heights.
   */
  constructor(ground, fill, onResized) {
    this.#ground = ground;
    this.#fill = fill;
    this.#sizes = new ResizeObserver((entries) => {
      const places = new Map([...this.#drawn].map(([place, article]) => [/** @type {Element} */ (article), place]));
      onResized(entries.map(({ target }) => places.get(target)).filter((place) => place !== undefined));
    });
  }

  /** @returns {IterableIterator<[place: number, article: HTMLElement]>} */
  [Symbol.iterator]() {
    return this.#drawn.entries();
  }

  /** @param {number} place */
  get(place) {
    return this.#drawn.get(place);
  }

  /**
   * Return the place of the row that holds an element.
   *
   * @param {Node} element
   */
  placeOf(element) {
    return [...this].find(([, article]) => article.contains(element))?.[0];
  }

  /**
   * Return the places of rows with their heights in pixels; rows without elements are left out.
   *
   * @param {Iterable<number>} places
   * @returns {[place: number, height: number][]}
   */
  heights(places) {
    return [...places].flatMap((place) => {
      const article = this.#drawn.get(place);
      return article ? [[place, article.getBoundingClientRect().height]] : [];
    });
  }

  /**
   * Have elements for some rows, and for the one that has the focus.
   *
   * @param {number} first
   * @param {number} end
   * @param {number} total The number of all rows.
   */
  keep(first, end, total) {
    for (const [place, article] of this)
      if (place >= total || ((place < first || place >= end) && !article.contains(document.activeElement)))
        this.#remove(place, article);
    for (let place = first; place < end; place++) if (!this.#drawn.has(place)) this.#insert(place);
  }

  /** @param {number} place */
  fill(place) {
    const article = this.#drawn.get(place);
    if (article) this.#fill(article, place);
  }

  /**
   * Listen to what a reader does in the rows.
   *
   * @param {HTMLElement} ground
   * @param {object} heard
   * @param {(place: number) => void} heard.onClick
   * @param {(place: number) => void} heard.onFocus
   * @param {(does: string, place: number, code?: string) => void} heard.onAction Called with what a button in a row
   *   does, and the address of its message.
   */
  listen(ground, { onClick, onFocus, onAction }) {
    ground.addEventListener("click", (event) => {
      const target = /** @type {HTMLElement} */ (event.target);
      const place = this.placeOf(target);
      if (place === undefined) return;
      const { does, code } = /** @type {HTMLElement | null} */ (target.closest("[data-does]"))?.dataset ?? {};
      if (!target.closest("summary, .snb-view-more") && !String(getSelection())) onClick(place);
      if (does) onAction(does, place, code);
    });
    ground.addEventListener("focusin", (event) => {
      const place = this.placeOf(/** @type {Node} */ (event.target));
      if (place !== undefined) onFocus(place);
    });
  }

  /** Remove all. */
  clear() {
    for (const [place, article] of this) this.#remove(place, article);
  }

  /** Stop watching sizes. */
  disconnect() {
    this.#sizes.disconnect();
  }

  /** @param {number} place */
  #insert(place) {
    const article = make("article", "snb-view-row");
    this.#fill(article, place);
    this.#drawn.set(place, article);
    const later = [...this.#drawn.keys()].filter((other) => other > place);
    const next = later.length ? this.#drawn.get(Math.min(...later)) : null;
    this.#ground.insertBefore(article, next ?? null); // screen readers go by the order of the elements
    this.#sizes.observe(article);
  }

  /**
   * @param {number} place
   * @param {HTMLElement} article
   */
  #remove(place, article) {
    this.#sizes.unobserve(article);
    article.remove();
    this.#drawn.delete(place);
  }
}
