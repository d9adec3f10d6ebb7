// The list of discussions: its columns, their texts, and the order. Nothing in this module touches the page.

/**
 * @import { Heading } from "./viewer_text.js"
 * @typedef {{ heading: Heading, matches: number | null }} Discussion With the number of its matches, if it is known.
 * @typedef {number | string | null} Value
 * @typedef {{ key: string, head: string, numeric: boolean, value: (one: Discussion) => Value }} Column
 * @typedef {{ key: string, descending: boolean }} Order
 */

/**
 * Return the columns that say something.
 *
 * @param {Heading[]} headings
 * @param {string[]} scales The names of all scales.
 * @param {string} counted The head of the number of matches, or "".
 * @returns {Column[]}
 */
export function columnsOf(headings, scales, counted) {
  /** @type {(key: string, head: string, value: (one: Discussion) => Value, numeric?: boolean) => Column} */
  const column = (key, head, value, numeric = true) => ({ key, head, value, numeric });
  const rated = scales.filter((scale) => headings.some(({ means }) => scale in means));
  const some = (/** @type {(heading: Heading) => unknown} */ has) => headings.some(has);
  return [
    column("number", "Discussion", ({ heading }) => Number(heading.number)),
    ...(some(({ condition }) => condition)
      ? [column("condition", "Condition", ({ heading }) => heading.condition, false)]
      : []),
    column("topic", "Topic", ({ heading }) => heading.topic || null, false),
    ...(some(({ unfinished }) => unfinished) ? [column("status", "Status", turnKept, false)] : []),
    ...(counted ? [column("matches", counted, ({ matches }) => matches)] : []),
    column("comments", "Comments", ({ heading }) => heading.comments),
    column("silences", "Silent turns", ({ heading }) => heading.silences),
    column("cut_off", "Cut off", ({ heading }) => heading.cut_off),
    ...rated.map((scale) =>
      column(`mean ${scale}`, `${scale || "label"} (mean)`, ({ heading }) => heading.means[scale] ?? null),
    ),
  ];
}

/**
 * Return the text of a value.
 *
 * @param {Column} column
 * @param {Value} value
 */
export function valueText({ key }, value) {
  if (value === null) return key === "topic" ? "no topic" : "–";
  if (typeof value === "string") return value;
  return key.startsWith("mean ") ? value.toFixed(2).replace("-", "−") : value.toLocaleString("en");
}

/**
 * Return discussions in an order; those without a value come last, and equal ones stay as they were.
 *
 * @param {Discussion[]} discussions
 * @param {Column[]} columns
 * @param {Order | null} order
 */
export function sorted(discussions, columns, order) {
  const column = columns.find(({ key }) => key === order?.key);
  if (!column || !order) return discussions;
  const sign = order.descending ? -1 : 1;
  return [...discussions].sort((one, other) => {
    const [a, b] = [column.value(one), column.value(other)];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    if (typeof a === "number" && typeof b === "number") return sign * (a - b);
    return sign * String(a).localeCompare(String(b), "en", { numeric: true });
  });
}

/**
 * Return the order after a click on a head: numbers begin with the largest, texts with the first of the alphabet.
 *
 * @param {Order | null} order
 * @param {Column} column
 * @returns {Order}
 */
export function nextOrder(order, { key, numeric }) {
  if (order?.key === key) return { key, descending: !order.descending };
  return { key, descending: numeric && key !== "number" };
}

/**
 * Return the last turn of an unfinished discussion, without the words that its colour tells; or "finished".
 *
 * @param {Discussion} one
 */
function turnKept({ heading }) {
  return heading.unfinished.replace("unfinished after ", "") || "finished";
}
