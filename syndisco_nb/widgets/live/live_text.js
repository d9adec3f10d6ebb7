// The texts of the live view that depend on its data. Nothing in this module touches the page.

/**
 * @typedef {object} Head The traits `head` of live_view.py.
 * @property {string} folder
 * @property {string} status
 * @property {string} word The status in words.
 * @property {string} title
 * @property {number} share Of all turns, from 0 to 1.
 * @property {[string, string][]} facts
 * @property {string} note
 * @property {boolean} warning Whether the note is one.
 * @property {string} trouble What cannot be read.
 * @property {boolean} here Whether the run is one of the kernel's own process.
 * @property {boolean} talks Whether it makes discussions, not annotations.
 * @property {boolean} single Whether it makes only one.
 * @property {number} under_way
 * @property {boolean} going Whether it goes on.
 *
 * @typedef {object} Line One comment, silence, or labelled comment.
 * @property {number} index
 * @property {string} name
 * @property {string} face
 * @property {string} classes
 * @property {string} border
 * @property {string} role
 * @property {string} badge
 * @property {boolean} silent
 * @property {string} text
 * @property {string} label
 *
 * @typedef {{ condition: string, unit: string, title: string }} Unit One discussion, or annotation of one.
 *
 * @typedef {object} Card One discussion, or annotation of one.
 * @property {string} condition
 * @property {string} unit
 * @property {string} title
 * @property {string} topic
 * @property {string} turn
 * @property {number | null} share Of its turns, from 0 to 1; null if their number is not known.
 * @property {string} state
 * @property {Line[]} said The last lines.
 * @property {Line | null} writing By whoever is being asked.
 *
 * @typedef {{ condition: string, status: string, word: string, share: number, finished: string, failed: number }} ConditionRow
 * @typedef {[unit: string, reason: string, attempt: string]} FailureRow
 */

/** @param {Head} head */
export const titleText = (head) => head.title || (head.going ? "Starting …" : "Not started");

/**
 * Return the warning: why the last button did nothing, and how the run ended if not as planned.
 *
 * @param {Head} head
 * @param {string} failed
 */
export const warningText = (head, failed) => [failed, head.warning ? head.note : ""].filter(Boolean).join("\n");

/** @param {Card} card */
export const turnText = (card) => (isInProgress(card) ? card.turn : `${card.turn}, ${card.state}`);

/** @param {ConditionRow} row */
export const stateText = (row) => (row.failed ? `${row.word}, ${row.failed} failed` : row.word);

/**
 * Return how many discussions are in progress, but not among the cards; "" if none is.
 *
 * @param {Head} head
 * @param {Card[]} cards
 */
export function moreText(head, cards) {
  const rest = (head.under_way ?? 0) - cards.filter(isInProgress).length;
  return rest > 0 ? `and ${rest.toLocaleString("en")} more in progress` : "";
}

/**
 * Return how many failed: all of them, of which `failures` has the last.
 *
 * @param {Head} head
 * @param {FailureRow[]} failures
 */
export function failedText(head, failures) {
  const [, total] = head.facts?.find(([name]) => name === "failed") ?? [];
  return `${total ?? failures.length} failed`;
}

/** @param {Card} card */
export const isInProgress = (card) => card.state === "in progress";

/** @param {Card} card */
export const isSkipped = (card) => card.state === "skipped";

/**
 * Return what tells a discussion from all others.
 *
 * @param {Pick<Unit, "condition" | "unit">} of
 */
export const cardKey = ({ condition, unit }) => `${condition}/${unit}`;

/**
 * Return what tells a line of a discussion from all others: a comment may be labelled on several scales.
 *
 * @param {Line} line
 */
export const lineKey = (line) => `${line.index} ${line.name} ${line.label}`;
