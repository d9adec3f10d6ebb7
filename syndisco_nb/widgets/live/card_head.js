// The head of a discussion, on its card and where it is opened in full: title, progress, state and topic.

import { make, setText, showText } from "../common.js";
import { isInProgress, turnText } from "./live_text.js";
import { makeBar } from "./progress_bar.js";

/** @import { Card } from "./live_text.js" */

/**
 * Return the head, and the function that draws it.
 *
 * @param {HTMLElement} title Gets the title.
 * @param {...Node} more Follow in the first row.
 */
export function makeCardHead(title, ...more) {
  const turn = make("span", "snb-when");
  const topic = make("div", "snb-live-topic");
  topic.dir = "auto";
  const bar = makeBar("Turns");
  const row = make("div", "snb-live-cardhead", null, title, turn, ...more);
  return {
    element: make("div", "snb-live-about", null, row, bar.element, topic),
    /** @param {Card} card */
    draw(card) {
      setText(title, card.title);
      setText(turn, turnText(card));
      showText(topic, card.topic);
      bar.element.hidden = card.share === null;
      bar.set(card.share ?? 0, turnText(card), isInProgress(card));
    },
  };
}
