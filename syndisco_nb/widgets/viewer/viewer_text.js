// The texts of the viewer that depend on its data. Nothing in this module touches the page.

/**
 * @typedef {[number: string, topic: string, condition: string]} Heading Of a discussion.
 * @typedef {[scale: string, how: "is" | "unread" | "split", value: string]} LabelChoice
 * @typedef {[name: string, labels: string[], unread: boolean, split: boolean]} ScaleInfo Whether any label of the
 *   scale could not be read, and whether annotators disagree on any.
 * @typedef {{ total: number, messages: number, tried: number, files: number, done: boolean }} Counts Messages that the
 *   filter lets through, messages in all, discussions that were read, discussions in all, and whether all were read.
 */

/** @param {number} value */
export const numberText = (value) => value.toLocaleString("en");

/**
 * Split a text at the hits of a search.
 *
 * @param {string} text
 * @param {string} query
 * @returns {[part: string, isHit: boolean][]}
 */
export function splitAtHits(text, query) {
  if (!query) return [[text, false]];
  const pattern = new RegExp(query.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"), "giu");
  /** @type {[string, boolean][]} */
  const parts = [];
  let end = 0;
  for (const hit of text.matchAll(pattern)) {
    parts.push([text.slice(end, hit.index), false], [hit[0], true]);
    end = hit.index + hit[0].length;
  }
  parts.push([text.slice(end), false]);
  return parts.filter(([part]) => part);
}

/**
 * Return the choices of a scale's labels, with the text of each.
 *
 * @param {ScaleInfo[]} scales
 * @returns {[LabelChoice, string][]}
 */
export function labelChoices(scales) {
  /** @type {LabelChoice[]} */
  const choices = scales.flatMap(([scale, labels, unread, split]) => [
    ...labels.map((value) => /** @type {LabelChoice} */ ([scale, "is", value])),
    ...(unread ? [/** @type {LabelChoice} */ ([scale, "unread", ""])] : []),
    ...(split ? [/** @type {LabelChoice} */ ([scale, "split", ""])] : []),
  ]);
  return choices.map((choice) => {
    const [scale, how, value] = choice;
    const text = how === "is" ? value : how === "unread" ? "no label" : "they disagree";
    return [choice, scale ? `${scale}: ${text}` : text];
  });
}

/** @param {Counts} counts */
export function countText({ total, messages, tried, files, done }) {
  const of = total === messages ? "" : ` of ${numberText(messages)}`;
  const reading = done ? "" : ` so far, reading discussion ${numberText(tried + 1)} of ${numberText(files)}`;
  return `${numberText(total)}${of} ${messages === 1 ? "message" : "messages"}${reading}`;
}

/**
 * Return how many hits a search has, and the number of the one that is shown.
 *
 * @param {number} hits
 * @param {boolean} done Whether all messages were read.
 * @param {number | null} current
 */
export function hitsText(hits, done, current) {
  if (!hits) return done ? "not found" : "searching …";
  if (current !== null) return `${numberText(current)} of ${numberText(hits)}`;
  return `${numberText(hits)} ${hits === 1 ? "hit" : "hits"}`;
}

/** @param {Heading} heading */
export function optionText([number, topic, condition]) {
  return `${condition ? `${condition} · ` : ""}${number} · ${topic || "no topic"}`;
}

/** @param {Heading} heading */
export function headingText([number, topic, condition]) {
  return `${condition ? `${condition} · ` : ""}Discussion ${number} · ${topic || "no topic"}`;
}

/**
 * Return where a message stands: its condition, its discussion where there are several, and its turn.
 *
 * @param {{ role: string, turn: number }} message
 * @param {Heading | undefined} heading
 * @param {boolean} several
 */
export function placeText({ role, turn }, heading, several) {
  const [number, , condition] = heading ?? [];
  const parts = [condition, several ? `discussion ${number}` : "", role === "opening" ? "" : `turn ${turn}`];
  return parts.filter(Boolean).join(" · ");
}
