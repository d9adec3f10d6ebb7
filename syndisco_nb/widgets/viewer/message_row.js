// One item of the list: a comment, or a line of silences; closed, or open with whole texts and prompts.

import { make, makeButton, makeFacts } from "../common.js";
import { makeHead } from "./discussion_head.js";
import { labelText, numberText, positionText, splitAtMatches } from "./viewer_text.js";

/**
 * @import { Heading } from "./viewer_text.js"
 * @typedef {{ scale: string, split: boolean, answers: [annotator: string, value: string | null, raw: string][] }} Rating
 * @typedef {{ number: number, discussion: number, turn: number, opens: boolean, where: string, text: string }} Item
 * @typedef {Item & {
 *   silent?: undefined, follows: boolean, name: string, classes: string, border: string, role: string, badge: string,
 *   reply: string, cut: string, left_out: number, ratings: Rating[],
 * }} Comment Of whose text `left_out` characters are missing.
 * @typedef {Item & { silent: number[], speakers: [name: string, classes: string, times: number][], until: number }}
 *   Silences The numbers of several messages, up to a turn.
 * @typedef {{
 *   name: string, turn: number, text: string, where: string, title: string, facts: [string, string][],
 *   sent: [role: string, text: string][],
 * }} Details The whole text of a message, where it is in Python, and the prompt that its model was sent.
 * @typedef {object} View
 * @property {Details[] | null} details Of an open item.
 * @property {string} query Marked in texts and names.
 * @property {Heading | undefined} heading Of its discussion, where there are several.
 * @property {string[]} scales The names of all scales, each of which has a column.
 * @property {boolean} filtered Whether a filter leaves out messages.
 */

const EDGE = 12; // pixels from the outer side of a line to what stands beside it

/**
 * Draw an item.
 *
 * @param {HTMLElement} article
 * @param {Comment | Silences} item
 * @param {View} view
 */
export function drawItem(article, item, view) {
  const who = item.silent ? `${item.text}: ${item.speakers.map(speakerText).join(", ")}` : item.name;
  article.className = view.details ? "snb-view-row snb-view-open" : "snb-view-row";
  article.setAttribute("aria-label", labelText(who, item, view.heading));
  const line = item.silent ? makeSilences(item) : makeComment(item, view);
  line.append(makeActions(item, view));
  if (view.details) line.append(make("div", "snb-view-more", null, ...view.details.flatMap(makeDetails)));
  article.replaceChildren(...(item.opens && view.heading ? [makeHead(view.heading)] : []), line);
}

/**
 * @param {Comment} comment
 * @param {View} view
 */
function makeComment(comment, { details, query, scales }) {
  const line = make("div", `snb-view-line snb-${comment.role} ${comment.classes}`);
  line.style.borderLeft = comment.border;
  line.style.paddingLeft = `${EDGE - Number.parseInt(comment.border, 10)}px`; // lines have several widths
  const named =
    !comment.follows || splitAtMatches(comment.name, query).some(([, isMatch]) => isMatch) || details !== null;
  const who = make("div", "snb-view-who");
  if (named) who.append(make("b", "snb-name", null, make("bdi", "", null, ...marked(comment.name, query))));
  if (comment.badge && named) who.append(make("span", "snb-badge", comment.badge));
  const say = make("div", "snb-say");
  say.dir = "auto";
  say.append(...marked(details?.[0].text ?? comment.text, query));
  if (comment.cut) say.append(" ", make("span", "snb-badge snb-cut", comment.cut));
  const body = make("div", "snb-view-body");
  if (comment.reply) body.append(make("span", "snb-when", comment.reply));
  body.append(say);
  if (comment.left_out && !details) {
    const more = makeButton("snb-view-all", `${numberText(comment.left_out)} more characters`);
    more.dataset.does = "open";
    more.tabIndex = -1; // Enter on the message does the same
    body.append(more);
  }
  line.append(makeTurn(comment), who, body);
  if (comment.ratings.length)
    line.append(
      make("div", "snb-rates", null, ...comment.ratings.map((rating) => makeRating(rating, scales, details !== null))),
    );
  return line;
}

