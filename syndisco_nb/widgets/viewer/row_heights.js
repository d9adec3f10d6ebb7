// The heights of many rows: measured ones, and an estimate for all others. Nothing in this module touches the page.

const BLOCK = 200; // rows whose sum is kept
const FIRST_ESTIMATE = 60; // pixels

/** Heights of rows, in pixels, and the places that follow from them. */
export class RowHeights {
  total = 0;
  #estimate = FIRST_ESTIMATE;
  /** @type {Map<number, number>} The measured heights, by place. */
  #measured = new Map();
  /** @type {Map<number, { sum: number, rows: number }>} The sum of the measured heights of each block of rows. */
  #blocks = new Map();

  /** The height of all rows. */
  get whole() {
    return this.top(this.total);
  }

  /** @param {number} place */
  isMeasured(place) {
    return this.#measured.has(place);
  }

  /** @param {number} place */
  height(place) {
    return this.#measured.get(place) ?? this.#estimate;
  }

  /**
   * Note the measured height of a row; return whether it differs from the one so far.
   *
   * @param {number} place
   * @param {number} height
   */
  measure(place, height) {
    const known = this.#measured.get(place);
    const changes = height !== this.height(place);
    if (known === height) return false;
    this.#measured.set(place, height);
    const number = Math.floor(place / BLOCK);
    const block = this.#blocks.get(number) ?? { sum: 0, rows: 0 };
    block.sum += height - (known ?? 0);
    block.rows += known === undefined ? 1 : 0;
    this.#blocks.set(number, block);
    return changes;
  }

  /**
   * Return the pixel at which a row begins.
   *
   * @param {number} place
   */
  top(place) {
    const whole = Math.floor(place / BLOCK);
    let top = whole * BLOCK * this.#estimate;
    for (const [number, { sum, rows }] of this.#blocks) if (number < whole) top += sum - rows * this.#estimate;
    for (let other = whole * BLOCK; other < place; other++) top += this.height(other);
    return top;
  }

  /**
   * Return the place of the row at a pixel; of the first, or the last, if there is none.
   *
   * @param {number} pixel
   */
  at(pixel) {
    let [first, end] = [0, Math.max(1, this.total)];
    while (end - first > 1) {
      const middle = (first + end) >> 1;
      if (this.top(middle) <= pixel) first = middle;
      else end = middle;
    }
    return first;
  }

  /** Estimate the heights of all other rows by the mean of the measured ones. */
  learn() {
    if (!this.#measured.size) return;
    let sum = 0;
    for (const block of this.#blocks.values()) sum += block.sum;
    this.#estimate = sum / this.#measured.size;
  }

  /** Forget what was measured, but for the estimate: the rows are other ones, or the list has another width. */
  forget() {
    this.#measured.clear();
    this.#blocks.clear();
  }
}
