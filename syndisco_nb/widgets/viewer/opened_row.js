// The row that is open, of which there is at most one.

/** @import { Comment, Details, Silences } from "./message_row.js" */

export class OpenedRow {
  /** @type {number | null} */
  #place = null;
  /** @type {Details[] | null} */
  #details = null;
  #ask;
  #redraw;

  /**
   * @param {(kind: string, rest: object) => Promise<any>} ask Asks the kernel.
   * @param {(place: number) => void} redraw Draws a row anew.
   */
  constructor(ask, redraw) {
    this.#ask = ask;
    this.#redraw = redraw;
  }

  /**
   * Return the details of a row; null if it is not open, or they are not here yet.
   *
   * @param {number} place
   */
  details(place) {
    return place === this.#place ? this.#details : null;
  }

  /**
   * Open a row, or close it if it is open.
   *
   * @param {number} place
   * @param {Comment | Silences | undefined} item
   */
  async toggle(place, item) {
    const wasOpen = this.#place === place;
    this.close();
    if (!item || wasOpen) return;
    this.#place = place;
    const { details } = await this.#ask("open", { numbers: item.silent ?? [item.number] });
    if (this.#place !== place) return;
    this.#details = details;
    this.#redraw(place);
  }

  close() {
    const place = this.#place;
    this.forget();
    if (place !== null) this.#redraw(place);
  }

  /** Close the row without drawing it. */
  forget() {
    this.#place = this.#details = null;
  }
}
