// The keys of the viewer.

import { make } from "../common.js";

const LEGEND = {
  "/": "search",
  "n p": "next, previous match",
  "↑ ↓": "move",
  "d D": "next, previous discussion",
  t: "list of discussions",
  Enter: "open",
  c: "copy code",
  x: "show in context",
  Esc: "close",
};

/** @typedef {Record<string, (event: KeyboardEvent) => void>} Keys */

/** Return the legend of the keys. */
export function makeLegend() {
  const keys = Object.entries(LEGEND).map(([key, does]) => make("span", "", null, make("kbd", "", key), ` ${does}`));
  return make("div", "snb-note snb-view-keys", null, ...keys);
}

/**
 * Listen to the keys that are pressed in an element.
 *
 * @param {HTMLElement} root
 * @param {Map<EventTarget, Keys>} own The keys of single fields.
 * @param {Keys} others The keys elsewhere; on buttons and the like only "/" and Escape.
 */
export function listenToKeys(root, own, others) {
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = /** @type {HTMLElement} */ (event.target);
    const fields = own.get(target);
    const inControl = target.closest("select, button, summary, input, [role=tablist]") !== null;
    if (!fields && inControl && event.key !== "/" && event.key !== "Escape") return;
    const does = (fields ?? others)[event.key];
    if (!does) return;
    event.preventDefault();
    does(event);
  });
}

/**
 * Return the keys that move in a list.
 *
 * @param {{
 *   active: number, goTo: (place: number) => void, screenful: (step: 1 | -1) => number,
 * }} list
 * @returns {Keys}
 */
export function movesIn(list) {
  return {
    ArrowDown: () => list.goTo(list.active + 1),
    ArrowUp: () => list.goTo(list.active - 1),
    PageDown: () => list.goTo(list.screenful(1)),
    PageUp: () => list.goTo(list.screenful(-1)),
    Home: () => list.goTo(0),
    End: () => list.goTo(Number.POSITIVE_INFINITY),
  };
}
