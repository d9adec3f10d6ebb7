// The cards: one for each discussion that is shown, with what was last said in it.

import { make, makeButton, setText, showText } from "../common.js";
import { growConversation, shortenConversation, showWriting } from "./conversation.js";
import { cardKey, isUnderWay, turnText } from "./live_text.js";

/** @import { Card, Head } from "./live_text.js" */

const LINES = 4; // shown on a card; as many as the kernel sends

/**
 * Return the list of cards.
 *
 * @param {object} on
 * @param {(card: Card, speaking: boolean) => void} on.open Called to open a discussion in full, perhaps to speak in it.
 * @param {(card: Card) => void} on.skip Called to set a discussion aside.
 */
export function makeCards({ open, skip }) {
  const list = make("ul", "snb-live-cards");
  list.setAttribute("aria-label", "Under way");
  /** @type {Map<string, ReturnType<typeof makeCard>>} */
  const known = new Map();

  /** @param {Card} card */
  function makeCard(card) {
    const name = makeButton("snb-live-name", null, () => open(card, false));
    const turn = make("span", "snb-when");
    const topic = make("div", "snb-live-topic");
    topic.dir = "auto";
    const said = make("ol", "snb-live-talk");
    const skipping = makeButton("snb-live-small", "Skip", () => skip(card));
    const speaking = makeButton("snb-live-small", "Say something", () => open(card, true));
    const tools = make("div", "snb-live-tools", null, speaking, skipping);
    const head = make("div", "snb-live-cardhead", null, name, turn);
    const element = make("li", "snb-live-card", null, head, topic, said, tools);
    element.addEventListener("click", (event) => {
      const target = /** @type {HTMLElement} */ (event.target);
      if (!target.closest("button") && !String(getSelection())) open(card, false); // selecting text is not clicking
    });
    return { element, name, turn, topic, said, tools, skipping, speaking, shown: "" };
  }

  /**
   * @param {ReturnType<typeof makeCard>} parts
   * @param {Card} card
   */
  function draw(parts, card) {
    const state = JSON.stringify(card);
    if (parts.shown === state) return;
    const first = parts.shown === "";
    parts.shown = state;
    setText(parts.name, card.title);
    parts.name.setAttribute("aria-label", `Open: ${card.title}`);
    parts.skipping.setAttribute("aria-label", `Skip: ${card.title}`);
    parts.speaking.setAttribute("aria-label", `Say something: ${card.title}`);
    setText(parts.turn, turnText(card));
    showText(parts.topic, card.topic);
    parts.element.classList.toggle("snb-live-done", !isUnderWay(card));
    growConversation(parts.said, card.said, first);
    shortenConversation(parts.said, LINES);
    showWriting(parts.said, card.writing);
    parts.said.scrollTop = parts.said.scrollHeight;
  }

  return {
    element: list,
    /**
     * Show these cards, each in its place.
     *
     * @param {Card[]} cards
     */
    show(cards) {
      const keys = cards.map(cardKey);
      for (const [key, { element }] of known) {
        if (keys.includes(key)) continue;
        element.remove();
        known.delete(key);
      }
      for (const [place, card] of cards.entries()) {
        const parts = known.get(keys[place]) ?? makeCard(card);
        known.set(keys[place], parts);
        const there = list.children[place];
        if (there !== parts.element) list.insertBefore(parts.element, there ?? null);
        draw(parts, card);
      }
    },
    /**
     * Offer what can be done to each card: only in the kernel's own process, and only while it goes on.
     *
     * @param {Head} head
     * @param {Card[]} cards
     */
    offerTools(head, cards) {
      for (const card of cards) {
        const parts = known.get(cardKey(card));
        if (!parts) continue;
        parts.tools.hidden = !(head.going && head.here);
        parts.skipping.disabled = parts.speaking.disabled = !isUnderWay(card);
        parts.speaking.hidden = !head.talks;
      }
    },
  };
}
