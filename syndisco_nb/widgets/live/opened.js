// The discussion that is opened in full: it grows while it is read, and a reader may add comments to it.

import { make, makeButton, setText } from "../common.js";
import { makeCardHead } from "./card_head.js";
import { growConversation, showWriting } from "./conversation.js";
import { cardKey, isInProgress } from "./live_text.js";

/** @import { Card, Head } from "./live_text.js" */

const AGAIN = 1000; // milliseconds until an open discussion is asked for again, if its card does not change before
const NEAR_END = 30; // pixels from the end within which a reader is taken to follow

/**
 * Return the panel, hidden.
 *
 * @param {object} on
 * @param {(kind: string, rest: object) => Promise<any>} on.ask Asks the kernel.
 * @param {(kind: string, rest: object) => Promise<boolean>} on.act Has the kernel do something; returns whether it did.
 * @param {(text: string) => void} on.complain Shows an error.
 * @param {() => boolean} on.goesOn Returns whether the run goes on.
 * @param {(card: Card | null) => void} on.opened Called when another discussion, or none, is open.
 */
export function makeOpened({ ask, act, complain, goesOn, opened: onOpened }) {
  /** @type {{ card: Card, next: number, back: Element | null } | null} */
  let opened = null;
  let ended = false;
  let wake = () => {};
  const shut = makeButton("snb-live-small", "Close", close);
  const head = makeCardHead(make("span", "snb-live-name"), shut);
  const all = make("ol", "snb-live-talk");
  all.tabIndex = 0;
  all.setAttribute("aria-label", "All comments");
  const text = makeInput("snb-live-text");
  const name = makeInput("snb-live-by", "Guest");
  const send = make("button", "snb-live-press", "Send");
  const sent = make("span", "snb-note");
  sent.setAttribute("role", "status");
  const inputs = [label("Your name", name), label("Add comment", text)];
  const form = make("form", "snb-live-form", null, ...inputs, send, sent);
  form.hidden = true;
  const panel = make("section", "snb-live-open", null, head.element, all, form);
  panel.hidden = true;

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!opened) return;
    const { condition, unit } = opened.card;
    setText(sent, "");
    if (await act("inject", { condition, unit, text: text.value, name: name.value })) {
      text.value = "";
      setText(sent, "Sent. The comment appears before the next turn.");
    }
  });

  /**
   * Open a discussion.
   *
   * @param {Card} card
   * @param {object} [how]
   * @param {boolean} [how.commenting] Whether the reader is about to add a comment.
   * @param {boolean} [how.byItself] Whether no reader asked for it: then the focus stays, and it cannot be closed.
   */
  async function open(card, { commenting = false, byItself = false } = {}) {
    const mine = { card, next: 0, back: document.activeElement };
    opened = mine;
    setText(sent, "");
    head.draw(card);
    all.replaceChildren();
    panel.hidden = false;
    shut.hidden = byItself;
    onOpened(card);
    for (let first = true; opened === mine && !ended; first = false) {
      try {
        const { condition, unit } = card;
        const found = await ask("open", { condition, unit, start: mine.next });
        if (opened !== mine) return;
        const follows = all.scrollTop + all.clientHeight > all.scrollHeight - NEAR_END;
        growConversation(all, found.said, first);
        showWriting(all, found.writing);
        mine.next = found.first + found.said.length;
        if (first || follows) all.scrollTop = all.scrollHeight;
        if (first && !byItself) {
          (commenting && !form.hidden ? text : all).focus({ preventScroll: true });
          panel.scrollIntoView({ block: "nearest" });
        }
      } catch (error) {
        if (opened === mine) complain(/** @type {Error} */ (error).message);
        return;
      }
      if (!goesOn()) return;
      await new Promise((resolve) => {
        wake = () => resolve(null);
        setTimeout(resolve, AGAIN);
      });
    }
  }

  function close() {
    const back = opened?.back;
    opened = null;
    panel.hidden = true;
    if (back instanceof HTMLElement && back.isConnected) back.focus({ preventScroll: true });
    onOpened(null);
  }

  return {
    element: panel,
    open,
    close,
    /** The card of the discussion, or null. */
    get card() {
      return opened?.card ?? null;
    },
    get canClose() {
      return opened !== null && !shut.hidden;
    },
    /**
     * Show how far the discussion is, and ask for what is new in it.
     *
     * @param {Card[]} cards
     */
    update(cards) {
      const card = cards.find((one) => opened && cardKey(one) === cardKey(opened.card));
      if (!opened || !card || JSON.stringify(card) === JSON.stringify(opened.card)) return;
      opened.card = card;
      head.draw(card);
      wake();
    },
    /**
     * Offer to add a comment: only in the kernel's own process, and only while the discussion goes on.
     *
     * @param {Head} head
     */
    offerTools({ going, here, talks }) {
      form.hidden = !(opened && isInProgress(opened.card) && going && here && talks);
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
