// The viewer: a search and a filter, a scrolled list of messages, and the keys.

import { keepKeys, make, makeRoot } from "../common.js";
import { connect } from "../requests.js";
import { makeMessageList } from "./message_list.js";
import { countText, headingText, hitsText } from "./viewer_text.js";
import { makeTools } from "./viewer_tools.js";

/** @import { Render } from "@anywidget/types" */

const WAIT = 150; // milliseconds without a key before a search starts
const AGAIN = 20; // milliseconds until the kernel reads on
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
  let round = 0; // answers to an earlier filter come too late
  let ended = false;
  /** @type {{ hits: number, done: boolean, current: number | null }} The hits of the search, and the one shown. */
  const search = { hits: 0, done: false, current: null };

  const { ask: request, disconnect } = connect(model);
  /**
   * Ask the kernel; show an error, after which whoever asked has nothing to do.
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
  const where = make("span", "snb-view-where");
  const state = make("span", "", "Opening …");
  const list = makeMessageList(ask, shown, (top) => {
    const heading = shown.several && top ? shown.headings[top.discussion] : undefined;
    where.textContent = heading ? headingText(heading) : "";
  });
  const keys = Object.entries(KEYS).map(([key, does]) => make("span", "", null, make("kbd", "", key), ` ${does}`));
  root.append(
    make("div", "snb-head", null, kind, title),
    tools.element,
    warning,
    make("div", "snb-view-bar", null, where, state),
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
   * Ask how much there is, again and again while the kernel reads on.
   *
   * @param {number | null} keep The message to stay at, by its number.
   */
  async function look(keep = null) {
    const mine = ++round;
    for (let first = true; ; first = false) {
      const known = { discussions: shown.headings.length, speakers: speakers.length };
      const found = await ask("look", { filter: shown.filter, keep, anew: first, ...known });
      if (ended) return;
      learn(found, known);
      if (mine !== round) return;
      count(found);
      if (first) {
        list.restart(
          found.total,
          found.labelled ? LABELLED_HEIGHT : HEIGHT,
          keep === null ? 0 : found.place,
          found.rows,
        );
        if (keep !== null) list.goTo(found.place, { centred: true, focus: false });
        if (shown.filter.query) jump(0);
      } else list.grow(found.total);
      if (found.done) return;
      await new Promise((resolve) => setTimeout(resolve, AGAIN));
      if (mine !== round || ended) return;
    }
  }

  /**
   * Take in what the kernel found, whatever the filter.
   *
   * @param {any} found
   * @param {{ discussions: number, speakers: number }} known How many of each were known when it was asked.
   */
  function learn(found, known) {
    // By their places: an earlier question may have brought the same.
    shown.headings.splice(known.discussions, found.discussions.length, ...found.discussions);
    speakers.splice(known.speakers, found.speakers.length, ...found.speakers);
    shown.several = found.several;
    kind.textContent = found.kind;
    title.textContent = found.title;
    root.setAttribute("aria-label", `${found.kind}: ${found.title}`);
    tools.offer(found);
    if (found.problems.length) warn(found.problems.join("\n"));
  }

  /** @param {any} found */
  function count(found) {
    state.textContent = countText(found);
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
   * @param {1 | 0 | -1} step As `Selection.hit` has it.
   * @param {boolean} [focus]
   */
  async function jump(step, focus = false) {
    const mine = round;
    const found = await ask("hit", { filter: shown.filter, place: list.here, step });
    if (mine !== round || found.place === undefined) return;
    search.current = found.number;
    showHits();
    list.goTo(found.place, { centred: true, focus });
  }

  function choose() {
    const keep = list.numberAt(list.here);
    list.close();
    search.current = null;
    shown.filter = tools.filter;
    look(keep);
  }

  async function goToTurn() {
    const found = await ask("turn", { filter: shown.filter, place: list.here, turn: Number(turn.value) });
    if (found.place !== undefined) list.goTo(found.place, { centred: true });
  }

  let typing = 0;
  query.addEventListener("input", () => {
    clearTimeout(typing);
    typing = window.setTimeout(choose, WAIT);
  });
  tools.onChoice(choose);
  previous.addEventListener("click", () => jump(-1));
  next.addEventListener("click", () => jump(1));

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
    n: () => jump(1, true),
    p: () => jump(-1, true),
    "/": () => query.select(),
    Escape: () => {
      list.close();
      list.goTo(list.active);
    },
  };
  /** @type {Record<string, (event: KeyboardEvent) => void>} */
  const queryKeys = {
    Enter: (event) => jump(event.shiftKey ? -1 : 1),
    ArrowDown: () => list.goTo(list.active),
    Escape: () => {
      query.value = "";
      choose();
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

  look();
  return () => {
    ended = true;
    disconnect();
    list.disconnect();
  };
}

export default { render };
