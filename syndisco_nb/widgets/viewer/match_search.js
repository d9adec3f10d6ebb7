// The matches of the search: how many there are, and the way from one to the next.

import { matchesText } from "./viewer_text.js";

/**
 * Return the search.
 *
 * @param {(kind: string, rest: object) => Promise<any>} ask Asks the kernel.
 * @param {{ filter: { query: string } }} shown The filter, which its owner keeps up to date.
 * @param {{ matches: HTMLElement, previous: HTMLButtonElement, next: HTMLButtonElement }} tools
 * @param {object} list
 * @param {number} list.here The reader's place.
 * @param {(place: number, how: { centred: boolean, focus: boolean }) => void} list.goTo
 */
export function makeSearch(ask, shown, { matches, previous, next }, list) {
  const found = { matches: 0, done: false };
  /** @type {number | null} The number of the match that is shown. */
  let current = null;

  function show() {
    matches.textContent = shown.filter.query ? matchesText(found.matches, found.done, current) : "";
    previous.disabled = next.disabled = !found.matches;
  }

  /**
   * Go to a match.
   *
   * @param {1 | 0 | -1} step 1 for the next match, 0 for the first from here on, -1 for the previous one.
   * @param {boolean} [focus]
   */
  async function go(step, focus = false) {
    const { filter } = shown;
    const answer = await ask("match", { filter, place: list.here, step });
    if (shown.filter !== filter || answer.place === undefined) return;
    current = answer.number;
    show();
    list.goTo(answer.place, { centred: true, focus });
  }

  previous.addEventListener("click", () => go(-1));
  next.addEventListener("click", () => go(1));

  return {
    go,
    /**
     * Show how many matches there are.
     *
     * @param {{ matches: number, done: boolean }} counts
     */
    update(counts) {
      Object.assign(found, { matches: counts.matches, done: counts.done });
      show();
    },
    /** Begin with another filter. */
    restart() {
      current = null;
    },
  };
}
