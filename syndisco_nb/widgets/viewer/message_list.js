// The scrolled list of messages. Only the rows in sight are elements; the rest comes from the kernel, page by page.

import { make } from "../common.js";
import { makeStickyHead } from "./discussion_head.js";
import { drawItem } from "./message_row.js";
import { OpenedRow } from "./opened_row.js";
import { KernelPages, pageOf } from "./page_cache.js";
import { RowElements } from "./row_elements.js";
import { RowWindow } from "./row_window.js";
import { ScrollArea } from "./scroll_area.js";

/**
 * @import { Comment, Silences } from "./message_row.js"
 * @import { Heading } from "./viewer_text.js"
 * @typedef {{ query: string }} Filter What viewer.py calls a filter; only its query matters here.
 */

/**
 * Return the list.
 *
 * @param {(kind: string, rest: object) => Promise<any>} ask Asks the kernel.
 * @param {object} shown What the rows are drawn from; its owner keeps it up to date.
 * @param {Filter} shown.filter
 * @param {boolean} shown.filtered Whether the filter leaves out messages.
 * @param {Heading[]} shown.headings Of each discussion.
 * @param {string[]} shown.scales The names of the scales of labels.
 * @param {boolean} shown.several Whether there is more than one discussion.
 * @param {object} heard
 * @param {(top: Comment | Silences | undefined) => void} heard.onDrawn Called with the first item in sight.
 * @param {(does: string, place: number, code?: string) => void} heard.onAction As of `RowElements.listen`.
 */
