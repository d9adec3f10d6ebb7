// The viewer: a search and a filter, a scrolled list of messages, a list of discussions, and the keys.

import { copyText } from "../common.js";
import { connect } from "../requests.js";
import { findAddress } from "./address_search.js";
import { makeDiscussionTable } from "./discussion_table.js";
import { makeSearch } from "./match_search.js";
import { makeMessageList } from "./message_list.js";
import { listenToKeys, movesIn } from "./viewer_keys.js";
import { makeLayout } from "./viewer_layout.js";
import { countText, mayBeAddress, positionText } from "./viewer_text.js";
import { makeTools } from "./viewer_tools.js";

/**
 * @import { Render } from "@anywidget/types"
 * @typedef {{ number: number, edge: number, focus?: boolean, exact?: boolean }} Kept A message, and where in the list
 *   it is to stay; `exact` if no match of the search is to be shown instead.
 */

const SEARCH_DELAY = 150; // milliseconds after the last key until a search starts
const POLL_DELAY = 20; // milliseconds between two requests while the kernel is still reading the run

/** @type {Render} */
function render({ model, el }) {
  const shown = {
    /** @type {ReturnType<typeof makeTools>["filter"]} */
    filter: { query: "" },
    filtered: false,
    /** @type {import("./viewer_text.js").Heading[]} */
    headings: [],
    /** @type {string[]} */
    scales: [],
    several: false,
  };
  /** @type {[name: string, shown: string][]} */
  const speakers = [];
  let searched = ""; // the text of the search field, unless it is an address
  let filterVersion = 0; // to drop answers to an earlier filter
  let closed = false;
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
      layout.warn(error.message);
      return new Promise(() => {});
    });

  const tools = makeTools(shown.headings, speakers);
  const { query, turn } = tools;
  const list = makeMessageList(ask, shown, {
    onDrawn(top) {
      layout.place(top && !shown.several ? positionText(top, shown.headings[top.discussion]) : "");
    },
    onAction(does, place, code) {
      actions[does](place, code);
    },
  });
  const search = makeSearch(ask, shown, tools, list);
  const table = makeDiscussionTable(ask, shown, (discussion) => {
    showTab("messages");
    applyFilter({ number: shown.headings[discussion].first, edge: 0, focus: true });
  });
  const layout = makeLayout(tools.element, { messages: list.element, discussions: table.element }, showTab);
  const { root, said } = layout;
  el.append(root);

  /**
   * Ask for the messages that the filter lets through, again and again until the kernel has read all.
   *
   * @param {Kept | null} keep
   */
  async function load(keep = null) {
    const version = ++filterVersion;
    for (let first = true; ; first = false) {
      const known = { discussions: shown.headings.length, speakers: speakers.length };
      const found = await ask("look", { filter: shown.filter, keep: keep?.number ?? null, anew: first, ...known });
      if (closed) return;
      updateKnown(found, known);
      if (version !== filterVersion) return;
      layout.count(countText(found));
      search.update(found);
      if (first) {
        list.restart(found.total, found.place, keep?.edge ?? 0, found.items);
        if (shown.filter.query && !keep?.exact) search.go(0, keep?.focus);
        else if (keep?.focus || keep?.exact) list.goTo(found.place, { focus: keep.focus === true });
      } else list.grow(found.total);
      if (layout.tab === "discussions") await table.refresh();
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
    shown.scales = found.scales.map((/** @type {[string]} */ [name]) => name);
    root.style.setProperty("--snb-scales", String(shown.scales.length));
    layout.name(found, shown.headings.length);
    tools.updateChoices(found);
  }

  /** @param {import("./viewer_layout.js").Tab} tab */
  async function showTab(tab) {
    layout.show(tab);
    if (tab === "messages") return list.reappear();
    await table.refresh();
  }

  /**
   * Go to the place that the kernel finds.
   *
   * @param {"turn" | "discussion"} what
   * @param {object} rest
   */
  async function goToFound(what, rest) {
    const found = await ask(what, { filter: shown.filter, place: list.here, ...rest });
    if (found.place !== undefined) list.goTo(found.place, { centred: what === "turn" });
  }

  /**
   * Show what the choices let through.
   *
   * @param {Kept | null} [keep] By default, the message in sight stays where it is.
   */
  function applyFilter(keep = here()) {
    list.close();
    search.restart();
    said.textContent = "";
    shown.filter = { ...tools.filter, query: searched };
    shown.filtered = tools.filtered;
    load(keep);
  }

  function here(place = list.here) {
    const item = list.item(place);
    return item ? { number: item.number, edge: list.edge(place) } : null;
  }

  /** Search, or go to the message whose address is in the search field. */
  async function applyQuery() {
    const text = query.value;
    searched = text;
    if (!mayBeAddress(text)) return applyFilter();
    const version = ++filterVersion;
    said.textContent = `Looking for ${text.trim()} …`;
    const found = await findAddress(ask, text, shown.filter, () => version === filterVersion);
    if (found === "dropped") return;
    if (found === "no address") return applyFilter();
    searched = "";
    if (found === "not there") {
      applyFilter();
      said.textContent = `There is no ${text.trim()}`;
      return;
    }
    await showTab("messages");
    showInContext({ number: found.number, edge: list.element.clientHeight / 3 });
  }

  /**
   * Lift the filter, and show a message among all others.
   *
   * @param {Kept} message
   */
  function showInContext(message) {
    tools.lift();
    applyFilter({ ...message, exact: true });
  }

  /** @type {Record<string, (place: number, code?: string) => void>} */
  const actions = {
    open: (place) => list.toggle(place),
    async copy(place, code = list.item(place)?.where ?? "") {
      said.textContent = (await copyText(code)) ? `Copied ${code}` : code;
      if (said.textContent === code) getSelection()?.selectAllChildren(said);
    },
    context(place) {
      const message = here(place);
      if (message && shown.filtered) showInContext({ ...message, focus: true });
    },
  };

  let typing = 0;
  query.addEventListener("input", () => {
    clearTimeout(typing);
    typing = window.setTimeout(applyQuery, SEARCH_DELAY);
  });
  tools.onChoice(applyFilter);

  const toActive = () => list.goTo(list.active);
  /** @type {import("./viewer_keys.js").Keys} */
  const queryKeys = {
    Enter: (event) => (searched ? search.go(event.shiftKey ? -1 : 1) : list.goTo(list.here)),
    ArrowDown: () => list.goTo(list.here),
    Escape() {
      query.value = "";
      applyQuery();
      toActive();
    },
  };
  /** @type {import("./viewer_keys.js").Keys} */
  const turnKeys = {
    Enter: () => {
      if (turn.value) goToFound("turn", { turn: Number(turn.value) });
    },
    Escape: toActive,
  };
  /** @type {import("./viewer_keys.js").Keys} */
  const moves = {
    ...movesIn(list),
    Enter: () => actions.open(list.active),
    " ": () => actions.open(list.active),
    n: () => search.go(1, true),
    p: () => search.go(-1, true),
    d: () => goToFound("discussion", { step: 1 }),
    D: () => goToFound("discussion", { step: -1 }),
    c: () => actions.copy(list.active),
    x: () => actions.context(list.active),
    "/": () => query.select(),
    t: () => showTab("discussions").then(table.focus),
    Escape() {
      showTab("messages");
      list.close();
      toActive();
    },
  };
  listenToKeys(root, new Map().set(query, queryKeys).set(turn, turnKeys), moves);

  load();
  return () => {
    closed = true;
    disconnect();
    list.disconnect();
  };
}

export default { render };
