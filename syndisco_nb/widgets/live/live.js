// A run that goes on: how far it is, what is being said, and a hand in it.
// All that is shown comes with the widget's state; what is opened in full is asked for, and asked for again while it
// grows. Every text from outside goes in by textContent; what is shown at the end was made by the kernel's own display.

const AGAIN = 1000; // milliseconds until an opened discussion is asked for again
const LATE = 3000; // milliseconds until a kernel that does not answer is said to be busy

function make(name, className = "", text = null, ...children) {
  const one = document.createElement(name);
  if (className) one.className = className;
  if (text !== null) one.textContent = text;
  one.append(...children);
  return one;
}

function button(text, className, pressed) {
  const one = make("button", className, text);
  one.type = "button";
  one.addEventListener("click", pressed);
  return one;
}

/** Set a text only where it changes, so that nothing is selected anew or read out again. */
function say(one, text) {
  if (one.textContent !== text) one.textContent = text;
}

/** Return a function that asks the kernel and promises its answer. */
function connect(model, late) {
  const waiting = new Map();
  let last = 0;
  const answered = (answer) => {
    const found = waiting.get(answer?.id);
    if (!found) return; // another view of the same widget asked
    waiting.delete(answer.id);
    clearTimeout(found.timer);
    late(false);
    if (answer.error) found.fail(answer.error);
    else found.settle(answer);
  };
  model.on("msg:custom", answered);
  const prefix = Math.floor(Math.random() * 2 ** 32) * 2 ** 20; // a widget may have several views
  const ask = (kind, rest = {}) =>
    new Promise((settle, fail) => {
      const id = prefix + ++last;
      waiting.set(id, { settle, fail, timer: setTimeout(() => late(true), LATE) });
      model.send({ id, kind, ...rest });
    });
  const disconnect = () => {
    model.off("msg:custom", answered);
    for (const { timer } of waiting.values()) clearTimeout(timer);
  };
  return [ask, disconnect];
}

/** Return a bar that can be read out. */
function bar(label) {
  const fill = make("i");
  const one = make("div", "snb-live-bar", null, fill);
  one.setAttribute("role", "progressbar");
  one.setAttribute("aria-label", label);
  one.setAttribute("aria-valuemin", "0");
  one.setAttribute("aria-valuemax", "100");
  return [
    one,
    (share, text) => {
      fill.style.width = `${100 * share}%`;
      one.setAttribute("aria-valuenow", String(Math.round(100 * share)));
      one.setAttribute("aria-valuetext", text);
    },
  ];
}

/** Return one comment, silence, or labelled comment. */
function saidOf(one) {
  if (one.silent) return make("li", "snb-live-said snb-live-silent", null, make("bdi", "", one.name), " says nothing");
  const face = make("span", "snb-face");
  face.dataset.i = one.face;
  const by = make("div", "snb-by", null, face, make("span", "snb-name", null, make("bdi", "", one.name)));
  if (one.badge) by.append(make("span", "snb-badge", one.badge));
  if (one.label) by.append(make("span", "snb-answer", null, make("bdi", "", one.label)));
  const text = make("div", "snb-say", one.text);
  text.dir = "auto";
  const item = make("li", `snb-live-said snb-${one.role} ${one.classes}`, null, by, text);
  item.style.borderLeft = one.border;
  return item;
}

/** Show the comments of a list that are not there yet; `anew` empties it first. */
function grow(list, said, anew) {
  const key = (one) => `${one.index} ${one.label}`;
  const there = new Set(anew ? [] : [...list.children].map((item) => item.dataset.key));
  if (anew) list.replaceChildren();
  for (const one of said) {
    if (there.has(key(one))) continue;
    const item = saidOf(one);
    item.dataset.key = key(one);
    if (!anew) item.classList.add("snb-live-new");
    list.append(item);
  }
}

