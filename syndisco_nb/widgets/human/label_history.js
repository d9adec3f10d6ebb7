// The list of the last labels, each of which leads back to its comment.

import { make, makeButton } from "../common.js";

/**
 * @typedef {[position: number, name: string, text: string, scale: string, label: string]} HistoryRow The label is ""
 *   where it was skipped.
 */

/**
 * Return the list.
 *
 * @param {(position: number) => void} onGo
 */
export function makeHistory(onGo) {
  const list = make("ol", "snb-past-list");
  const none = make("div", "snb-note", "The labels that you give are listed here.");
  const element = make("nav", "snb-history", null, make("div", "snb-h", "Last labelled"), none, list);
  element.setAttribute("aria-label", "Last labelled");

  /** @param {HistoryRow} row */
  function makeRow([position, name, text, scale, label]) {
    const value = make("span", label ? "snb-past-label" : "snb-past-label snb-past-skipped", label || "skipped");
    value.dir = "auto";
    const said = make(
      "span",
      "snb-past-text",
      null,
      make("b", "", null, make("bdi", "", name)),
      " ",
      make("bdi", "", text),
    );
    const button = makeButton("snb-past", null, () => onGo(position));
    button.title = `${scale}: ${label || "skipped"} · ${name}: ${text}`;
    button.append(value, said);
    return make("li", "", null, button);
  }

  return {
    element,
    /**
     * Show these labels, the last first.
     *
     * @param {HistoryRow[]} rows
     * @param {number | null} position That of the label shown.
     */
    show(rows, position) {
      none.hidden = rows.length > 0;
      list.replaceChildren(...rows.map(makeRow));
      for (const [place, row] of rows.entries())
        if (row[0] === position) list.children[place].firstElementChild?.setAttribute("aria-current", "true");
    },
  };
}
