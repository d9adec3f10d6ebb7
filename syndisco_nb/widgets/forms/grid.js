// A table to type into. Cells stay in place while they are written to: nobody loses the cursor, or what they typed.
const PAGE = 200; // rows at a time: more are shown when asked for

function make(name, className, parent) {
  const one = document.createElement(name);
  if (className) one.className = className;
  parent.append(one);
  return one;
}

const ICONS = { duplicate: "M5 5h8v8H5z M3 11V3h8", remove: "M4 4l8 8 M12 4l-8 8" };

function icon(what) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  for (const [name, value] of Object.entries({ viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": true }))
    svg.setAttribute(name, value);
  for (const [name, value] of Object.entries({ d: ICONS[what], fill: "none", stroke: "currentColor" }))
    path.setAttribute(name, value);
  svg.append(path);
  return svg;
}

function render({ model, el }) {
  el.classList.add("snb-grid");
  el.dataset.lmSuppressShortcuts = "true"; // its keys are none for the notebook
  el.addEventListener("keydown", (event) => {
    if (!event.ctrlKey && !event.metaKey && !(event.shiftKey && event.key === "Enter")) event.stopPropagation();
    const cell = event.target.closest(".snb-cell");
    if (!cell || !["ArrowUp", "ArrowDown", "Enter"].includes(event.key) || event.shiftKey) return;
    const step = event.key === "ArrowUp" ? -1 : 1;
    const next = cells(Number(cell.dataset.row) + step)?.[Number(cell.dataset.column)];
    if (next) next.focus();
    else if (event.key === "Enter") cell.dispatchEvent(new Event("change"));
    event.preventDefault();
  });
  const table = make("table", "", el);
  const head = make("tr", "", make("thead", "", table));
  const body = make("tbody", "", table);
  const more = make("button", "snb-mini", el);
  more.type = "button";
  more.style.width = "100%";
  let shown = PAGE;
  more.addEventListener("click", () => {
    shown += PAGE;
    update();
  });
  let laid = "";

  const cells = (row) => body.querySelector(`tr[data-row="${row}"]`)?.querySelectorAll(".snb-cell");

  function tool(parent, what, row) {
    const press = make("button", "snb-mini", parent);
    press.type = "button";
    press.append(icon(what));
    press.dataset.what = what;
    press.addEventListener("click", () => model.send({ kind: what, row }));
  }

  function layOut(columns, count) {
    head.replaceChildren();
    for (const [, label, hint] of columns) {
      const one = make("th", "", head);
      one.scope = "col";
      one.textContent = label;
      one.title = hint;
    }
    make("td", "", head);
    body.replaceChildren();
    for (let row = 0; row < count; row++) {
      const line = make("tr", "", body);
      line.dataset.row = row;
      columns.forEach(([name], column) => {
        const cell = make("input", "snb-cell", make("td", "", line));
        cell.type = "text";
        cell.autocomplete = "off";
        cell.spellcheck = false;
        Object.assign(cell.dataset, { row, column });
        cell.addEventListener("change", () => {
          if (cell.value === cell.known) return;
          cell.known = cell.value;
          model.send({ kind: "edit", row, column: name, text: cell.value });
        });
      });
      const tools = make("td", "snb-grid-tools", line);
      tool(tools, "duplicate", row);
      tool(tools, "remove", row);
    }
  }

  function tell(faults) {
    body.querySelectorAll(".snb-grid-fault").forEach((one) => one.remove());
    body.querySelectorAll(".snb-cell").forEach((one) => one.setAttribute("aria-invalid", "false"));
    const names = model.get("columns").map(([name]) => name);
    for (const [row, column, message] of faults) {
      const line = body.querySelector(`tr[data-row="${row}"]`);
      if (!line) continue;
      const wrong = line.querySelectorAll(".snb-cell")[Math.max(0, names.indexOf(column))];
      wrong.setAttribute("aria-invalid", "true");
      const fault = document.createElement("tr");
      fault.className = "snb-grid-fault";
      const place = make("td", "snb-message", fault);
      place.colSpan = names.length + 1;
      place.textContent = message;
      place.setAttribute("role", "alert");
      line.after(fault);
    }
  }

  function update() {
    const [columns, rows] = [model.get("columns"), model.get("rows")];
    const count = Math.min(shown, rows.length);
    const widths = columns.map(([, label], column) =>
      Math.min(28, Math.max(label.length, 5, ...rows.slice(0, count).map((row) => row[column].length))),
    );
    const layout = JSON.stringify([columns, count]);
    if (layout !== laid) layOut(columns, count);
    laid = layout;
    for (let row = 0; row < count; row++) {
      const who = rows[row][0] || `row ${row + 1}`;
      cells(row).forEach((cell, column) => {
        // What is being typed is not written over, unless the kernel has something new for this very cell.
        if (rows[row][column] !== cell.known) cell.value = cell.known = rows[row][column];
        cell.style.minWidth = `calc(${widths[column]}ch + 20px)`;
        cell.setAttribute("aria-label", `${columns[column][1]} of ${who}`);
      });
      for (const press of body.querySelectorAll(`tr[data-row="${row}"] .snb-mini`)) {
        press.title = press.dataset.what === "remove" ? `Remove ${who}` : `Duplicate ${who}`;
        press.setAttribute("aria-label", press.title);
      }
    }
    if (!rows.length) {
      const none = make("td", "snb-grid-none", make("tr", "", body));
      none.colSpan = columns.length + 1;
      none.textContent = model.get("none");
      laid = "";
    }
    more.hidden = count === rows.length;
    more.textContent = `${rows.length - count} more`;
    tell(model.get("faults"));
  }

  // One change of the kernel's may touch several of these: they are shown together.
  let due = 0;
  const soon = () => {
    cancelAnimationFrame(due);
    due = requestAnimationFrame(update);
  };
  model.on("change", soon);
  const focus = (message) => {
    if (message.kind !== "focus") return;
    cancelAnimationFrame(due);
    update();
    cells(message.row)?.[0]?.focus();
  };
  model.on("msg:custom", focus);
  update();
  return () => {
    model.off("change", soon);
    model.off("msg:custom", focus);
  };
}

export default { render };
