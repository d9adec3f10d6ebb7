// The texts of the viewer that depend on its data. Nothing in this module touches the page.

/**
 * @typedef {{
 *   number: string, topic: string, condition: string, first: number, turns: number, unfinished: string,
 *   comments: number, silences: number, cut_off: number, means: Record<string, number>, strip: (string | null)[],
 * }} Heading The facts of a discussion: the number of its first message, its last turn, how far it came if it is
 *   unfinished, mean labels by scale, and the looks of its speakers, stretch by stretch.
 * @typedef {[scale: string, how: "is" | "unread" | "split", value: string]} LabelChoice
 * @typedef {[name: string, labels: string[], unread: boolean, split: boolean]} ScaleInfo Whether any label of the
 *   scale could not be read, and whether annotators disagree on any.
 * @typedef {{ chosen: number, messages: number, tried: number, files: number, done: boolean }} Counts Messages that the
 *   filter lets through, messages in all, discussions that were read, discussions in all, and whether all were read.
 */

/** @param {number} value */
export const numberText = (value) => value.toLocaleString("en");

/**
 * Split a text at the matches of a search.
 *
 * @param {string} text
 * @param {string} query
 * @returns {[part: string, isMatch: boolean][]}
 */
export function splitAtMatches(text, query) {
  if (!query) return [[text, false]];
  const pattern = new RegExp(query.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"), "giu");
  /** @type {[string, boolean][]} */
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    parts.push([text.slice(end, match.index), false], [match[0], true]);
    end = match.index + match[0].length;
  }
  parts.push([text.slice(end), false]);
  return parts.filter(([part]) => part);
}

/**
 * Return whether a text in the search field may be the address of a message, such as "run[1].comments[2]".
 *
 * @param {string} query
 */
export const mayBeAddress = (query) => /^\s*[\p{L}_][\p{L}\d_]*[.[].*\]\s*$/u.test(query);

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
    const text = how === "is" ? value : how === "unread" ? "unparsed" : "disagreement";
    return [choice, scale ? `${scale}: ${text}` : text];
  });
}

/** @param {Counts} counts */
export function countText({ chosen, messages, tried, files, done }) {
  const of = chosen === messages ? "" : ` of ${numberText(messages)}`;
  const reading = done ? "" : ` so far, reading discussion ${numberText(tried + 1)} of ${numberText(files)}`;
  return `${numberText(chosen)}${of} ${messages === 1 ? "message" : "messages"}${reading}`;
}

/**
 * Return how many matches a search has, and the number of the one that is shown.
 *
 * @param {number} matches
 * @param {boolean} done Whether all messages were read.
 * @param {number | null} current
 */
export function matchesText(matches, done, current) {
  if (!matches) return done ? "no matches" : "searching …";
  if (current !== null) return `${numberText(current)} of ${numberText(matches)}`;
  return `${numberText(matches)} ${matches === 1 ? "match" : "matches"}`;
}

/** @param {Heading} heading */
export function optionText({ number, topic, condition }) {
  return `${condition ? `${condition} · ` : ""}${number} · ${topic || "no topic"}`;
}

/**
 * Return where a message stands in its discussion.
 *
 * @param {{ turn: number, until?: number }} message
 * @param {Heading | undefined} heading
 */
export function positionText({ turn, until = turn }, heading) {
  if (!turn && !until) return heading ? `opening · ${heading.turns} turns` : "opening";
  return (until > turn ? `turns ${turn}–${until}` : `turn ${turn}`) + (heading ? ` of ${heading.turns}` : "");
}

/**
 * Return the name of a message for a screen reader: its speaker, discussion and turn.
 *
 * @param {string} who
 * @param {{ turn: number, until?: number }} message
 * @param {Heading | undefined} heading Of its discussion, where there are several.
 */
export function labelText(who, message, heading) {
  const { condition = "", number = "" } = heading ?? {};
  return [who, condition, heading ? `discussion ${number}` : "", positionText(message, undefined)]
    .filter(Boolean)
    .join(", ");
}
