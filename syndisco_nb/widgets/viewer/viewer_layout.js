// The frame of the viewer: title, tools, the tabs of messages and discussions, and the lines that report.

import { keepKeys, make, makeButton, makeRoot, setText } from "../common.js";
import { makeLegend } from "./viewer_keys.js";
import { numberText } from "./viewer_text.js";

/** @typedef {"messages" | "discussions"} Tab */

/**
 * Return the frame.
 *
 * @param {HTMLElement} tools
 * @param {Record<Tab, HTMLElement>} panels
 * @param {(tab: Tab) => void} onTab Called with the tab that was chosen.
 */
export function makeLayout(tools, panels, onTab) {
  const root = makeRoot("snb-view");
  keepKeys(root);
  const kind = make("div", "snb-kind");
  const title = make("div", "snb-title");
  title.dir = "auto";
  const warning = make("div", "snb-warning");
  warning.setAttribute("role", "alert");
  warning.hidden = true;
  const said = make("span", "snb-view-said");
  said.setAttribute("role", "status");
  const position = make("span");
  const count = make("span", "", "Opening …");
  const messages = makeTab("messages", "Messages");
  const discussions = makeTab("discussions", "Discussions");
  const tabs = make("div", "snb-view-tabs", null, messages, discussions);
  tabs.setAttribute("role", "tablist");
  tabs.hidden = true;
  const bar = make("div", "snb-view-bar", null, tabs, said, position, count);
  const head = make("div", "snb-head", null, kind, title);
  root.append(head, tools, warning, bar, panels.messages, panels.discussions, makeLegend());
  show("messages");

  /**
   * @param {Tab} tab
   * @param {string} text
   */
  function makeTab(tab, text) {
    const button = makeButton("", text, () => onTab(tab));
    button.setAttribute("role", "tab");
    button.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
      const other = tab === "messages" ? discussions : messages;
      other.click();
      other.focus();
    });
    return button;
  }

  /** @param {Tab} tab */
  function show(tab) {
    for (const [button, name] of /** @type {const} */ ([
      [messages, "messages"],
      [discussions, "discussions"],
    ])) {
      button.setAttribute("aria-selected", String(name === tab));
      button.tabIndex = name === tab ? 0 : -1;
      panels[name].hidden = name !== tab;
    }
  }

  return {
    root,
    said,
    show,
    get tab() {
      return panels.messages.hidden ? "discussions" : "messages";
    },
    /** @param {string} text */
    warn(text) {
      warning.textContent = text;
      warning.hidden = false;
    },
    /** @param {string} text Where the reader is in a discussion. */
    place(text) {
      setText(position, text);
    },
    /** @param {string} text How many messages there are. */
    count(text) {
      setText(count, text);
    },
    /**
     * Show what is viewed.
     *
     * @param {{ kind: string, title: string, several: boolean, problems: string[] }} found
     * @param {number} discussionCount
     */
    name(found, discussionCount) {
      setText(kind, found.kind);
      setText(title, found.title);
      setText(discussions, `Discussions (${numberText(discussionCount)})`);
      root.setAttribute("aria-label", `${found.kind}: ${found.title}`);
      tabs.hidden = !found.several;
      if (found.problems.length) this.warn(found.problems.join("\n"));
    },
  };
}
