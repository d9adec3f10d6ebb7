// The keys and counts of labelling by hand. Nothing in this module touches the page.

/** @typedef {"skip" | "undo" | "back" | "forward" | "go_on" | "again" | "reveal"} LabellerAction */

/** @type {Record<string, LabellerAction>} */
const ACTIONS = {
  s: "skip",
  u: "undo",
  Backspace: "undo",
  ArrowLeft: "back",
  ArrowRight: "forward",
  Enter: "go_on",
  k: "again",
  r: "reveal",
};

/**
 * Return what a key does, unless it is that of a label.
 *
 * @param {string} key
 * @returns {LabellerAction | undefined}
 */
export function actionOfKey(key) {
  return Object.hasOwn(ACTIONS, key) ? ACTIONS[key] : undefined;
}

/**
 * Return a number with its noun.
 *
 * @param {number} number
 * @param {string} noun
 */
export function countText(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/**
 * Return what is left when nothing but skipped labels is.
 *
 * @param {number} skipped
 */
export function restText(skipped) {
  return `${countText(skipped, "skipped label")} ${skipped === 1 ? "is" : "are"} left.`;
}
