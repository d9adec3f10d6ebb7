// The discussions that are skipped and have no card any more, each with a button that takes it back.

import { make, makeButton } from "../common.js";
import { cardKey } from "./live_text.js";

/** @import { Card, Unit } from "./live_text.js" */

/**
 * Return the list, empty.
 *
 * @param {(unit: Unit) => void} undo Called to continue a discussion.
 */
export function makeSkippedList(undo) {
  const list = make("ul", "snb-live-skipped");
  list.setAttribute("aria-label", "Skipped");
  let known = "";
  return {
    element: list,
    /**
     * @param {Unit[]} skipped
     * @param {Card[]} cards The cards that are shown.
     */
    show(skipped, cards) {
      const shown = new Set(cards.map(cardKey));
      const rows = skipped.filter((unit) => !shown.has(cardKey(unit)));
      const state = JSON.stringify(rows);
      if (known === state) return;
      known = state;
      list.hidden = !rows.length;
      list.replaceChildren(...rows.map(makeRow));
    },
  };

  /** @param {Unit} unit */
  function makeRow(unit) {
    const button = makeButton("snb-live-small", "Undo", () => undo(unit));
    button.setAttribute("aria-label", `Undo skip: ${unit.title}`);
    return make("li", "", null, `${unit.title} skipped.`, button);
  }
}
