// What both pages of a person share: the comments, the box to type in, and what is sent to the kernel.

import { keepKeys, make, makeButton, makeFace, makeRoot, showText } from "../common.js";

/**
 * @import { AnyModel } from "@anywidget/types"
 * @typedef {{
 *   gap?: string, turn: number, name: string, face: string, classes: string, border: string, role: string,
 *   badge: string, own: boolean, silent: boolean, text: string,
 * }} TalkRow A comment or silence; or, with `gap`, how many are not shown.
 * @typedef {{ heard: string, news: string, bad: boolean }} Reply The last message that the kernel took in, and what came of it.
 */

const BUSY = 1500; // milliseconds without an answer before a reader is told why
const PAUSE = 200; // milliseconds without a key before the kernel gets a copy of what is typed

/**
 * Return the root of a page, in its place.
 *
 * @param {HTMLElement} el
 * @param {string} className
 */
export function addRoot(el, className) {
  const root = makeRoot(`snb-desk ${className}`);
  keepKeys(root);
  el.append(root);
  return root;
}

/**
 * Return a button that shows its key.
 *
 * @param {string} text
 * @param {string} key
 * @param {() => void} pressed
 * @param {string} [className]
 */
export function makeKeyButton(text, key, pressed, className = "") {
  const button = makeButton(`snb-do ${className}`.trim(), null, pressed);
  button.append(make("span", "", text));
  if (key) {
    const shown = make("kbd", "", key);
    shown.setAttribute("aria-hidden", "true");
    button.append(shown);
    button.setAttribute("aria-keyshortcuts", key.replace("Ctrl", "Control"));
  }
  return button;
}

/**
 * Return a comment, as in a transcript.
 *
 * @param {TalkRow} row
 */
export function makeComment(row) {
  if (row.gap) return make("li", "snb-gap", null, make("div", "", row.gap));
  const name = make("bdi", "", row.name);
  if (row.silent) {
    const text = make("span", "", null, name, ` silent · turn ${row.turn}`);
    return make("li", "snb-quiet", null, make("div", "", null, text));
  }
  const by = make("div", "snb-by", null, makeFace(row.face), make("b", "snb-name", null, name));
  if (row.own) by.append(make("span", "snb-badge", "you"));
  if (row.badge) by.append(make("span", "snb-badge", row.badge));
  if (row.role !== "opening") by.append(make("span", "snb-when", `turn ${row.turn}`));
  const text = make("div", "snb-say", row.text);
  text.dir = "auto";
  const classes = [row.classes, row.role === "participant" ? "" : `snb-${row.role}`, row.own ? "snb-own" : ""];
  const article = make("article", classes.filter(Boolean).join(" "), null, by, text);
  article.style.borderLeft = row.border;
  article.style.padding = "0 0 0 12px";
  return make("li", "", null, article);
}

/**
 * Return whether the reader is in a page: a button that is disabled while pressed loses the focus to the body.
 *
 * @param {HTMLElement} root
 * @param {boolean} answered Whether the kernel has just answered this page.
 */
export function hasReader(root, answered) {
  return root.contains(document.activeElement) || (answered && document.activeElement === document.body);
}

/**
 * Return the means to send what is pressed, and to show what came of it.
 *
 * @param {AnyModel} model
 */
export function makeSender(model) {
  const news = make("div", "snb-news");
  news.setAttribute("role", "status");
  const why =
    "The kernel is busy with another cell; this is sent when that ends. If that cell waits for you, interrupt it.";
  const busy = make("div", "snb-busy", why);
  busy.hidden = true;
  /** @type {string | null} */
  let unanswered = null; // the message that the kernel has not taken in yet
  let timer = 0;
  return {
    news,
    busy,
    /** Whether a message is not answered yet. */
    get isPending() {
      return unanswered !== null;
    },
    /**
     * Send what was pressed.
     *
     * @param {string} kind
     * @param {object} rest
     */
    send(kind, rest) {
      unanswered = `${Date.now()}-${Math.random()}`;
      clearTimeout(timer);
      timer = window.setTimeout(() => {
        busy.hidden = false;
      }, BUSY);
      model.send({ kind, id: unanswered, ...rest });
    },
    /**
     * Show the news; return whether they answer this page's own message.
     *
     * @param {Reply} reply
     */
    receive(reply) {
      news.classList.toggle("snb-warning", reply.bad);
      news.setAttribute("role", reply.bad ? "alert" : "status");
      showText(news, reply.news);
      if (unanswered === null || reply.heard !== unanswered) return false;
      unanswered = null;
      clearTimeout(timer);
      busy.hidden = true;
      return true;
    },
    /** Forget what is not answered. */
    disconnect() {
      clearTimeout(timer);
    },
  };
}

/**
 * Return a box to type in. The kernel gets a copy of what is typed, for a page that is loaded anew.
 *
 * @param {AnyModel} model
 * @param {string} label
 * @param {(text: string) => void} onSend
 * @param {() => string} [at] Returns the question that the text is for, if it is for that one alone.
 */
export function makeBox(model, label, onSend, at = () => "") {
  const area = make("textarea", "snb-box");
  area.rows = 3;
  area.value = model.get("draft");
  area.setAttribute("aria-label", label);
  area.setAttribute("aria-keyshortcuts", "Control+Enter");
  let timer = 0;
  const flush = () => {
    if (!timer) return;
    clearTimeout(timer);
    timer = 0;
    model.send({ kind: "draft", at: at(), text: area.value });
  };
  const send = () => {
    flush();
    if (!area.readOnly) onSend(area.value);
  };
  area.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(flush, PAUSE);
  });
  area.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    send();
  });
  return { area, send, flush, disconnect: () => clearTimeout(timer) };
}
