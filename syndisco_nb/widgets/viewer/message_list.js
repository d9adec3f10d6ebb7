// The scrolled list of messages. Only the rows in sight are elements; the rest comes from the kernel, page by page.

import { make } from "../common.js";
import { drawMessage } from "./message_row.js";
import { PageCache, pageOf, RowLayout } from "./windowing.js";

/**
 * @import { Details, MessageRow } from "./message_row.js"
 * @import { Heading } from "./viewer_text.js"
 * @typedef {{ query: string }} Filter What viewer.py calls a filter; only its query matters here.
 */

/**
 * Return the list.
 *
 * @param {(kind: string, rest: object) => Promise<any>} ask Asks the kernel.
 * @param {object} shown What the rows are drawn from; its owner keeps it up to date.
 * @param {Filter} shown.filter
 * @param {Heading[]} shown.headings Of each discussion.
 * @param {boolean} shown.several Whether there is more than one discussion.
 * @param {(top: MessageRow | undefined) => void} onDrawn Called with the first message in sight.
 */
export function makeMessageList(ask, shown, onDrawn) {
  const list = make("div", "snb-view-list");
  list.setAttribute("role", "feed");
  list.setAttribute("aria-label", "Messages");
  const ground = make("div", "snb-view-ground");
  ground.setAttribute("role", "presentation");
  list.append(ground);

  const layout = new RowLayout(list);
  /** @type {PageCache<MessageRow>} */
  const pages = new PageCache();
  /** @type {Map<number, HTMLElement>} The rows that are elements, by place. */
  const drawn = new Map();
  /** @type {{ place: number, details: Details | null } | null} The open row. */
  let opened = null;
  let active = 0; // place of the row that has, or last had, the focus
  let version = 0; // of the pages: one that was asked for before `restart` comes too late
  let frame = 0;

  function draw() {
    const [first, end] = layout.range;
    ground.style.height = `${layout.scrollHeight}px`;
    for (const [place, article] of drawn) {
      const focused = article.contains(document.activeElement);
      if (place >= layout.total || ((place < first || place >= end) && !focused)) {
        article.remove();
        drawn.delete(place);
      }
    }
    for (let place = first; place < end; place++) if (!drawn.has(place)) insert(place);
    for (const [place, article] of drawn) {
      article.style.top = `${layout.drawnTop(place)}px`;
      article.tabIndex = place === active ? 0 : -1;
      article.setAttribute("aria-setsize", String(layout.total));
    }
    const top = Math.max(first, layout.at(layout.offset));
    // If the active row is not drawn, Tab goes to the first in sight.
    if (!drawn.has(active)) drawn.get(Math.min(layout.total - 1, top))?.setAttribute("tabindex", "0");
    for (const page of pages.claim(first, end, layout.total)) fetchPage(page);
    onDrawn(pages.row(layout.at(layout.offset)));
  }

  function drawSoon() {
    if (frame) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      draw();
    });
  }

  /** @param {number} place */
  function insert(place) {
    const article = make("article", "snb-view-row");
    fill(article, place);
    drawn.set(place, article);
    const later = [...drawn.keys()].filter((other) => other > place);
    const next = later.length ? drawn.get(Math.min(...later)) : null;
    ground.insertBefore(article, next ?? null); // screen readers go by the order of the elements
  }

  /** @param {number} page */
  async function fetchPage(page) {
    const asked = version;
    const answer = await ask("page", { filter: shown.filter, page });
    if (asked !== version) return;
    pages.put(page, answer.rows);
    for (const [place, article] of drawn) if (pageOf(place) === page) fill(article, place);
    drawSoon();
  }

  /**
   * @param {HTMLElement} article
   * @param {number} place
   */
  function fill(article, place) {
    const message = pages.row(place);
    const open = opened?.place === place;
    const details = (open && opened?.details) || null;
    article.style.height = open ? "" : `${layout.height}px`;
    article.setAttribute("aria-posinset", String(place + 1));
    article.setAttribute("aria-busy", String(!message));
    if (!message) {
      article.setAttribute("aria-label", "Loading");
      return;
    }
    const state = { number: String(message.number), open: String(Boolean(details)) };
    if (article.dataset.number === state.number && article.dataset.open === state.open) return;
    Object.assign(article.dataset, state);
    const heading = shown.headings[message.discussion];
    drawMessage(article, message, { open, details, query: shown.filter.query, heading, several: shown.several });
  }

  // When the open row changes its height, those after it move.
  const measured = new ResizeObserver(([entry]) => {
    if (!opened || drawn.get(opened.place) !== entry.target) return;
    measure(drawn.get(opened.place));
  });

  /** @param {HTMLElement | undefined} article */
  function measure(article) {
    if (!article) return;
    layout.extra = Math.max(0, article.offsetHeight - layout.height);
    drawSoon();
  }

  /**
   * Open a row, or close it if it is open.
   *
   * @param {number} place
   */
  async function toggle(place) {
    const message = pages.row(place);
    const wasOpen = opened?.place === place;
    close();
    if (!message || wasOpen) {
      drawSoon();
      return;
    }
    /** @type {{ place: number, details: Details | null }} */
    const mine = { place, details: null };
    opened = mine;
    layout.opened = place;
    const details = await ask("open", { place: message.number });
    if (opened !== mine) return;
    mine.details = details;
    const article = drawn.get(place);
    if (!article) return;
    fill(article, place);
    measured.observe(article);
    measure(article);
  }

  function close() {
    if (!opened) return;
    const { place } = opened;
    measured.disconnect();
    opened = null;
    layout.close();
    const article = drawn.get(place);
    if (article) fill(article, place);
  }

  /**
   * Make a row the active one, and bring it into sight.
   *
   * @param {number} place The nearest there is, if there is none.
   * @param {{ centred?: boolean, focus?: boolean }} [how]
   */
  function goTo(place, { centred = false, focus = true } = {}) {
    if (!layout.total) return;
    active = Math.max(0, Math.min(layout.total - 1, place));
    layout.reveal(active, centred);
    draw();
    for (const [other, article] of drawn) article.classList.toggle("snb-view-here", other === active);
    if (focus) drawn.get(active)?.focus({ preventScroll: true });
  }

  ground.addEventListener("click", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    const [place] = [...drawn].find(([, article]) => article.contains(target)) ?? [];
    if (place === undefined || target.closest("details")) return;
    if (String(getSelection())) return; // selecting text is not clicking
    goTo(place);
    // A click anywhere opens; only the button closes, so that an open text can be read with the mouse.
    if (opened?.place !== place || target.closest("button")) toggle(place);
  });
  ground.addEventListener("focusin", (event) => {
    const [place] = [...drawn].find(([, article]) => article === event.target) ?? [];
    if (place !== undefined) active = place;
  });
  list.addEventListener("scroll", drawSoon, { passive: true });
  const resized = new ResizeObserver(drawSoon);
  resized.observe(list);

  return {
    element: list,
    goTo,
    toggle,
    close,
    get active() {
      return active;
    },
    get total() {
      return layout.total;
    },
    get screenful() {
      return layout.screenful;
    },
    /** The place of the active row, or of the first in sight if the active one is not. */
    get here() {
      return layout.inSight(active) ? active : layout.at(layout.offset);
    },
    /**
     * Return the number of the message at a place, if it is here.
     *
     * @param {number} place
     */
    numberAt(place) {
      return pages.row(place)?.number ?? null;
    },
    /**
     * Have room for more rows of the same filter.
     *
     * @param {number} total
     */
    grow(total) {
      layout.total = total;
      drawSoon();
    },
    /**
     * Show the rows of another filter, or rows of another height.
     *
     * @param {number} total
     * @param {number} height Of a closed row.
     * @param {number} place The active row.
     * @param {MessageRow[]} rows Of its page.
     */
    restart(total, height, place, rows) {
      version++;
      Object.assign(layout, { total, height });
      pages.clear();
      if (rows.length) pages.put(pageOf(place), rows);
      for (const article of drawn.values()) article.remove();
      drawn.clear();
      active = place;
      list.scrollTop = 0;
      draw();
    },
    /** Stop watching sizes. */
    disconnect() {
      resized.disconnect();
      measured.disconnect();
    },
  };
}
