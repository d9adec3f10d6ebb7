// The discussion that is opened in full: it grows while it is read, and a reader may speak in it.

import { make, makeButton, setText } from "../common.js";
import { growConversation, showWriting } from "./conversation.js";

/** @import { Card, Head } from "./live_text.js" */

const AGAIN = 1000; // milliseconds until an open discussion is asked for again
const NEAR_END = 30; // pixels from the end within which a reader is taken to follow

/**
 * Return the panel, hidden.
 *
 * @param {object} on
 * @param {(kind: string, rest: object) => Promise<any>} on.ask Asks the kernel.
 * @param {(kind: string, rest: object) => Promise<boolean>} on.act Has the kernel do something; returns whether it did.
 * @param {(text: string) => void} on.complain Shows an error.
 * @param {() => boolean} on.goesOn Returns whether the run goes on.
 * @param {() => void} on.opened Called when another discussion is open.
 */
export function makeOpened({ ask, act, complain, goesOn, opened: onOpened }) {
  /** @type {(Card & { next: number, back: Element | null }) | null} */
  let opened = null;
  let ended = false;
  const heading = make("span", "snb-live-name");
  const all = make("ol", "snb-live-talk");
  all.tabIndex = 0;
  all.setAttribute("aria-label", "All that was said");
  const text = makeInput("snb-live-text");
  const name = makeInput("snb-live-by", "Guest");
  const send = make("button", "snb-live-press", "Say it");
  const sent = make("span", "snb-note");
  sent.setAttribute("role", "status");
  const inputs = [label("Name", name), label("What you say", text)];
  const form = make("form", "snb-live-form", null, ...inputs, send, sent);
  form.hidden = true;
  const shut = makeButton("snb-live-small", "Close", close);
  const panel = make("section", "snb-live-open");
  panel.hidden = true;
  panel.append(make("div", "snb-live-cardhead", null, heading, shut), all, form);

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!opened) return;
    const { condition, unit } = opened;
    setText(sent, "");
    if (await act("inject", { condition, unit, text: text.value, name: name.value })) {
      text.value = "";
      setText(sent, "It will be said before the next turn.");
    }
  });

  /**
   * Open a discussion.
   *
   * @param {Card} card
   * @param {boolean} speaking Whether the reader is about to speak in it.
   */
  async function open(card, speaking) {
    const mine = { ...card, next: 0, back: document.activeElement };
    opened = mine;
    setText(sent, "");
    setText(heading, card.title);
    all.replaceChildren();
    panel.hidden = false;
    onOpened();
    for (let first = true; opened === mine && !ended; first = false) {
      try {
        const found = await ask("open", { condition: mine.condition, unit: mine.unit, start: mine.next });
        if (opened !== mine) return;
        const follows = all.scrollTop + all.clientHeight > all.scrollHeight - NEAR_END;
        growConversation(all, found.said, first);
        showWriting(all, found.writing);
        mine.next = found.first + found.said.length;
        if (first || follows) all.scrollTop = all.scrollHeight;
        if (first) (speaking && !form.hidden ? text : all).focus({ preventScroll: true });
        if (first) panel.scrollIntoView({ block: "nearest" });
      } catch (error) {
        if (opened === mine) complain(/** @type {Error} */ (error).message);
        return;
      }
      if (!goesOn()) return;
      await new Promise((resolve) => setTimeout(resolve, AGAIN));
    }
  }

  function close() {
    const back = opened?.back;
    opened = null;
    panel.hidden = true;
    if (back instanceof HTMLElement && back.isConnected) back.focus({ preventScroll: true });
  }

  return {
    element: panel,
    open,
    close,
    get isOpen() {
      return opened !== null;
    },
    /**
     * Offer to speak: only in a discussion of the kernel's own process, and only while it goes on.
     *
     * @param {Head} head
     */
    offerTools(head) {
      form.hidden = !(opened && head.going && head.here && head.talks);
    },
    /** Ask for nothing more. */
    disconnect() {
      ended = true;
    },
  };
}

/**
 * @param {string} className
 * @param {string} [value]
 */
function makeInput(className, value = "") {
  return Object.assign(make("input", className), { type: "text", autocomplete: "off", value });
}

/**
 * @param {string} text
 * @param {HTMLInputElement} input
 */
function label(text, input) {
  return make("label", "", null, make("span", "", text), input);
}