/** @param {Silences} silences */
function makeSilences(silences) {
  const names = silences.speakers.flatMap((speaker, place) => [
    place ? ", " : "",
    make("span", speaker[1], null, make("bdi", "snb-name", speakerText(speaker))),
  ]);
  const line = make("div", "snb-view-line snb-view-silent", null, makeTurn(silences));
  line.append(make("div", "snb-view-who"), make("div", "snb-view-body", `${silences.text}: `, ...names));
  return line;
}

/** @param {Silences["speakers"][number]} speaker */
function speakerText([name, , times]) {
  return times > 1 ? `${name} ×${times}` : name;
}

/** @param {Comment | Silences} item */
function makeTurn(item) {
  const last = item.silent && item.until > item.turn ? `–${item.until}` : "";
  const turn = make("div", "snb-view-turnmark", item.turn ? `${item.turn}${last}` : "");
  turn.title = positionText(item, undefined);
  return turn;
}

/**
 * Return the buttons beside an item. Keys on the item itself do the same, so Tab goes past them.
 *
 * @param {Comment | Silences} item
 * @param {View} view
 */
function makeActions(item, { details, filtered }) {
  const context = filtered ? [makeAction("context", "⇕", `Show ${item.where} in context (x)`)] : [];
  const toggle = details
    ? makeAction("open", "▴", "Close (Esc)")
    : makeAction("open", "▾", "Open: whole text, prompt (Enter)");
  toggle.setAttribute("aria-expanded", String(details !== null));
  return make("div", "snb-view-acts", null, ...context, toggle);
}

/**
 * @param {string} does
 * @param {string} text
 * @param {string} title
 */
function makeAction(does, text, title) {
  const button = makeButton("", text);
  Object.assign(button, { title, tabIndex: -1 });
  button.setAttribute("aria-label", title.replace(/ \(.*\)$/, ""));
  button.dataset.does = does;
  return button;
}

/**
 * @param {string} text
 * @param {string} query
 */
function marked(text, query) {
  return splitAtMatches(text, query).map(([part, isMatch]) => (isMatch ? make("mark", "", part) : part));
}

/**
 * @param {Rating} rating
 * @param {string[]} scales
 * @param {boolean} whole Whether to name the annotators, and to show an answer that could not be read.
 */
function makeRating(rating, scales, whole) {
  const line = make("div", rating.split ? "snb-rate snb-split" : "snb-rate");
  line.style.setProperty("--snb-column", String(scales.indexOf(rating.scale) + 1));
  if (rating.scale) line.append(make("span", "snb-scale", null, make("bdi", "", rating.scale)));
  for (const [annotator, value, raw] of rating.answers) {
    const unread = value === null;
    const answer = make("span", unread ? "snb-answer snb-unread" : "snb-answer");
    if (whole) answer.append(make("bdi", "", annotator), " ");
    else answer.title = annotator;
    if (!unread) answer.append(make("b", "", null, make("bdi", "", value)));
    else answer.append("unparsed", ...(whole ? [": ", make("q", "", raw)] : []));
    line.append(answer);
  }
  if (rating.split) {
    const mark = make("span", "snb-split-mark", whole ? "disagreement" : "≠");
    if (!whole) Object.assign(mark, { title: "disagreement", role: "img", ariaLabel: "disagreement" });
    line.append(mark);
  }
  return line;
}

/** @param {Details} details */
function makeDetails(details) {
  const copy = makeButton("snb-view-all", "Copy");
  Object.assign(copy.dataset, { does: "copy", code: details.where });
  const path = make("div", "snb-view-path", null, make("code", "", details.where), " ", copy);
  if (details.name) path.prepend(make("bdi", "", details.name), `, turn ${details.turn} `);
  const facts = details.facts.length ? [make("dl", "snb-facts", null, ...makeFacts(details.facts))] : [];
  if (!details.title) return [path, ...facts];
  const chat = details.sent.map(([role, text]) => {
    const sent = make("div", "snb-sent", text);
    sent.dir = "auto";
    return make("div", "", null, make("div", "snb-role", role), sent);
  });
  return [
    path,
    ...facts,
    make("details", "snb-prompt", null, make("summary", "", details.title), make("div", "snb-chat", null, ...chat)),
  ];
}
