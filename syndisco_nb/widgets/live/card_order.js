// The order of the cards: one that is held keeps its place. Nothing in this module touches the page.

import { cardKey } from "./live_text.js";

/** @import { Card } from "./live_text.js" */

/**
 * Return the cards to show, in the order of their places.
 *
 * A held card stays where it is, also if the kernel has given its place to another, which waits until there is room.
 *
 * @param {Card[]} shown The cards as they are placed now.
 * @param {Card[]} cards The kernel's cards, each in its place.
 * @param {ReadonlySet<string>} held The keys of the cards that are held.
 * @returns {Card[]}
 */
export function placed(shown, cards, held) {
  const latest = new Map(cards.map((card) => [cardKey(card), card]));
  /** @type {(Card | undefined)[]} */
  const places = shown.map((card) => (held.has(cardKey(card)) ? (latest.get(cardKey(card)) ?? card) : undefined));
  const kept = new Set(places.flatMap((card) => (card ? [cardKey(card)] : [])));
  /** @type {Card[]} */
  const displaced = [];
  for (const [place, card] of cards.entries()) {
    if (kept.has(cardKey(card))) continue;
    if (places[place]) displaced.push(card);
    else places[place] = card;
  }
  for (let place = 0; place < cards.length; place++) places[place] ??= displaced.shift();
  return places.filter((card) => card !== undefined);
}
