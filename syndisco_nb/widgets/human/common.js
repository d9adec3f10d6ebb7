// What both pages have in common. Every text from outside goes in by textContent.

const BUSY = 1500; // milliseconds without an answer before a reader is told why

function make(name, className = "", text = null, ...children) {
  const one = document.createElement(name);
  if (className) one.className = className;
  if (text !== null) one.textContent = text;
  one.append(...children);
  return one;
}

function put(one, text) {
  if (one.textContent !== text) one.textContent = text; // a reader is told of changes alone
  one.hidden = !text;
}

function button(text, key, does, className = "") {
  const one = make("button", `snb-do ${className}`.trim(), null, make("span", "", text));
  one.type = "button";
  if (key) {
    const shown = make("kbd", "", key);
    shown.setAttribute("aria-hidden", "true");
    one.append(shown);
    one.setAttribute("aria-keyshortcuts", key.replace("Ctrl", "Control"));
  }
  one.addEventListener("click", does);
  return one;
}

/** Return what someone said, as in a transcript. */
function comment(row) {
  if (row.gap) return make("li", "snb-gap", null, make("div", "", row.gap));
  if (row.silent) {
    const text = make("span", "", null, make("bdi", "", row.name), ` says nothing · turn ${row.turn}`);
    return make("li", "snb-quiet", null, make("div", "", null, text));
  }
  const face = make("span", "snb-face");
  face.dataset.i = row.face;
  const by = make("div", "snb-by", null, face, make("b", "snb-name", null, make("bdi", "", row.name)));
  if (row.own) by.append(make("span", "snb-badge", "you"));
  if (row.badge) by.append(make("span", "snb-badge", row.badge));
  if (row.role !== "opening") by.append(make("span", "snb-when", `turn ${row.turn}`));
  const said = make("div", "snb-say", row.text);
  said.dir = "auto";
  const kinds = [row.classes, row.role === "participant" ? "" : `snb-${row.role}`, row.own ? "snb-own" : ""];
  const article = make("article", kinds.filter(Boolean).join(" "), null, by, said);
  article.style.borderLeft = row.border;
  article.style.padding = "0 0 0 12px";
  return make("li", "", null, article);
}

/** Make an element the root of a desk: none of its keys are for the notebook. */
function desk(el, className) {
  const root = make("div", `snb snb-desk ${className} mathjax_ignore tex2jax_ignore`);
  root.dataset.lmSuppressShortcuts = "true";
  root.setAttribute("role", "region");
  root.addEventListener("keydown", (event) => event.stopPropagation());
  el.append(root);
  return root;
}

/** Return whether the reader is here: a button that is disabled while it is pressed loses the focus to the page. */
function attends(root, answered) {
  return root.contains(document.activeElement) || (answered && document.activeElement === document.body);
}

/** Return a line for news, and functions that send what was pressed, and tell whether it was heard. */
function line(model) {
  const news = make("div", "snb-news");
  news.setAttribute("role", "status");
  const why = "The kernel is busy with another cell, and hears this when that ends. If that cell waits for this, interrupt it.";
  const busy = make("div", "snb-note", why);
  busy.hidden = true;
  let last = null; // the message that is not answered yet
  let timer = 0;
  const send = (kind, rest = {}) => {
    last = `${Date.now()}-${Math.random()}`;
    clearTimeout(timer);
    timer = setTimeout(() => (busy.hidden = false), BUSY);
    model.send({ kind, id: last, ...rest });
  };
  /** Show the news; return whether this page's own message was answered by it. */
  const heard = (asked) => {
    news.classList.toggle("snb-warning", asked.bad);
    news.setAttribute("role", asked.bad ? "alert" : "status");
    put(news, asked.news);
    if (last === null || asked.heard !== last) return false;
    last = null;
    clearTimeout(timer);
    busy.hidden = true;
    return true;
  };
  return { news, busy, send, heard, pending: () => last !== null, end: () => clearTimeout(timer) };
}

/** Return a box to type in. The page keeps what is typed; the kernel gets a copy, for a page that is loaded anew. */
function box(model, label, send) {
  const area = make("textarea", "snb-box");
  area.rows = 3;
  area.value = model.get("draft");
  area.setAttribute("aria-label", label);
  area.setAttribute("aria-keyshortcuts", "Control+Enter");
  let timer = 0;
  area.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => model.send({ kind: "draft", text: area.value }), 200);
  });
  area.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    sent();
  });
  const sent = () => {
    clearTimeout(timer);
    if (!area.readOnly) send(area.value);
  };
  return { area, send: sent, end: () => clearTimeout(timer) };
}
