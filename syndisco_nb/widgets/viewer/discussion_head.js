// The head of a discussion: above its first message, and at the upper edge of the list while it is in sight.

import { make } from "../common.js";
import { positionText } from "./viewer_text.js";

/** @import { Heading } from "./viewer_text.js" */

/**
 * Return the parts of a head.
 *
 * @param {Heading} heading
 * @param {string} position
 */
function headParts({ number, topic, condition, unfinished }, position) {
  const parts = [make("span", "snb-view-number", `Discussion ${number}`)];
  if (condition) parts.push(make("span", "snb-badge", null, make("bdi", "", condition)));
  if (unfinished) parts.push(make("span", "snb-badge snb-cut", unfinished));
  const about = make("bdi", "snb-view-topic", topic || "no topic");
  about.title = topic;
  parts.push(about, make("span", "snb-view-position", position));
  return parts;
}

/**
 * Return the head above the first message of a discussion.
 *
 * @param {Heading} heading
 */
export function makeHead(heading) {
  const turns = heading.turns === 1 ? "1 turn" : `${heading.turns} turns`;
  const head = make("div", "snb-view-disc", null, ...headParts(heading, turns));
  head.setAttribute("role", "heading");
  head.setAttribute("aria-level", "3");
  return head;
}

/** Return the head that stays at the upper edge of the list, for the eye alone: the messages name their discussion. */
export function makeStickyHead() {
  const columns = make("div", "snb-view-columns");
  const element = make("div", "snb-view-disc");
  element.hidden = true;
  const holder = make("div", "snb-view-sticky", null, columns, element);
  holder.setAttribute("aria-hidden", "true");
  let shown = "";
  return {
    element: holder,
    /** The pixels that the names of the columns take from the list. */
    get taken() {
      return columns.offsetHeight;
    },
    /** The pixels of messages that the head covers. */
    get covered() {
      return element.offsetHeight;
    },
    /**
     * Name the columns of the labels.
     *
     * @param {string[]} scales
     */
    name(scales) {
      const names = scales.map((scale) => make("bdi", "", scale));
      if (columns.childElementCount !== names.length) columns.replaceChildren(...names);
    },
    /**
     * Show the head of the first message in sight.
     *
     * @param {{ turn: number, until?: number } | undefined} message
     * @param {Heading | undefined} heading
     * @param {number} room Pixels until the next head, which pushes this one out.
     */
    show(message, heading, room) {
      element.hidden = !message || !heading;
      if (!message || !heading) return;
      const position = positionText(message, heading);
      const text = JSON.stringify([heading, position]);
      if (shown !== text) element.replaceChildren(...headParts(heading, position));
      shown = text;
      element.style.transform = room < element.offsetHeight ? `translateY(${room - element.offsetHeight}px)` : "";
    },
  };
}
