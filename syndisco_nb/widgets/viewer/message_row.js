// One message of the viewer: closed, or open with its whole text and its prompt.

import { make, makeButton, makeFace, makeFacts } from "../common.js";
import { placeText, splitAtHits } from "./viewer_text.js";

/**
 * @import { Heading } from "./viewer_text.js"
 * @typedef {{ scale: string, split: boolean, answers: [annotator: string, value: string | null, raw: string][] }} Rating
 * @typedef {{
 *   number: number, discussion: number, turn: number, name: string, face: string, classes: string, border: string,
 *   role: string, badge: string, reply: string, cut: string, silent: boolean, text: string, ratings: Rating[],
 * }} MessageRow
 * @typedef {{
 *   text: string, where: string, title: string, facts: [string, string][], sent: [role: string, text: string][],
 * }} Details The whole text of a message, where it is in Python, and the prompt that its model was sent.
 */

/**
 * Draw a message.
 *
 * @param {HTMLElement} article
 * @param {MessageRow} message
 * @param {object} view
 * @param {boolean} view.open
 * @param {Details | null} view.details Of an open message, once they are here.
 * @param {string} view.query Marked in texts and names.
 * @param {Heading | undefined} view.heading Of its discussion.
 * @param {boolean} view.several Whether there is more than one discussion.
 */
export function drawMessage(article, message, { open, details, query, heading, several }) {
  const silence = message.silent ? "says nothing" : "";
  const place = placeText(message, heading, several);
  article.className = `snb-view-row snb-${message.role} ${message.classes}${open ? " snb-view-open" : ""}`;
  article.style.borderLeft = message.border;
  article.setAttribute("aria-label", [message.name, place, silence].filter(Boolean).join(", "));
  const name = make("b", "snb-name", null, make("bdi", "", null, ...marked(message.name, query)));
  const by = make("div", "snb-by", null, makeFace(message.face), name);
  if (message.badge) by.append(make("span", "snb-badge", message.badge));
  if (place) by.append(make("span", "snb-when", place));
  if (message.reply) by.append(make("span", "snb-when", message.reply));
  if (message.cut) by.append(make("span", "snb-badge snb-cut", message.cut));
  const toggle = makeButton("snb-view-toggle", open ? "close" : "open");
  toggle.tabIndex = -1; // Enter on the message does the same
  toggle.setAttribute("aria-expanded", String(open));
  by.append(toggle);
  const text = make("div", message.silent ? "snb-say snb-view-silent" : "snb-say", silence);
  text.dir = "auto";
  if (!message.silent) text.append(...marked(details?.text ?? message.text, query));
  article.replaceChildren(by, text);
  if (message.ratings.length)
    article.append(make("div", "snb-rates", null, ...message.ratings.map((rating) => makeRating(rating, open))));
  if (details) article.append(...makeDetails(details));
}

/**
 * @param {string} text
 * @param {string} query
 */
function marked(text, query) {
  return splitAtHits(text, query).map(([part, isHit]) => (isHit ? make("mark", "", part) : part));
}

/**
 * @param {Rating} rating
 * @param {boolean} whole Whether to name the annotators, and to show an answer that could not be read.
 */
function makeRating(rating, whole) {
  const line = make("div", rating.split ? "snb-rate snb-split" : "snb-rate");
  if (rating.scale) line.append(make("span", "snb-scale", null, make("bdi", "", rating.scale)));
  for (const [annotator, value, raw] of rating.answers) {
    const unread = value === null;
    const answer = make("span", unread ? "snb-answer snb-unread" : "snb-answer");
    if (whole) answer.append(make("bdi", "", annotator), " ");
    else answer.title = annotator;
    answer.append(make("b", "", null, make("bdi", "", unread ? "no label" : value)));
    if (unread && whole) answer.append(" in ", make("q", "", raw));
    line.append(answer);
  }
  if (rating.split) line.append(make("span", "snb-split-mark", whole ? "≠ they disagree" : "≠"));
  return line;
}

/** @param {Details} details */
function makeDetails(details) {
  const path = make("div", "snb-view-path", null, make("code", "", details.where));
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
