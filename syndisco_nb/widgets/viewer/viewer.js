// A window on many messages. Only the rows in sight are in the page; they come from the kernel, a page at a time.
// Every text from outside goes in by textContent.

const PAGE = 100; // as in viewer.py
const SPARE = 4; // rows drawn beyond either edge, so that a slow scroll never shows an empty one
const KEPT = 40; // pages
const TALLEST = 8_000_000; // pixels; browsers stop somewhere above
const WAIT = 150; // milliseconds without a key before a search starts

function make(name, className = "", text = null, ...children) {
  const one = document.createElement(name);
  if (className) one.className = className;
  if (text !== null) one.textContent = text;
  one.append(...children);
  return one;
}

/** Return a function that asks the kernel and promises its answer. */
function connect(model, failed) {
  const waiting = new Map();
  let last = 0;
  const answered = (answer) => {
    const settle = waiting.get(answer?.id);
    if (!settle) return; // another view of the same widget asked
    waiting.delete(answer.id);
    if (answer.error) failed(answer.error);
    else settle(answer);
  };
  model.on("msg:custom", answered);
  const prefix = Math.floor(Math.random() * 2 ** 32) * 2 ** 20; // a widget may have several views
  const ask = (kind, rest = {}) =>
    new Promise((settle) => {
      const id = prefix + ++last;
      waiting.set(id, settle);
      model.send({ id, kind, ...rest });
    });
  return [ask, () => model.off("msg:custom", answered)];
}

/** Add a text to an element, with what was searched for marked. */
function addMarked(one, text, query) {
  if (!query) return one.append(text);
  const pattern = new RegExp(query.replace(/[.*+?^${}()|[\]\\\/]/g, "\\$&"), "giu");
  let end = 0;
  for (const found of text.matchAll(pattern)) {
    one.append(text.slice(end, found.index), make("mark", "", found[0]));
    end = found.index + found[0].length;
  }
  one.append(text.slice(end));
}

function ratingOf(rating, whole) {
  const one = make("div", rating.split ? "snb-rate snb-split" : "snb-rate");
  if (rating.scale) one.append(make("span", "snb-scale", null, make("bdi", "", rating.scale)));
  for (const [annotator, value, raw] of rating.answers) {
    const unread = value === null;
    const answer = make("span", unread ? "snb-answer snb-unread" : "snb-answer");
    if (whole) answer.append(make("bdi", "", annotator), " ");
    else answer.title = annotator;
    answer.append(make("b", "", null, make("bdi", "", unread ? "no label" : value)));
    if (unread && whole) answer.append(" in ", make("q", "", raw));
    one.append(answer);
  }
  if (rating.split) one.append(make("span", "snb-split-mark", whole ? "≠ they disagree" : "≠"));
  return one;
}

