// Progress bars: of the run, of a condition and of a discussion.

import { make } from "../common.js";

/**
 * Return a progress bar, and the function that sets it.
 *
 * @param {string} label
 */
export function makeBar(label) {
  const fill = make("i");
  const bar = make("div", "snb-live-bar", null, fill);
  bar.setAttribute("role", "progressbar");
  bar.setAttribute("aria-label", label);
  bar.setAttribute("aria-valuemin", "0");
  bar.setAttribute("aria-valuemax", "100");
  return {
    element: bar,
    /**
     * @param {number} share From 0 to 1.
     * @param {string} text
     * @param {boolean} moves Whether it goes on.
     */
    set(share, text, moves) {
      fill.style.width = `${100 * share}%`;
      bar.setAttribute("aria-valuenow", String(Math.round(100 * share)));
      bar.setAttribute("aria-valuetext", text);
      bar.classList.toggle("snb-live-still", !moves);
    },
  };
}
