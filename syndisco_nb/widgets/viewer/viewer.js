// The viewer: a search and a filter, a scrolled list of messages, and the keys.

import { keepKeys, make, makeRoot } from "../common.js";
import { connect } from "../requests.js";
import { makeMessageList } from "./message_list.js";
import { countText, headingText, hitsText } from "./viewer_text.js";
import { makeTools } from "./viewer_tools.js";

/** @import { Render } from "@anywidget/types" */

const SEARCH_DELAY = 150; // milliseconds after the last key until a search starts
const POLL_DELAY = 20; // milliseconds between two requests while the kernel is still reading the run
const [HEIGHT, LABELLED_HEIGHT] = [96, 124]; // pixels of a closed row, without labels and with
const KEYS = { "/": "search", "n p": "hits", "↑ ↓": "move", Enter: "open", Esc: "close" };

/** @type {Render} */
function render({ model, el }) {
  const root = makeRoot("snb-view");
  keepKeys(root);
  const shown = {
    /** @type {ReturnType<typeof makeTools>["filter"]} */
    filter: { query: "" },
    /** @type {import("./viewer_text.js").Heading[]} */
    headings: [],
    several: false,
  };
  /** @type {[name: string, shown: string][]} */
  const speakers = [];
  let filterVersion = 0; // to drop answers to an earlier filter
  let closed = false;
  /** @type {{ hits: number, done: boolean, current: number | null }} The hits of the search, and the one shown. */
  const search = { hits: 0, done: false, current: null };

  const { ask: request, disconnect } = connect(model);
  /**
   * Ask the kernel. An error is shown, and the promise never settles, so that its caller stops there.
   *
   * @param {string} kind
   * @param {object} rest
   * @returns {Promise<any>}
   */
  const ask = (kind, rest) =>
    request(kind, rest).catch((error) => {
      warn(error.message);
      return new Promise(() => {});
    });

  const kind = make("div", "snb-kind");
  const title = make("div", "snb-title");
  title.dir = "auto";
  const tools = makeTools(shown.headings, speakers);
  const { query, previous, next, turn } = tools;
  const warning = make("div", "snb-warning");
  warning.setAttribute("role", "alert");
  warning.hidden = true;
  const discussionLine = make("span", "snb-view-where");
  const countLine = make("span", "", "Opening …");
  const list = makeMessageList(ask, shown, (top) => {
    const heading = shown.several && top ? shown.headings[top.discussion] : undefined;
    discussionLine.textContent = heading ? headingText(heading) : "";
  });
  const keys = Object.entries(KEYS).map(([key, does]) => make("span", "", null, make("kbd", "", key), ` ${does}`));
  root.append(
    make("div", "snb-head", null, kind, title),
    tools.element,
    warning,
    make("div", "snb-view-bar", null, discussionLine, countLine),
    list.element,
    make("div", "snb-note snb-view-keys", null, ...keys),
  );
  el.append(root);

  /** @param {string} text */
  function warn(text) {
    warning.textContent = text;
    warning.hidden = false;
  }

  /**
   * Ask for the messages that the filter lets through, again and again until the kernel has read all.
   *
   * @param {number | null} keep The number of the message to stay at.
   */
  async function load(keep = null) {
    const version = ++filterVersion;
    for (let first = true; ; first = false) {
      const known = { discussions: shown.headings.length, speakers: speakers.length };
      const found = await ask("look", { filter: shown.filter, keep, anew: first, ...known });
      if (closed) return;
      updateKnown(found, known);
      if (version !== filterVersion) return;
      showCounts(found);
      if (first) {
        list.restart(
          found.total,
          found.labelled ? LABELLED_HEIGHT : HEIGHT,
          keep === null ? 0 : found.place,
          found.rows,
        );
        if (keep !== null) list.goTo(found.place, { centred: true, focus: false });
        if (shown.filter.query) goToHit(0);
      } else list.grow(found.total);
      if (found.done) return;
      await new Promise((resolve) => setTimeout(resolve, POLL_DELAY));
      if (version !== filterVersion || closed) return;
    }
  }

  /**
   * Update what does not depend on the filter: headings, speakers, title and problems.
   *
   * @param {any} found
   * @param {{ discussions: number, speakers: number }} known Number of each that were known at the request.
   */
  function updateKnown(found, known) {
    // By position, since the answer to an earlier request may have brought the same.
    shown.headings.splice(known.discussions, found.discussions.length, ...found.discussions);
    speakers.splice(known.speakers, found.speakers.length, ...found.speakers);
    shown.several = found.several;
    kind.textContent = found.kind;
    title.textContent = found.title;
    root.setAttribute("aria-label", `${found.kind}: ${found.title}`);
    tools.updateChoices(found);
    if (found.problems.length) warn(found.problems.join("\n"));
  }

  /** @param {any} found */
  function showCounts(found) {
    countLine.textContent = countText(found);
    Object.assign(search, { hits: found.hits, done: found.done });
    showHits();
  }

  function showHits() {
    tools.hits.textContent = shown.filter.query ? hitsText(search.hits, search.done, search.current) : "";
    previous.disabled = next.disabled = !search.hits;
  }

  /**
   * Go to a hit of the search.
   *
   * @param {1 | 0 | -1} step 1 for the next hit, 0 for the first from here on, -1 for the previous one.
   * @param {boolean} [focus]
   */
  async function goToHit(step, focus = false) {
    const version = filterVersion;
    const found = await ask("hit", { filter: shown.filter, place: list.here, step });
    if (version !== filterVersion || found.place === undefined) return;
    search.current = found.number;
    showHits();
    list.goTo(found.place, { centred: true, focus });
  }

  function applyFilter() {
    const keep = list.numberAt(list.here);
    list.close();
    search.current = null;
    shown.filter = tools.filter;
    load(keep);
  }

  async function goToTurn() {
    const found = await ask("turn", { filter: shown.filter, place: list.here, turn: Number(turn.value) });
    if (found.place !== undefined) list.goTo(found.place, { centred: true });
  }

  let typing = 0;
  query.addEventListener("input", () => {
    clearTimeout(typing);
    typing = window.setTimeout(applyFilter, SEARCH_DELAY);
  });
  tools.onChoice(applyFilter);
  previous.addEventListener("click", () => goToHit(-1));
  next.addEventListener("click", () => goToHit(1));

  /** @type {Record<string, () => void>} */
  const moves = {
    ArrowDown: () => list.goTo(list.active + 1),
    ArrowUp: () => list.goTo(list.active - 1),
    PageDown: () => list.goTo(list.active + list.screenful),
    PageUp: () => list.goTo(list.active - list.screenful),
    Home: () => list.goTo(0),
    End: () => list.goTo(list.total - 1),
    Enter: () => list.toggle(list.active),
    " ": () => list.toggle(list.active),
    n: () => goToHit(1, true),
    p: () => goToHit(-1, true),
    "/": () => query.select(),
    Escape: () => {
      list.close();
      list.goTo(list.active);
    },
  };
  /** @type {Record<string, (event: KeyboardEvent) => void>} */
  const queryKeys = {
    Enter: (event) => goToHit(event.shiftKey ? -1 : 1),
    ArrowDown: () => list.goTo(list.active),
    Escape: () => {
      query.value = "";
      applyFilter();
      list.goTo(list.active);
    },
  };
  /** @type {Record<string, () => void>} */
  const turnKeys = {
    Enter: goToTurn,
    Escape: () => list.goTo(list.active),
  };

  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = /** @type {HTMLElement} */ (event.target);
    const { key } = event;
    const inControl = target.closest("select, button, summary") !== null;
    if (target === query) {
      if (!queryKeys[key]) return;
      queryKeys[key](event);
    } else if (target === turn) {
      if (!turnKeys[key] || (key === "Enter" && turn.value === "")) return;
      turnKeys[key]();
    } else {
      if (!moves[key] || (inControl && key !== "/" && key !== "Escape")) return;
      moves[key]();
    }
    event.preventDefault();
  });

  load();
  return () => {
    closed = true;
    disconnect();
    list.disconnect();
  };
}

export default { render };