/** Show, below what was said, who is being asked, and what they have written by now. */
function showWriting(list, writing) {
  let item = list.querySelector(":scope > .snb-live-writing");
  if (!writing || item?.dataset.by !== writing.name) {
    item?.remove();
    if (!writing) return;
    item = saidOf(writing);
    item.classList.add("snb-live-writing");
    item.dataset.by = writing.name;
  }
  if (list.lastChild !== item) list.append(item);
  say(item.querySelector(".snb-say"), `${writing.text}…`);
}

function render({ model, el }) {
  const root = make("div", "snb snb-live mathjax_ignore tex2jax_ignore");
  root.dataset.lmSuppressShortcuts = "true"; // its keys are none for the notebook
  root.setAttribute("role", "region");
  el.append(root);
  let ended = false;

  // What stands above

  const kind = make("div", "snb-kind");
  const title = make("div", "snb-title");
  const status = make("span", "snb-live-status");
  status.setAttribute("role", "status");
  const pause = button("Pause", "snb-live-press", () => act(model.get("head").status === "paused" ? "resume" : "pause"));
  const stop = button("Stop", "snb-live-press", () => act("stop"));
  const buttons = make("div", "snb-live-buttons", null, pause, stop);
  const [whole, setWhole] = bar("All");
  const facts = make("dl", "snb-facts");
  const note = make("div", "snb-note");
  const warning = make("div", "snb-warning");
  warning.setAttribute("role", "alert");
  const trouble = make("div", "snb-note");
  const names = make("div", "", null, kind, make("div", "snb-live-title", null, title, status));
  const top = make("div", "snb-live-top", null, names, buttons);

  const rows = make("ul", "snb-live-rows");
  rows.setAttribute("aria-label", "Conditions");
  const cards = make("ul", "snb-live-cards");
  cards.setAttribute("aria-label", "Under way");
  const more = make("div", "snb-note");
  const failures = make("details", "snb-fold", null, make("summary"), make("ul", "snb-live-failures"));
  const panel = make("section", "snb-live-open");
  panel.hidden = true;
  root.append(top, whole, facts, warning, note, trouble, rows, panel, cards, more, failures);

  const busy = make("div", "snb-note", "The kernel is busy with a cell; this is answered once that is done.");
  busy.hidden = true;
  root.insertBefore(busy, rows);
  const [ask, disconnect] = connect(model, (late) => (busy.hidden = !late));
  let failed = "";
  const complain = (text) => {
    failed = text;
    showHead();
  };
  const act = async (what, rest = {}) => {
    try {
      await ask(what, rest);
      complain("");
      return true;
    } catch (error) {
      complain(String(error));
      return false;
    }
  };

  function showHead() {
    const head = model.get("head");
    if (!head.status) return;
    say(kind, `Live · ${head.folder}`);
    say(title, head.title || (head.going ? "Beginning …" : "Not begun yet"));
    say(status, head.status);
    status.dataset.status = head.status;
    root.setAttribute("aria-label", `Live view of ${head.folder}`);
    setWhole(head.share, `${head.title}, ${head.status}`);
    whole.classList.toggle("snb-live-still", head.status !== "running");
    buttons.hidden = !(head.going && (head.here || head.status === "stopping"));
    say(pause, head.status === "paused" ? "Resume" : "Pause");
    pause.disabled = stop.disabled = head.status === "stopping";
    const known = JSON.stringify(head.facts);
    if (facts.dataset.known !== known) {
      facts.dataset.known = known;
      facts.replaceChildren(
        ...head.facts.map(([name, value]) => make("div", "", null, make("dt", "", name), make("dd", "", value))),
      );
    }
    say(warning, [failed, head.warning ? head.note : ""].filter(Boolean).join("\n"));
    warning.hidden = !warning.textContent;
    say(note, head.warning ? "" : head.note);
    note.hidden = !note.textContent;
    say(trouble, head.trouble);
    trouble.hidden = !head.trouble;
    showMore();
    showTools();
  }

  // The conditions

  const rowOf = new Map();
  function showRows() {
    const found = model.get("runs");
    rows.hidden = !found.length;
    for (const row of found) {
      if (!rowOf.has(row.condition)) {
        const [line, set] = bar(row.condition);
        const [count, state] = [make("span", "snb-live-count"), make("span", "snb-live-state")];
        const name = make("span", "snb-live-condition", null, make("bdi", "", row.condition));
        rows.append(make("li", "", null, name, line, count, state));
        rowOf.set(row.condition, { line, set, count, state });
      }
      const { line, set, count, state } = rowOf.get(row.condition);
      set(row.share, `${row.finished}, ${row.status}`);
      line.classList.toggle("snb-live-still", row.status !== "running");
      say(count, row.finished);
      say(state, row.failed ? `${row.status}, ${row.failed} failed` : row.status);
    }
  }

  // What is being said

  const cardOf = new Map();
  const keyOf = (one) => `${one.condition}/${one.unit}`;

  function makeCard(card) {
    const name = button("", "snb-live-name", () => open(card));
    const turn = make("span", "snb-when");
    const topic = make("div", "snb-live-topic");
    topic.dir = "auto";
    const said = make("ol", "snb-live-talk");
    const skip = button("Skip", "snb-live-small", () => act("skip", { condition: card.condition, unit: card.unit }));
    const speak = button("Say something", "snb-live-small", () => open(card, true));
    const tools = make("div", "snb-live-tools", null, speak, skip);
    const one = make("li", "snb-live-card", null, make("div", "snb-live-cardhead", null, name, turn), topic, said, tools);
    one.addEventListener("click", (event) => {
      if (!event.target.closest("button") && !String(getSelection())) open(card);
    });
    return { one, name, turn, topic, said, tools, skip, speak, shown: "" };
  }

  function showCards() {
    const found = model.get("cards");
    const keys = found.map(keyOf);
    for (const [key, card] of cardOf)
      if (!keys.includes(key)) {
        card.one.remove();
        cardOf.delete(key);
      }
    found.forEach((card, place) => {
      const key = keyOf(card);
      if (!cardOf.has(key)) cardOf.set(key, makeCard(card));
      const parts = cardOf.get(key);
      if (cards.children[place] !== parts.one) cards.insertBefore(parts.one, cards.children[place] ?? null);
      const shown = JSON.stringify(card);
      if (parts.shown === shown) return;
      const first = parts.shown === "";
      parts.shown = shown;
      say(parts.name, card.title);
      parts.name.setAttribute("aria-label", `Open: ${card.title}`);
      parts.skip.setAttribute("aria-label", `Skip: ${card.title}`);
      parts.speak.setAttribute("aria-label", `Say something: ${card.title}`);
      say(parts.turn, card.state === "under way" ? card.turn : `${card.turn}, ${card.state}`);
      say(parts.topic, card.topic);
      parts.topic.hidden = !card.topic;
      parts.one.classList.toggle("snb-live-done", card.state !== "under way");
      grow(parts.said, card.said, first);
      while (parts.said.querySelectorAll(":scope > [data-key]").length > 4) parts.said.firstChild.remove();
      showWriting(parts.said, card.writing);
      parts.said.scrollTop = parts.said.scrollHeight;
    });
    showMore();
    showTools();
  }

  function showMore() {
    const head = model.get("head");
    const shown = model.get("cards").filter((card) => card.state === "under way").length;
    const rest = (head.under_way ?? 0) - shown;
    say(more, rest > 0 ? `and ${rest.toLocaleString("en")} more under way` : "");
    more.hidden = rest <= 0;
  }

  /** Offer what can be done to each: only in this process, and only while it goes on. */
  function showTools() {
    const head = model.get("head");
    for (const card of model.get("cards")) {
      const parts = cardOf.get(keyOf(card));
      if (!parts) continue;
      parts.tools.hidden = !(head.going && head.here);
      parts.skip.disabled = parts.speak.disabled = card.state !== "under way";
      parts.speak.hidden = !head.talks;
    }
    form.hidden = !(opened && head.going && head.here && head.talks);
  }

  // One, opened in full

  let opened = null;
  const heading = make("span", "snb-live-name");
  const all = make("ol", "snb-live-talk");
  all.tabIndex = 0;
  all.setAttribute("aria-label", "All that was said");
  const text = make("input", "snb-live-text");
  const name = make("input", "snb-live-by");
  Object.assign(text, { type: "text", autocomplete: "off" });
  Object.assign(name, { type: "text", autocomplete: "off", value: "Guest" });
  const labelled = (label, input) => make("label", "", null, make("span", "", label), input);
  const send = make("button", "snb-live-press", "Say it");
  const sent = make("span", "snb-note");
  sent.setAttribute("role", "status");
  const form = make("form", "snb-live-form", null, labelled("Name", name), labelled("What you say", text), send, sent);
  form.hidden = true;
  const shut = button("Close", "snb-live-small", () => close());
  panel.append(make("div", "snb-live-cardhead", null, heading, shut), all, form);

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { condition, unit } = opened;
    say(sent, "");
    if (await act("inject", { condition, unit, text: text.value, name: name.value })) {
      text.value = "";
      say(sent, "It will be said before the next turn.");
    }
  });

  async function open(card, speaking = false) {
    const mine = { ...card, next: 0, back: document.activeElement };
    opened = mine;
    say(sent, "");
    say(heading, card.title);
    all.replaceChildren();
    panel.hidden = false;
    showTools();
    let first = true;
    while (opened === mine && !ended) {
      try {
        const found = await ask("open", { condition: mine.condition, unit: mine.unit, start: mine.next });
        if (opened !== mine) return;
        const low = all.scrollTop + all.clientHeight > all.scrollHeight - 30;
        grow(all, found.said, first);
        showWriting(all, found.writing);
        mine.next = found.first + found.said.length;
        if (first || low) all.scrollTop = all.scrollHeight;
        if (first) (speaking && !form.hidden ? text : all).focus({ preventScroll: true });
        if (first) panel.scrollIntoView({ block: "nearest" });
      } catch (error) {
        if (opened === mine) complain(String(error));
        return;
      }
      first = false;
      if (!model.get("head").going) return;
      await new Promise((settle) => setTimeout(settle, AGAIN));
    }
  }

  function close() {
    const back = opened?.back;
    opened = null;
    panel.hidden = true;
    if (back?.isConnected) back.focus({ preventScroll: true });
  }

  root.addEventListener("keydown", (event) => {
    if (!event.ctrlKey && !event.metaKey && !(event.shiftKey && event.key === "Enter")) event.stopPropagation();
    if (event.key === "Escape" && opened) close();
  });

  // What failed

  function showFailures() {
    const found = model.get("failures");
    failures.hidden = !found.length;
    const total = model.get("head").facts?.find(([what]) => what === "failed")?.[1] ?? found.length;
    say(failures.firstChild, `${total} failed`);
    failures.lastChild.replaceChildren(
      ...found.map(([what, reason, attempt]) =>
        make("li", "", null, make("b", "", what), ` ${reason} `, make("span", "snb-when", attempt))),
    );
  }

  /** Show what it came to, in place of all this: made by the kernel's display, which escapes what is not its own. */
  function showStill() {
    const still = model.get("still");
    if (!still) return;
    el.replaceChildren(document.createRange().createContextualFragment(still));
  }

  const watched = { head: showHead, runs: showRows, cards: showCards, failures: showFailures, still: showStill };
  for (const [trait, show] of Object.entries(watched)) {
    model.on(`change:${trait}`, show);
    show();
  }
  return () => {
    ended = true;
    disconnect();
    for (const [trait, show] of Object.entries(watched)) model.off(`change:${trait}`, show);
  };
}

export default { render };
