// The cards: one for each discussion that is shown, with what was last said in it.

import { make, makeButton, setText } from "../common.js";
import { makeCardHead } from "./card_head.js";
import { placed } from "./card_order.js";
import { growConversation, shortenConversation, showWriting } from "./conversation.js";
import { cardKey, isInProgress, isSkipped } from "./live_text.js";

/** @import { Card, Head } from "./live_text.js" */

const LINES = 4; // shown on a card; as many as the kernel sends

/**
 * Return the list of cards. One that is hovered, focused or opened is held: it keeps its place.
 *
 * @param {object} on
 * @param {(card: Card, commenting: boolean) => void} on.open Called to open a discussion in full, perhaps to add a
 *   comment.
 * @param {(card: Card) => void} on.skip Called to skip a discussion.
 * @param {(card: Card) => void} on.undo Called to continue one that is skipped.
 * @param {(held: Card[]) => void} on.hold Called when other cards are held than before.
 */
export function makeCards({ open, skip, undo, hold }) {
  const list = make("ul", "snb-live-cards");
  list.setAttribute("aria-label", "In progress");
  /** @type {Map<string, ReturnType<typeof makeCard>>} */
  const known = new Map();
  const held = { hovered: "", focused: "", opened: "" };
  /** @type {Card[]} */
  let cards = [];
  /** @type {Card[]} */
  let shown = [];
  let told = "";

  list.addEventListener("pointerover", (event) => holdFor("hovered", keyAt(event)));
  list.addEventListener("pointerleave", () => holdFor("hovered", ""));
  list.addEventListener("focusin", (event) => holdFor("focused", keyAt(event)));
  list.addEventListener("focusout", () => holdFor("focused", ""));

  /**
   * Hold a card, instead of the one that was held for the same reason.
   *
   * @param {"hovered" | "focused" | "opened"} reason
   * @param {string} key
   */
  function holdFor(reason, key) {
    if (held[reason] === key) return;
    held[reason] = key;
    place();
    const now = shown.filter((card) => isHeld().has(cardKey(card)));
    const state = now.map(cardKey).join("\n");
    if (told !== state) hold(now);
    told = state;
  }

  const isHeld = () => new Set(Object.values(held));

  /** @param {Event} event */
  function keyAt({ target }) {
    const card = /** @type {HTMLElement} */ (target).closest("[data-card]");
    return /** @type {HTMLElement | null} */ (card)?.dataset.card ?? "";
  }

  /** @param {Card} card */
  function makeCard(card) {
    const name = makeButton("snb-live-name", null, () => open(card, false));
    const head = makeCardHead(name);
    const said = make("ol", "snb-live-talk");
    const skipped = make("span", "snb-live-note");
    skipped.setAttribute("role", "status");
    const commenting = makeButton("snb-live-small", "Add comment", () => open(card, true));
    // One button for both, so that the focus stays on it.
    const skipping = makeButton("snb-live-small", "Skip", () => (parts.isSkipped ? undo : skip)(card));
    const tools = make("div", "snb-live-tools", null, skipped, commenting, skipping);
    const element = make("li", "snb-live-card", null, head.element, said, tools);
    element.dataset.card = cardKey(card);
    element.addEventListener("click", (event) => {
      const target = /** @type {HTMLElement} */ (event.target);
      if (!target.closest("button") && !String(getSelection())) open(card, false); // selecting text is not clicking
    });
    const parts = { element, head, name, said, tools, skipped, skipping, commenting, isSkipped: false, drawn: "" };
    return parts;
  }

  /**
   * @param {ReturnType<typeof makeCard>} parts
   * @param {Card} card
   */
  function draw(parts, card) {
    const state = JSON.stringify(card);
    if (parts.drawn === state) return;
    const first = parts.drawn === "";
    parts.drawn = state;
    parts.head.draw(card);
    parts.isSkipped = isSkipped(card);
    parts.name.setAttribute("aria-label", `Open: ${card.title}`);
    parts.commenting.setAttribute("aria-label", `Add comment: ${card.title}`);
    parts.skipping.setAttribute("aria-label", `${parts.isSkipped ? "Undo skip" : "Skip"}: ${card.title}`);
    setText(parts.skipping, parts.isSkipped ? "Undo" : "Skip");
    setText(parts.skipped, parts.isSkipped ? "Skipped." : "");
    parts.element.classList.toggle("snb-live-done", !isInProgress(card));
    growConversation(parts.said, card.said, first);
    shortenConversation(parts.said, LINES);
    showWriting(parts.said, card.writing);
    parts.said.scrollTop = parts.said.scrollHeight;
  }

  function place() {
    shown = placed(shown, cards, isHeld());
    const keys = new Set(shown.map(cardKey));
    for (const [key, { element }] of known) {
      if (keys.has(key)) continue;
      element.remove();
      known.delete(key);
    }
    list.classList.toggle("snb-live-alike", new Set(shown.map((card) => card.topic)).size < 2);
    for (const [place, card] of shown.entries()) {
      const parts = known.get(cardKey(card)) ?? makeCard(card);
      known.set(cardKey(card), parts);
      const there = list.children[place];
      if (there !== parts.element) list.insertBefore(parts.element, there ?? null);
      draw(parts, card);
    }
  }

  return {
    element: list,
    /** The cards that are shown. */
    get shown() {
      return shown;
    },
    /**
     * Show these cards, each in its place.
     *
     * @param {Card[]} found
     */
    show(found) {
      cards = found;
      place();
    },
    /**
     * Hold the card of the discussion that is opened in full, and mark it.
     *
     * @param {Card | null} card
     */
    open(card) {
      const key = card ? cardKey(card) : "";
      holdFor("opened", key);
      for (const [other, { element }] of known) element.classList.toggle("snb-live-opened", other === key);
    },
    /**
     * Offer what can be done to each card: only in the kernel's own process, and only while it goes on.
     *
     * @param {Head} head
     */
    offerTools(head) {
      for (const card of shown) {
        const parts = known.get(cardKey(card));
        if (!parts) continue;
        parts.tools.hidden = !(head.going && head.here);
        parts.skipping.disabled = card.state === "finished" || card.state === "failed";
        parts.commenting.hidden = !head.talks || parts.isSkipped;
        parts.commenting.disabled = !isInProgress(card);
      }
    },
  };
}
