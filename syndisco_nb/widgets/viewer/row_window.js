// The window on many rows: which rows are in sight, and where they are drawn, while their heights become known.
// Nothing in this module touches the page but the two elements it is given.
//
// One row is the anchor. When a height turns out to differ from its estimate, the anchor stays where it is in sight, so
// nothing that is being read moves. What scrolls (`ground`) may then disagree with the estimated places of the rows by
// some pixels, which the reader does not notice. `settle` mends that, once the list has come to rest.

import { RowHeights } from "./row_heights.js";

const SPARE = 400; // pixels of rows that are drawn beyond either edge, so that a scroll never shows an empty one
const TALLEST = 8_000_000; // pixels; browsers cut off taller elements
const FAR = 3; // screens; a scroll by more is a jump of the scroll bar, not a movement of the rows in sight

export class RowWindow {
  heights = new RowHeights();
  /** Pixels at the upper edge that something else covers. */
  covered = 0;

  #list;
  #ground;
  #anchor = 0; // a place
  #edge = 0; // where the top of the anchor is, in pixels below the upper edge of the list
  #scrolled = 0; // the `scrollTop` for which that holds
  #atEnd = false; // whether the reader has jumped to the end

  /**
   * @param {{ scrollTop: number, clientHeight: number }} list The element that scrolls.
   * @param {{ style: { height: string } }} ground The element in it that holds the rows.
   */
  constructor(list, ground) {
    this.#list = list;
    this.#ground = ground;
  }

  /** The pixel of the rows at the upper edge of the list. */
  get offset() {
    return this.heights.top(this.#anchor) - this.#edge;
  }

  /** @returns {[number, number]} The first row to draw, and the one after the last. */
  get range() {
    const { offset, heights } = this;
    if (!heights.total) return [0, 0];
    return [heights.at(offset - SPARE), heights.at(offset + this.#list.clientHeight + SPARE) + 1];
  }

  /** The place of the first row that is in sight, and not covered. */
  get top() {
    return this.heights.at(this.offset + this.covered);
  }

  /**
   * Return where a row is, in pixels below the upper edge of the list.
   *
   * @param {number} place
   */
  edge(place) {
    return this.heights.top(place) - this.offset;
  }

  /**
   * Return where a row is drawn in the element that scrolls.
   *
   * @param {number} place
   */
  drawnTop(place) {
    return this.#scrolled + this.edge(place);
  }

  /**
   * Return whether a part of a row is in sight.
   *
   * @param {number} place
   */
  inSight(place) {
    const edge = this.edge(place);
    return edge + this.heights.height(place) > this.covered && edge < this.#list.clientHeight;
  }

  /** Move the rows by as much as the list was scrolled. */
  follow() {
    const { scrollTop, clientHeight } = this.#list;
    const moved = scrollTop - this.#scrolled;
    this.#scrolled = scrollTop;
    if (moved) this.#atEnd = false;
    if (Math.abs(moved) <= FAR * clientHeight) {
      this.#edge -= moved;
      return;
    }
    this.#atEnd = scrollTop >= this.#room - 1;
    const offset = scrollTop * this.#scale;
    this.#anchor = this.heights.at(offset);
    this.#edge = this.heights.top(this.#anchor) - offset;
  }

  /**
   * Have a row at some pixels below the upper edge of the list.
   *
   * @param {number} place
   * @param {number} edge
   */
  put(place, edge) {
    this.#atEnd = false;
    this.#anchor = place;
    this.#edge = edge;
  }

  /**
   * Bring a row into sight by moving as little as it takes; a row taller than the list from its top.
   *
   * @param {number} place
   * @param {boolean} [centred] Whether a row that was out of sight goes to the upper third.
   */
  reveal(place, centred = false) {
    const room = this.#list.clientHeight;
    const [edge, height] = [this.edge(place), this.heights.height(place)];
    const lowest = Math.max(this.covered, room - height);
    if (edge >= this.covered && edge <= lowest) return;
    if (centred && !this.inSight(place)) this.put(place, Math.max(this.covered, room / 3));
    else this.put(place, edge < this.covered ? this.covered : lowest);
  }

  /**
   * Note the heights of rows.
   *
   * @param {Iterable<[place: number, height: number]>} measured
   * @returns {boolean} Whether any differs from what was known.
   */
  measure(measured) {
    let changed = false;
    for (const [place, height] of measured) changed = this.heights.measure(place, height) || changed;
    return changed;
  }

  /**
   * Have the first row in sight as the anchor, no gap above the first row and none below the last one.
   *
   * @returns {boolean} Whether the rows have moved.
   */
  align() {
    const { heights } = this;
    const above = Math.max(0, -this.offset);
    const below = this.#list.clientHeight - (heights.whole - this.offset);
    const moved = above ? -above : this.#atEnd ? below : Math.max(0, Math.min(below, this.offset));
    this.#edge += moved;
    const { offset } = this;
    let place = heights.at(offset);
    while (place + 1 < heights.total && !heights.isMeasured(place) && this.edge(place + 1) < this.#list.clientHeight)
      place++;
    if (!heights.isMeasured(place)) place = heights.at(offset);
    this.#edge = heights.top(place) - offset;
    this.#anchor = place;
    const bar = this.#list.scrollTop;
    const [atStart, atEnd] = [offset <= 0, offset >= heights.whole - this.#list.clientHeight - 1];
    const stuck = (bar <= 0 && !atStart) || (bar >= this.#room && !atEnd); // there is more, but no way to scroll to it
    if (moved || stuck) this.settle();
    else this.#stretch();
    return Boolean(moved);
  }

  /** Have the scroll bar say where the rows are, by what is known of the heights now. */
  settle() {
    this.heights.learn();
    this.#ground.style.height = `${this.#tall}px`;
    this.#list.scrollTop = this.offset / this.#scale;
    this.#scrolled = this.#list.scrollTop;
  }

  /** Have the ground end where the last row does. */
  #stretch() {
    const drift = this.#scrolled - this.offset;
    this.#ground.style.height = `${this.#scale > 1 ? TALLEST : this.#tall + drift}px`;
  }

  get #tall() {
    return Math.min(this.heights.whole, TALLEST);
  }

  /** The largest `scrollTop`. */
  get #room() {
    return Number.parseFloat(this.#ground.style.height) - this.#list.clientHeight;
  }

  get #scale() {
    const room = this.#list.clientHeight;
    return Math.max(1, (this.heights.whole - room) / Math.max(1, this.#tall - room));
  }
}
