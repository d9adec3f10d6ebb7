// The part of a list that scrolls.

const REST = 150; // milliseconds without a scroll until the list rests

/** The part of a list that scrolls, without a line at its upper edge that does not. */
export class ScrollArea {
  #list;
  #taken;
  #resting = 0;

  /**
   * @param {HTMLElement} list
   * @param {() => number} taken Returns the pixels that the line takes.
   */
  constructor(list, taken) {
    this.#list = list;
    this.#taken = taken;
  }

  get scrollTop() {
    return this.#list.scrollTop;
  }

  set scrollTop(pixels) {
    this.#list.scrollTop = pixels;
  }

  get clientHeight() {
    return this.#list.clientHeight - this.#taken();
  }

  get hidden() {
    return !this.#list.clientHeight;
  }

  /**
   * Listen to scrolls, and to their end.
   *
   * @param {() => void} onScroll
   * @param {() => void} onRest
   */
  listen(onScroll, onRest) {
    const heard = () => {
      onScroll();
      clearTimeout(this.#resting);
      this.#resting = window.setTimeout(() => {
        if (!this.hidden) onRest();
      }, REST);
    };
    this.#list.addEventListener("scroll", heard, { passive: true });
  }
}