function render({ model, el }) {
  const root = make("div", "snb snb-view mathjax_ignore tex2jax_ignore");
  root.dataset.lmSuppressShortcuts = "true"; // JupyterLab's own keys would take the arrows
  root.setAttribute("role", "region");

  // What stands above the messages

  const kind = make("div", "snb-kind");
  const title = make("div", "snb-title");
  title.dir = "auto";
  const query = make("input", "snb-view-query");
  Object.assign(query, { type: "search", placeholder: "Search texts and names", autocomplete: "off" });
  query.setAttribute("aria-label", "Search texts and names");
  query.setAttribute("aria-keyshortcuts", "/");
  const previous = make("button", "", "↑");
  const next = make("button", "", "↓");
  for (const [button, label] of [[previous, "Previous hit"], [next, "Next hit"]]) {
    Object.assign(button, { type: "button", disabled: true, title: `${label} (${label[0].toLowerCase()})` });
    button.setAttribute("aria-label", label);
  }
  const hits = make("span", "snb-view-hits");
  hits.setAttribute("role", "status");
  const choice = (name, all) => {
    const select = make("select", "", null, make("option", "", all));
    select.setAttribute("aria-label", name);
    return select;
  };
  const speaker = choice("Speaker", "All speakers");
  const condition = choice("Condition", "All conditions");
  const discussion = choice("Discussion", "All discussions");
  const label = choice("Label", "All labels");
  const turn = make("input", "snb-view-turn");
  Object.assign(turn, { type: "number", min: "0", placeholder: "turn", title: "Go to a turn of this discussion (Enter)" });
  turn.setAttribute("aria-label", "Go to turn");
  condition.hidden = discussion.hidden = label.hidden = true;
  const search = make("div", "snb-view-search", null, query, previous, next, hits);
  const tools = make("div", "snb-view-tools", null, search, condition, speaker, discussion, label, turn);
  tools.setAttribute("role", "search");
  const state = make("span", "", "Opening …");
  const where = make("span", "snb-view-where");
  const bar = make("div", "snb-view-bar", null, where, state);
  const warning = make("div", "snb-warning");
  warning.setAttribute("role", "alert");
  warning.hidden = true;

  const list = make("div", "snb-view-list");
  list.setAttribute("role", "feed");
  list.setAttribute("aria-label", "Messages");
  const ground = make("div", "snb-view-ground");
  ground.setAttribute("role", "presentation");
  list.append(ground);
  const keys = make("div", "snb-note snb-view-keys");
  for (const [key, does] of [["/", "search"], ["n p", "hits"], ["↑ ↓", "move"], ["Enter", "open"], ["Esc", "close"]])
    keys.append(make("span", "", null, make("kbd", "", key), ` ${does}`));
  root.append(make("div", "snb-head", null, kind, title), tools, warning, bar, list, keys);
  el.append(root);

  const fail = (text) => {
    warning.textContent = text;
    warning.hidden = false;
  };
  const [ask, disconnect] = connect(model, fail);

  // What is known

  let filter = {};
  let round = 0; // answers to an earlier filter come too late
  let total = 0;
  let active = 0; // place of the row that has, or last had, the focus
  let opened = null; // { place, number, answer } of the one row that is open
  let extra = 0; // by how much it is taller than the others
  let height = 96;
  let ended = false;
  const pages = new Map();
  const drawn = new Map(); // place → element
  const heads = [];
  const speakers = [];
  const row = (place) => pages.get(Math.floor(place / PAGE))?.[place % PAGE];

  // Where things are. All rows have one height, but the one that is open.

  const top = (place) => place * height + (opened && place > opened.place ? extra : 0);
  const bottom = (place) => top(place + 1);
  const all = () => total * height + (opened ? extra : 0);
  const reach = () => Math.max(1, Math.min(all(), TALLEST) - list.clientHeight);
  const scale = () => Math.max(1, (all() - list.clientHeight) / reach());
  const offset = () => list.scrollTop * scale();
  const at = (pixel) => {
    if (!opened || pixel < top(opened.place)) return Math.floor(pixel / height);
    return Math.max(opened.place, Math.floor((pixel - extra) / height));
  };
  const scrollTo = (pixel) => {
    list.scrollTop = pixel / scale();
  };

  function draw() {
    ground.style.height = `${Math.min(all(), TALLEST)}px`;
    const start = offset();
    const first = Math.max(0, at(start) - SPARE);
    const end = Math.min(total, at(start + list.clientHeight) + SPARE + 1);
    for (const [place, one] of drawn) {
      const focused = one.contains(document.activeElement);
      if (place >= total || ((place < first || place >= end) && !focused)) {
        one.remove();
        drawn.delete(place);
      }
    }
    for (let place = first; place < end; place++) {
      if (drawn.has(place)) continue;
      const one = make("article", "snb-view-row");
      fill(one, place);
      drawn.set(place, one);
      const after = [...drawn.keys()].filter((other) => other > place);
      ground.insertBefore(one, after.length ? drawn.get(Math.min(...after)) : null); // a screen reader goes by this order
    }
    for (const [place, one] of drawn) {
      one.style.top = `${top(place) - start + list.scrollTop}px`;
      one.tabIndex = place === active ? 0 : -1;
      one.setAttribute("aria-setsize", total);
    }
    // With the active row out of sight, Tab goes to the first in sight.
    if (!drawn.has(active) && drawn.size) drawn.get(Math.min(total - 1, Math.max(first, at(start))))?.setAttribute("tabindex", 0);
    for (let page = Math.floor(first / PAGE); page * PAGE < end; page++) fetchPage(page);
    const top_row = row(at(start));
    const head = top_row && heads[top_row.discussion];
    where.textContent = head && !discussion.hidden ? `${head[2] ? `${head[2]} · ` : ""}Discussion ${head[0]} · ${head[1] || "no topic"}` : "";
  }

  let waiting = 0;
  const drawSoon = () => {
    waiting ||= requestAnimationFrame(() => {
      waiting = 0;
      draw();
    });
  };

  /** Ask for a page, unless it is here, on its way, and whole. */
  async function fetchPage(page) {
    const expected = Math.min(PAGE, total - page * PAGE);
    const here = pages.get(page);
    if (here && (here.asked ?? here.length) >= expected) return;
    const rows = here ?? [];
    rows.asked = expected;
    pages.set(page, rows);
    const now = round;
    const answer = await ask("page", { filter, page });
    if (now !== round) return;
    pages.set(page, answer.rows);
    if (pages.size > KEPT) pages.delete([...pages.keys()].reduce((far, one) => (Math.abs(one - page) > Math.abs(far - page) ? one : far)));
    for (const [place, one] of drawn) if (Math.floor(place / PAGE) === page) fill(one, place);
    drawSoon();
  }

  function fill(one, place) {
    const message = row(place);
    const open = opened?.place === place;
    one.style.height = open ? "" : `${height}px`;
    one.setAttribute("aria-posinset", place + 1);
    one.setAttribute("aria-busy", String(!message));
    if (!message) return one.setAttribute("aria-label", "Loading");
    if (one.dataset.number === `${message.number}` && one.dataset.open === String(open && Boolean(opened.answer))) return;
    one.dataset.number = message.number;
    one.dataset.open = String(open && Boolean(opened.answer));
    const said = message.silent ? "says nothing" : "";
    const several = !discussion.hidden;
    const [number, , under] = heads[message.discussion] ?? [];
    const when = (under ? `${under} · ` : "") + (several ? `discussion ${number} · ` : "") + (message.role === "opening" ? "" : `turn ${message.turn}`);
    one.className = `snb-view-row snb-${message.role} ${message.classes}${open ? " snb-view-open" : ""}`;
    one.style.borderLeft = message.border;
    one.setAttribute("aria-label", [message.name, when.replace(/ · $/, ""), said].filter(Boolean).join(", "));
    const face = make("span", "snb-face");
    face.dataset.i = message.face;
    const name = make("bdi");
    addMarked(name, message.name, filter.query);
    const by = make("div", "snb-by", null, face, make("b", "snb-name", null, name));
    if (message.badge) by.append(make("span", "snb-badge", message.badge));
    if (when) by.append(make("span", "snb-when", when.replace(/ · $/, "")));
    if (message.cut) by.append(make("span", "snb-badge snb-cut", message.cut));
    const toggle = make("button", "snb-view-toggle", open ? "close" : "open");
    toggle.type = "button";
    toggle.tabIndex = -1; // Enter on the message does the same
    toggle.setAttribute("aria-expanded", String(open));
    by.append(toggle);
    const say = make("div", message.silent ? "snb-say snb-view-silent" : "snb-say", said);
    say.dir = "auto";
    const answer = open ? opened.answer : null;
    if (!message.silent) addMarked(say, answer ? answer.text : message.text, filter.query);
    one.replaceChildren(by, say);
    if (message.ratings.length) {
      const rates = make("div", "snb-rates", null, ...message.ratings.map((rating) => ratingOf(rating, open)));
      one.append(rates);
    }
    if (answer) one.append(...detailsOf(answer));
  }

  function detailsOf(answer) {
    const parts = [make("div", "snb-view-path", null, make("code", "", answer.where))];
    if (!answer.title) return parts;
    const facts = make("dl", "snb-facts");
    for (const [name, value] of answer.facts)
      facts.append(make("div", "", null, make("dt", "", name), make("dd", "", null, make("bdi", "", value))));
    const chat = make("div", "snb-chat");
    for (const [role, text] of answer.sent) {
      const sent = make("div", "snb-sent", text);
      sent.dir = "auto";
      chat.append(make("div", "", null, make("div", "snb-role", role), sent));
    }
    return [...parts, facts, make("details", "snb-prompt", null, make("summary", "", answer.title), chat)];
  }

  // One row may be open; when it changes its height, those after it move.

  const measured = new ResizeObserver(([entry]) => {
    if (!opened || drawn.get(opened.place) !== entry.target) return;
    extra = Math.max(0, entry.target.offsetHeight - height);
    drawSoon();
  });

  async function toggle(place) {
    const message = row(place);
    const again = opened?.place === place;
    close();
    if (!message || again) return drawSoon();
    opened = { place, number: message.number, answer: null };
    const mine = opened;
    const answer = await ask("open", { place: message.number });
    if (opened !== mine) return;
    opened.answer = answer;
    const one = drawn.get(place);
    if (!one) return;
    fill(one, place);
    measured.observe(one);
    extra = Math.max(0, one.offsetHeight - height);
    drawSoon();
  }

  function close() {
    if (!opened) return;
    const { place } = opened;
    measured.disconnect();
    opened = null;
    extra = 0;
    if (drawn.has(place)) fill(drawn.get(place), place);
  }

  /** Return the place of the active row, or of the first in sight, if that is elsewhere. */
  const here = () => {
    const start = offset();
    const inSight = bottom(active) > start && top(active) < start + list.clientHeight;
    return inSight ? active : at(start);
  };

  /** Bring a row into sight, and give it the focus. */
  function goTo(place, { centred = false, focus = true } = {}) {
    if (!total) return;
    active = Math.max(0, Math.min(total - 1, place));
    const start = offset();
    const room = list.clientHeight;
    const above = top(active) < start;
    if (above || Math.min(bottom(active), top(active) + room) > start + room) {
      if (centred) scrollTo(top(active) - room / 3);
      else scrollTo(above ? top(active) : bottom(active) - room);
    }
    draw();
    for (const [other, one] of drawn) one.classList.toggle("snb-view-here", other === active);
    if (focus) drawn.get(active)?.focus({ preventScroll: true });
  }

  // What the reader asks for

  /** Ask how much there is, again and again while the kernel still reads. */
  async function look(keep = null) {
    const now = ++round;
    let first = true;
    for (;;) {
      const known = { discussions: heads.length, speakers: speakers.length };
      const found = await ask("look", { filter, keep, anew: first, ...known });
      if (ended) return;
      // By their places, since an earlier question may have brought the same.
      found.discussions.forEach((one, more) => (heads[known.discussions + more] = one));
      found.speakers.forEach((one, more) => (speakers[known.speakers + more] = one));
      learn(found);
      if (now !== round) return;
      total = found.total;
      count(found);
      if (first) {
        pages.clear();
        if (found.rows.length) pages.set(Math.floor(found.place / PAGE), found.rows);
        for (const one of drawn.values()) one.remove();
        drawn.clear();
        active = keep === null ? 0 : found.place;
        list.scrollTop = 0;
        draw();
        if (keep !== null) goTo(active, { centred: true, focus: false });
        first = false;
        if (filter.query) jump(0);
      } else drawSoon();
      if (found.done) return;
      await new Promise((settle) => setTimeout(settle, 20));
      if (now !== round || ended) return;
    }
  }

  /** Show what the kernel found out about all that there is. */
  function learn(found) {
    kind.textContent = found.kind;
    title.textContent = found.title;
    root.setAttribute("aria-label", `${found.kind}: ${found.title}`);
    discussion.hidden = !found.several;
    const options = (select, from) => select.options.length - 1 < from;
    if (options(speaker, speakers.length))
      speaker.append(...speakers.slice(speaker.options.length - 1).map(([, shown]) => make("option", "", shown)));
    if (options(discussion, heads.length))
      discussion.append(
        ...heads.slice(discussion.options.length - 1).map(([number, topic, under]) =>
          make("option", "", `${under ? `${under} · ` : ""}${number} · ${topic || "no topic"}`)),
      );
    condition.hidden = !found.conditions.length;
    if (options(condition, found.conditions.length))
      condition.append(...found.conditions.slice(condition.options.length - 1).map((name) => make("option", "", name)));
    offer();
    label.hidden = !found.labelled;
    height = found.labelled ? 124 : 96;
    const choices = found.scales.flatMap(([scale, labels, unread, split]) => [
      ...labels.map((value) => [scale, "is", value]),
      ...(unread ? [[scale, "unread", ""]] : []),
      ...(split ? [[scale, "split", ""]] : []),
    ]);
    if (label.dataset.choices !== JSON.stringify(choices)) {
      const chosen = label.value;
      label.dataset.choices = JSON.stringify(choices);
      label.replaceChildren(label.options[0]);
      for (const one of choices) {
        const [scale, how, value] = one;
        const text = how === "is" ? value : how === "unread" ? "no label" : "they disagree";
        const option = make("option", "", scale ? `${scale}: ${text}` : text);
        option.value = JSON.stringify(one);
        label.append(option);
      }
      label.value = chosen;
    }
    if (found.problems.length) fail(found.problems.join("\n"));
  }

  function count(found) {
    const number = (value) => value.toLocaleString("en");
    const of = found.total === found.messages ? "" : ` of ${number(found.messages)}`;
    const reading = found.done ? "" : ` so far, reading discussion ${number(found.tried + 1)} of ${number(found.files)}`;
    state.textContent = `${number(found.total)}${of} ${found.messages === 1 ? "message" : "messages"}${reading}`;
    hits.dataset.count = number(found.hits);
    if (!filter.query) hits.textContent = "";
    else if (!found.hits) hits.textContent = found.done ? "not found" : "searching …";
    else if (!hits.dataset.at) hits.textContent = `${number(found.hits)} ${found.hits === 1 ? "hit" : "hits"}`;
    else hits.textContent = `${hits.dataset.at} of ${number(found.hits)}`;
    previous.disabled = next.disabled = !found.hits;
  }

  /** Offer the discussions of the chosen condition. */
  function offer() {
    const chosen = condition.selectedIndex > 0 ? condition.value : null;
    [...discussion.options].slice(1).forEach((option, place) => {
      option.hidden = chosen !== null && heads[place][2] !== chosen;
    });
  }

  async function jump(step, focus = false) {
    const now = round;
    const found = await ask("hit", { filter, place: here(), step });
    if (now !== round || found.place === undefined) return;
    hits.dataset.at = found.number.toLocaleString("en");
    hits.textContent = `${hits.dataset.at} of ${hits.dataset.count}`;
    goTo(found.place, { centred: true, focus });
  }

  function choose() {
    const keep = row(here())?.number ?? null;
    close();
    delete hits.dataset.at;
    filter = { query: query.value };
    if (condition.selectedIndex > 0) filter.condition = condition.value;
    if (speaker.selectedIndex > 0) filter.speaker = speakers[speaker.selectedIndex - 1][0];
    if (discussion.selectedIndex > 0) filter.discussion = discussion.selectedIndex - 1;
    if (label.selectedIndex > 0) filter.label = JSON.parse(label.value);
    look(keep);
  }

  let typing = 0;
  query.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(choose, WAIT);
  });
  condition.addEventListener("change", () => {
    discussion.selectedIndex = 0;
    offer();
    choose();
  });
  for (const select of [speaker, discussion, label]) select.addEventListener("change", choose);
  previous.addEventListener("click", () => jump(-1));
  next.addEventListener("click", () => jump(1));
  list.addEventListener("scroll", drawSoon, { passive: true });
  ground.addEventListener("click", (event) => {
    const one = event.target.closest(".snb-view-row");
    if (!one || event.target.closest("details") || String(getSelection())) return; // selecting text is not clicking
    const [place] = [...drawn].find(([, other]) => other === one);
    goTo(place);
    // A click anywhere opens; only the button closes, so that an open text can be read with the mouse.
    if (opened?.place !== place || event.target.closest("button")) toggle(place);
  });
  ground.addEventListener("focusin", (event) => {
    const found = [...drawn].find(([, one]) => one === event.target);
    if (found) active = found[0];
  });

  const page = () => Math.max(1, Math.floor(list.clientHeight / height) - 1);
  const moves = {
    ArrowDown: () => goTo(active + 1),
    ArrowUp: () => goTo(active - 1),
    PageDown: () => goTo(active + page()),
    PageUp: () => goTo(active - page()),
    Home: () => goTo(0),
    End: () => goTo(total - 1),
    Enter: () => toggle(active),
    " ": () => toggle(active),
    n: () => jump(1, true),
    p: () => jump(-1, true),
    "/": () => query.select(),
    Escape: () => {
      close();
      goTo(active);
    },
  };

  root.addEventListener("keydown", async (event) => {
    event.stopPropagation(); // none of these is for the notebook
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { target, key } = event;
    if (target === query) {
      if (key === "Enter") jump(event.shiftKey ? -1 : 1);
      else if (key === "ArrowDown") goTo(active);
      else if (key === "Escape") {
        query.value = "";
        choose();
        goTo(active);
      } else return;
    } else if (target === turn) {
      if (key === "Escape") goTo(active);
      else if (key === "Enter" && turn.value !== "") {
        const found = await ask("turn", { filter, place: here(), turn: Number(turn.value) });
        if (found.place !== undefined) goTo(found.place, { centred: true });
      } else return;
    } else if (moves[key] && !target.closest("select, button, summary")) moves[key]();
    else if (key === "/" || key === "Escape") moves[key]();
    else return;
    event.preventDefault();
  });

  const sized = new ResizeObserver(drawSoon);
  sized.observe(list);
  look();
  return () => {
    ended = true;
    disconnect();
    sized.disconnect();
    measured.disconnect();
  };
}

export default { render };
