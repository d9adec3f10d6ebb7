// The list of all discussions, sorted by a click on a head; each leads to its messages.

import { make, makeButton } from "../common.js";
import { columnsOf, nextOrder, sorted, valueText } from "./discussion_sorting.js";
import { numberText } from "./viewer_text.js";

/**
 * @import { Order } from "./discussion_sorting.js"
 * @import { Heading } from "./viewer_text.js"
 */

const STEP = 200; // rows shown at first, and more at each press of the button

/**
 * Return the list.
 *
 * @param {(kind: string, rest: object) => Promise<any>} ask Asks the kernel.
 * @param {object} shown What is shown; its owner keeps it up to date.
 * @param {Heading[]} shown.headings Of each discussion.
 * @param {string[]} shown.scales
 * @param {{ query: string, only?: boolean }} shown.filter
 * @param {(discussion: number) => void} onChosen Called with the number of a discussion among those read.
 */
export function makeDiscussionTable(ask, shown, onChosen) {
  const table = make("table", "snb-view-table");
  const more = makeButton("snb-view-all", "", () => {
    most += STEP;
    draw();
  });
  const element = make("div", "snb-view-panel", null, table, more);
  element.tabIndex = -1;
  let most = STEP;
  /** @type {Order | null} */
  let order = null;
  /** @type {Map<number, number> | null} */
  let counts = null;
  let counted = "";

  function draw() {
    const columns = columnsOf(shown.headings, shown.scales, counted);
    const discussions = shown.headings
      .map((heading, number) => ({ heading, number, matches: counts ? (counts.get(number) ?? 0) : null }))
      .filter(({ matches }) => matches !== 0);
    const rows = /** @type {typeof discussions} */ (sorted(discussions, columns, order)).slice(0, most);
    const focused = /** @type {HTMLElement | null} */ (document.activeElement?.closest("[data-at]"))?.dataset.at;
    const heads = columns.map((column) => {
      const button = makeButton("", column.head, () => {
        order = nextOrder(order, column);
        draw();
      });
      button.dataset.at = `head ${column.key}`;
      const head = make("th", column.numeric ? "snb-view-numeric" : "", null, button);
      head.scope = "col";
      const sorts = order?.key === column.key;
      head.setAttribute("aria-sort", !sorts ? "none" : order?.descending ? "descending" : "ascending");
      return head;
    });
    const strip = make("th", "", "Who spoke");
    strip.scope = "col";
    const after = columns.findIndex(({ key }) => key === "topic") + 1;
    heads.splice(after, 0, strip);
    const body = rows.map((one) => {
      const cells = columns.map((column, place) => {
        const text = valueText(column, column.value(one));
        const cell = make("td", column.numeric ? "snb-view-numeric" : "");
        if (column.key === "status" && one.heading.unfinished) cell.append(make("span", "snb-badge snb-cut", text));
        else if (place) cell.append(make("bdi", "", text));
        else cell.append(makeOpener(one.number, text));
        if (column.key === "topic") Object.assign(cell, { title: text, className: "snb-view-about" });
        return cell;
      });
      cells.splice(after, 0, make("td", "", null, makeStrip(one.heading.strip)));
      return make("tr", "", null, ...cells);
    });
    table.replaceChildren(make("thead", "", null, make("tr", "", null, ...heads)), make("tbody", "", null, ...body));
    const left = discussions.length - rows.length;
    more.hidden = left <= 0;
    more.textContent = `${numberText(left)} more`;
    if (focused) /** @type {HTMLElement | null} */ (table.querySelector(`[data-at="${CSS.escape(focused)}"]`))?.focus();
  }

  /**
   * @param {number} number
   * @param {string} text
   */
  function makeOpener(number, text) {
    const button = makeButton("", text, () => onChosen(number));
    button.dataset.at = `row ${number}`;
    button.setAttribute("aria-label", `Messages of discussion ${text}`);
    return button;
  }

  table.addEventListener("click", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (!target.closest("button") && !String(getSelection()))
      target.closest("tr")?.querySelector("td button")?.dispatchEvent(new MouseEvent("click"));
  });
  table.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    /** @type {HTMLElement[]} */
    const buttons = [...table.querySelectorAll("td button")].filter((one) => one instanceof HTMLElement);
    const place = buttons.indexOf(/** @type {HTMLElement} */ (event.target));
    buttons[Math.max(0, Math.min(buttons.length - 1, place + step))]?.focus();
    event.preventDefault();
  });

  return {
    element,
    /** Show the discussions that have matches, and how many. */
    async refresh() {
      const { filter } = shown;
      const { query, only, ...rest } = filter;
      const all = !query && !Object.keys(rest).length;
      const found = all ? null : (await ask("count", { filter })).counts;
      if (shown.filter !== filter) return;
      counts = found && new Map(found);
      counted = all ? "" : query ? "Matches" : "Messages";
      draw();
    },
    focus() {
      const first = /** @type {HTMLElement | null} */ (table.querySelector("td button"));
      (first ?? element).focus();
    },
  };
}

/**
 * Return a strip of who spoke, stretch by stretch.
 *
 * @param {(string | null)[]} stretches The classes of the speakers; null where all were silent.
 */
function makeStrip(stretches) {
  const blocks = stretches.map((classes) => make("i", classes === null ? "snb-view-none" : classes));
  const strip = make("span", "snb-view-strip", null, ...blocks);
  strip.setAttribute("aria-hidden", "true");
  return strip;
}
