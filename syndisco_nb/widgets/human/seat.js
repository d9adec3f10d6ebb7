function render({ model, el }) {
  const root = desk(el, "snb-seat");
  const title = make("b", "");
  const where = make("span", "snb-when");
  const company = make("span", "snb-when");
  const queue = make("span", "snb-when");
  const about = make("ul", "snb-about");
  const told = make("div", "snb-told");
  const who = make("details", "snb-who-am-i", null, make("summary", "", "Who you are here"), about, told);
  who.open = true;
  const turn = make("span", "snb-turn-text");
  turn.tabIndex = -1;
  const clock = make("span", "snb-clock");
  clock.setAttribute("role", "timer");
  const head = make("header", "snb-head", null, make("div", "snb-kind", "Seat"));
  head.append(make("div", "snb-title", null, title), make("div", "snb-places", null, where, company, queue));
  const list = make("ol", "snb-talk");
  const talk = make("div", "snb-heard", null, list);
  talk.tabIndex = 0;
  talk.setAttribute("role", "log");
  talk.setAttribute("aria-label", "What was said so far");
  const prompt = make("div", "snb-chat");

  const state = line(model);
  const say = (text) => {
    if (!on() || state.pending()) return;
    state.send("say", { at: asked.at, text });
    show();
  };
  const typed = box(model, "What you say", say);
  const send = button("Say it", "Ctrl+Enter", typed.send, "snb-main");
  const pass = button("Say nothing", "", () => {
    if (!on() || state.pending()) return;
    state.send("pass", { at: asked.at });
    show();
  });
  const labels = make("div", "snb-row-of");
  const answer = make("div", "snb-row-of", null, send, pass);
  const bar = make("div", "snb-turn-bar", null, turn, clock);
  turn.setAttribute("role", "status"); // and not the bar: nobody wants every second read out
  const desk_ = make("div", "snb-answering", null, bar, state.news, typed.area, labels, answer, state.busy);
  root.append(head, who, prompt, talk, desk_);

  let asked = {};
  let drawn = []; // the rows that are in the page, as JSON
  let until = null; // when the time is up, by this page's clock
  const on = () => asked.turn;

  function draw(rows) {
    const texts = rows.map((row) => JSON.stringify(row));
    let same = 0;
    while (same < drawn.length && drawn[same] === texts[same]) same++;
    if (same === drawn.length && same === texts.length) return;
    while (list.children.length > same) list.lastChild.remove();
    list.append(...rows.slice(same).map(comment)); // only what is new is read out
    drawn = texts;
    talk.scrollTop = talk.scrollHeight;
  }

  function show() {
    const waits = state.pending();
    const choice = asked.labels?.length > 0;
    typed.area.hidden = send.hidden = choice;
    labels.hidden = !choice;
    typed.area.readOnly = waits;
    const later = asked.ended ? "" : "You may write already, and say it when it is your turn.";
    typed.area.placeholder = on() ? "What do you say?" : later;
    send.disabled = pass.disabled = !on() || waits;
    for (const one of labels.children) one.disabled = send.disabled;
  }

  function tick() {
    const left = until === null ? null : Math.max(0, Math.ceil((until - performance.now()) / 1000));
    clock.hidden = left === null;
    if (left === null) return;
    clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")} left`;
    clock.classList.toggle("snb-soon", left <= 10);
  }

  function update() {
    const before = asked;
    asked = model.get("asked");
    const answered = state.heard(asked);
    if (answered && !model.get("draft")) typed.area.value = "";
    title.textContent = asked.name && asked.name !== asked.person ? `${asked.name} (${asked.person})` : asked.person;
    root.setAttribute("aria-label", `The seat of ${asked.person}`);
    root.classList.toggle("snb-asked", on());
    put(where, asked.where);
    put(company, asked.company);
    put(queue, asked.queue);
    who.hidden = !asked.about.length && !asked.told;
    put(told, asked.told);
    if (String(before.about) !== String(asked.about))
      about.replaceChildren(...asked.about.map((text) => make("li", "", null, make("bdi", "", text))));
    const later = asked.ended ? "The run has ended." : "Nothing to say now: when it is your turn, it says so here.";
    put(turn, on() ? "It is your turn." : later);
    prompt.hidden = !asked.prompt.length;
    if (String(before.prompt) !== String(asked.prompt))
      prompt.replaceChildren(
        ...asked.prompt.map(([role, text]) =>
          make("div", "", null, make("div", "snb-role", role), make("div", "snb-sent", text)),
        ),
      );
    if (String(before.labels) !== String(asked.labels))
      labels.replaceChildren(...asked.labels.map(([label, text]) => button(text, "", () => say(label), "snb-label")));
    const rows = model.get("talk");
    talk.hidden = !rows.length;
    draw(rows);
    until = asked.left === null ? null : performance.now() + asked.left * 1000;
    tick();
    show();
    if (before.at === undefined || !attends(root, answered)) return;
    // Who writes for one discussion when another begins to wait is taken out of the box, so that nothing gets there.
    const elsewhere = before.discussion !== asked.discussion && !answered && typed.area.value !== "";
    const begins = on() && (before.at !== asked.at || !before.turn);
    if (elsewhere) turn.focus();
    else if (begins || answered) (labels.hidden ? typed.area : labels.firstChild).focus();
  }

  model.on("change", update);
  update();
  model.send({ kind: "look" }); // the seconds that are left may be from long ago
  const beat = setInterval(tick, 500);
  return () => {
    model.off("change", update);
    clearInterval(beat);
    state.end();
    typed.end();
  };
}

export default { render };