export function makeMessageList(ask, shown, { onDrawn, onAction }) {
  const list = make("div", "snb-view-list");
  list.setAttribute("role", "feed");
  list.setAttribute("aria-label", "Messages");
  const sticky = makeStickyHead();
  const ground = make("div", "snb-view-ground");
  ground.setAttribute("role", "presentation");
  list.append(sticky.element, ground);

  const scrolled = new ScrollArea(list, () => sticky.taken);
  const rows = new RowWindow(scrolled, ground);
  const { heights } = rows;
  const drawn = new RowElements(ground, fill, onResized);
  /** @type {KernelPages<Comment | Silences>} */
  const pages = new KernelPages(
    async (page) => (await ask("page", { filter: shown.filter, page })).items,
    (page) => {
      for (const [place] of drawn) if (pageOf(place) === page) drawn.fill(place);
      drawSoon();
    },
  );
  const opened = new OpenedRow(ask, refill);
  let active = 0; // place of the row that has, or last had, the focus
  let marked = -1; // place of the row that the reader went to
  let [frame, width] = [0, 0];

  function draw() {
    if (scrolled.hidden) return;
    rows.follow();
    sticky.name(shown.scales);
    rows.covered = sticky.covered;
    for (let round = 0; round < 6; round++) {
      drawn.keep(...rows.range, heights.total);
      const fresh = [...drawn]
        .map(([place]) => place)
        .filter((place) => pages.row(place) && !heights.isMeasured(place));
      const changed = rows.measure(drawn.heights(fresh));
      if (!rows.align() && !changed) break;
    }
    pages.fetch(...rows.range, heights.total);
    arrange();
  }

  /** Put the rows, and the head above them, in their places. */
  function arrange() {
    for (const [place, article] of drawn) {
      article.style.top = `${rows.drawnTop(place)}px`;
      article.tabIndex = place === active ? 0 : -1;
      article.setAttribute("aria-setsize", String(heights.total));
    }
    const { top } = rows;
    // If the active row is not drawn, Tab goes to the first in sight.
    if (!drawn.get(active)) drawn.get(top)?.setAttribute("tabindex", "0");
    const covered = pages.row(heights.at(rows.offset));
    const heads = [...drawn].map(([place]) => place).filter((place) => pages.row(place)?.opens && rows.edge(place) > 0);
    const room = heads.length ? rows.edge(Math.min(...heads)) : Number.POSITIVE_INFINITY;
    sticky.show(covered, shown.several && covered ? shown.headings[covered.discussion] : undefined, room);
    onDrawn(pages.row(top));
  }

  function drawSoon() {
    if (frame) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      draw();
    });
  }

  /**
   * @param {HTMLElement} article
   * @param {number} place
   */
  function fill(article, place) {
    const item = pages.row(place);
    const details = opened.details(place);
    article.setAttribute("aria-posinset", String(place + 1));
    article.setAttribute("aria-busy", String(!item));
    article.style.height = item ? "" : `${heights.height(place)}px`;
    if (!item) {
      article.setAttribute("aria-label", "Loading");
      return;
    }
    const state = { number: String(item.number), open: String(Boolean(details)) };
    if (article.dataset.number !== state.number || article.dataset.open !== state.open) {
      Object.assign(article.dataset, state);
      const heading = shown.several ? shown.headings[item.discussion] : undefined;
      drawItem(article, item, { details, heading, ...shown, query: shown.filter.query });
    }
    article.classList.toggle("snb-view-here", place === marked);
  }

  /**
   * Measure rows whose content may have changed, as when a prompt is opened; all, when the list gets another width.
   *
   * @param {number[]} places
   */
  function onResized(places) {
    if (scrolled.hidden) return; // hidden rows have no height
    if (list.clientWidth !== width) heights.forget();
    width = list.clientWidth;
    if (rows.measure(drawn.heights(places.filter((place) => pages.row(place))))) arrange();
    drawSoon();
  }

  /** @param {number} place */
  function refill(place) {
    drawn.fill(place);
    rows.measure(drawn.heights([place]));
    draw();
  }

  /**
   * Make a row the active one, and bring it into sight.
   *
   * @param {number} place The nearest there is, if there is none.
   * @param {{ centred?: boolean, focus?: boolean }} [how]
   */
  function goTo(place, { centred = false, focus = true } = {}) {
    if (!heights.total) return;
    active = marked = Math.max(0, Math.min(heights.total - 1, place));
    if (scrolled.hidden) return rows.put(active, 0);
    rows.follow();
    for (const far of [centred, false]) {
      rows.covered = pages.row(active)?.opens ? 0 : sticky.covered; // a head of its own may be under the sticky one
      rows.reveal(active, far);
      draw(); // which measures the row, so that it can be revealed exactly
    }
    rows.settle();
    arrange();
    for (const [other, article] of drawn) article.classList.toggle("snb-view-here", other === marked);
    if (focus) drawn.get(active)?.focus({ preventScroll: true });
  }

  drawn.listen(ground, {
    onClick: (place) => goTo(place),
    onAction,
    onFocus(place) {
      active = place;
    },
  });
  scrolled.listen(drawSoon, () => {
    rows.follow();
    rows.settle();
    arrange();
  });
  const resized = new ResizeObserver(drawSoon);
  resized.observe(list);

  return {
    element: list,
    goTo,
    toggle: (/** @type {number} */ place) => opened.toggle(place, pages.row(place)),
    close: () => opened.close(),
    get active() {
      return active;
    },
    /** The place of the active row, or of the first in sight if the active one is not. */
    get here() {
      return rows.inSight(active) ? active : rows.top;
    },
    /** The place that comes a screen before (-1) or after (1) the active row. */
    screenful(/** @type {1 | -1} */ step) {
      const room = scrolled.clientHeight - rows.covered;
      const place = heights.at(heights.top(active) + step * room);
      return place === active ? active + step : place;
    },
    /**
     * Return where a row is, in pixels below the upper edge of the list.
     *
     * @param {number} place
     */
    edge: (place) => rows.edge(place),
    /**
     * Return the item at a place, if it is here.
     *
     * @param {number} place
     */
    item: (place) => pages.row(place),
    /**
     * Have room for more rows of the same filter.
     *
     * @param {number} total
     */
    grow(total) {
      heights.total = total;
      drawSoon();
    },
    /**
     * Show the rows of another filter.
     *
     * @param {number} total
     * @param {number} place The active row.
     * @param {number} edge Where it is, in pixels below the upper edge of the list.
     * @param {(Comment | Silences)[]} items Of its page.
     */
    restart(total, place, edge, items) {
      list.classList.toggle("snb-view-filtered", shown.filtered);
      opened.forget();
      heights.total = total;
      heights.forget();
      pages.restart(place, items);
      drawn.clear();
      active = place;
      marked = -1;
      rows.follow();
      rows.put(place, edge);
      draw();
      rows.settle();
      arrange();
    },
    /** Go on where the list was before it was hidden. */
    reappear() {
      rows.settle();
      draw();
    },
    /** Stop watching sizes. */
    disconnect() {
      resized.disconnect();
      drawn.disconnect();
    },
  };
}
