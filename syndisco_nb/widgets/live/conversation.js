// What is being said in a discussion, as a list that grows at its end.

import { make, makeFace, setText } from "../common.js";
import { lineKey } from "./live_text.js";

/** @import { Line } from "./live_text.js" */

/**
 * Show the lines that the list does not have yet.
 *
 * @param {HTMLElement} list
 * @param {Line[]} lines
 * @param {boolean} anew Whether to begin with an empty list.
 */
export function growConversation(list, lines, anew) {
  if (anew) list.replaceChildren();
  const known = new Set([...list.children].map((item) => /** @type {HTMLElement} */ (item).dataset.key));
  for (const line of lines) {
    if (known.has(lineKey(line))) continue;
    const item = makeLine(line);
    item.dataset.key = lineKey(line);
    if (!anew) item.classList.add("snb-live-new");
    list.append(item);
  }
}

/**
 * Keep only the last lines.
 *
 * @param {HTMLElement} list
 * @param {number} count
 */
export function shortenConversation(list, count) {
  while (list.querySelectorAll(":scope > [data-key]").length > count) list.firstChild?.remove();
}

/**
 * Show below all lines who is being asked, and what they have written by now.
 *
 * @param {HTMLElement} list
 * @param {Line | null} writing
 */
export function showWriting(list, writing) {
  let item = /** @type {HTMLElement | null} */ (list.querySelector(":scope > .snb-live-writing"));
  if (!writing) {
    item?.remove();
    return;
  }
  if (item?.dataset.by !== writing.name) {
    item?.remove();
    item = makeLine(writing);
    item.classList.add("snb-live-writing");
    item.dataset.by = writing.name;
  }
  if (list.lastChild !== item) list.append(item);
  const text = item.querySelector(".snb-say");
  if (text) setText(text, `${writing.text}…`);
}

/** @param {Line} line */
function makeLine(line) {
  const name = make("bdi", "", line.name);
  if (line.silent) return make("li", "snb-live-said snb-live-silent", null, name, " is silent");
  const by = make("div", "snb-by", null, makeFace(line.face), make("span", "snb-name", null, name));
  if (line.badge) by.append(make("span", "snb-badge", line.badge));
  if (line.label) by.append(make("span", "snb-answer", null, make("bdi", "", line.label)));
  const text = make("div", "snb-say", line.text);
  text.dir = "auto";
  const item = make("li", `snb-live-said snb-${line.role} ${line.classes}`, null, by, text);
  item.style.borderLeft = line.border;
  return item;
}
