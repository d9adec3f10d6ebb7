// A table to type into. Cells stay in place while they are written to: no reader loses the cursor or what they typed.

import { focusWhenShown, isCommand, keepKeys, make, makeButton, showText } from "../common.js";
import { columnWidths, isCells, rowStep } from "./grid_layout.js";

/**
 * @import { Render } from "@anywidget/types"
 * @typedef {[name: string, label: string, hint: string]} Column
 * @typedef {[row: number, column: string, message: string]} Fault
 * @typedef {{ columns: Column[], rows: string[][], faults: Fault[], none: string, message: string }} GridState The traits of `Grid`.
 */

const PAGE = 200; // rows at a time: more are shown when asked for
const ICONS = { duplicate: "M5 5h8v8H5z M3 11V3h8", remove: "M4 4l8 8 M12 4l-8 8" };

/** @param {keyof typeof ICONS} name */
function makeIcon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  for (const [attribute, value] of Object.entries({ viewBox: "0 0 16 16", width: "16", height: "16" }))
    svg.setAttribute(attribute, value);
  svg.setAttribute("aria-hidden", "true");
  for (const [attribute, value] of Object.entries({ d: ICONS[name], fill: "none", stroke: "currentColor" }))
    path.setAttribute(attribute, value);
  svg.append(path);
  return svg;
}

/** @type {Render<GridState>} */
function render({ model, el }) {
  el.classList.add("snb-grid");
  keepKeys(el, isCommand);
  const head = make("tr");
  const body = make("tbody");
  const more = makeButton("snb-mini", null, () => {
    shown += PAGE;
    update();
  });
  more.style.width = "100%";
  const fault = make("div", "snb-message snb-grid-message");
  fault.setAttribute("role", "alert");
  el.append(make("table", "", null, make("thead", "", null, head), body), more, fault);
  let shown = PAGE;
  let laidOut = "";
  /** @type {WeakMap<HTMLInputElement, string>} */
  const known = new WeakMap(); // the kernel's text of each cell, or what the kernel was told

  /** @param {number} row */
  const cells = (row) =>
    /** @type {HTMLInputElement[]} */ ([...body.querySelectorAll(`tr[data-row="${row}"] .snb-cell`)]);

  el.addEventListener("keydown", (event) => {
    const cell = /** @type {HTMLElement} */ (event.target).closest(".snb-cell");
    const step = rowStep(event);
    if (!(cell instanceof HTMLInputElement) || !step) return;
    const next = cells(Number(cell.dataset.row) + step)[Number(cell.dataset.column)];
    if (next) next.focus();
    else if (event.key === "Enter") addBelow(cell);
    event.preventDefault();
  });
  el.addEventListener("paste", (event) => {
    const cell = /** @type {HTMLElement} */ (event.target).closest(".snb-cell");
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!(cell instanceof HTMLInputElement) || !isCells(text)) return;
    event.preventDefault();
    const { row, column } = placeOf(cell);
    model.send({ kind: "paste", row, column: model.get("columns")[column][0], text });
  });

  /** @param {HTMLInputElement} cell */
  const placeOf = (cell) => ({ row: Number(cell.dataset.row), column: Number(cell.dataset.column) });

  /**
   * Tell the kernel what was typed into the last row, and ask for another, unless this one is still empty.
   *
   * @param {HTMLInputElement} cell
   */
  function addBelow(cell) {
    cell.dispatchEvent(new Event("change"));
    const { row } = placeOf(cell);
    if (row === model.get("rows").length - 1 && cells(row).some((one) => one.value.trim()))
      model.send({ kind: "add", row });
  }

  /**
   * @param {keyof typeof ICONS} kind
   * @param {number} row
   */
  function makeTool(kind, row) {
    const button = makeButton("snb-mini", null, () => model.send({ kind, row }));
    button.append(makeIcon(kind));
    button.dataset.what = kind;
    return button;
  }

  /**
   * @param {Column} column
   * @param {number} place Of the column.
   * @param {number} row
   */
  function makeCell([name], place, row) {
    const cell = make("input", "snb-cell");
    Object.assign(cell, { type: "text", autocomplete: "off", spellcheck: false });
    Object.assign(cell.dataset, { row, column: place });
    cell.addEventListener("change", () => {
      if (cell.value === known.get(cell)) return;
      known.set(cell, cell.value);
      model.send({ kind: "edit", row, column: name, text: cell.value });
    });
    return make("td", "", null, cell);
  }

  /**
   * @param {Column[]} columns
   * @param {number} count Of rows.
   */
  function layOut(columns, count) {
    const heads = columns.map(([, label, hint]) => Object.assign(make("th", "", label), { scope: "col", title: hint }));
    head.replaceChildren(...heads, make("td"));
    body.replaceChildren();
    for (let row = 0; row < count; row++) {
      const tools = make("td", "snb-grid-tools", null, makeTool("duplicate", row), makeTool("remove", row));
      const line = make("tr", "", null, ...columns.map((column, place) => makeCell(column, place, row)), tools);
      line.dataset.row = String(row);
      body.append(line);
    }
  }

  /** @param {Fault[]} faults */
  function showFaults(faults) {
    for (const line of body.querySelectorAll(".snb-grid-fault")) line.remove();
    for (const cell of body.querySelectorAll(".snb-cell")) cell.setAttribute("aria-invalid", "false");
    const names = model.get("columns").map(([name]) => name);
    for (const [row, column, message] of faults) {
      const line = body.querySelector(`tr[data-row="${row}"]`);
      if (!line) continue;
      cells(row)[Math.max(0, names.indexOf(column))].setAttribute("aria-invalid", "true");
      const text = make("td", "snb-message", message);
      text.colSpan = names.length + 1;
      text.setAttribute("role", "alert");
      line.after(make("tr", "snb-grid-fault", null, text));
    }
  }

  /**
   * @param {Column[]} columns
   * @param {string[][]} rows
   */
  function showRows(columns, rows) {
    const widths = columnWidths(columns, rows);
    for (const [row, texts] of rows.entries()) {
      const who = texts[0] || `row ${row + 1}`;
      for (const [column, cell] of cells(row).entries()) {
        // What is being typed is not written over, unless the kernel has something new for this very cell.
        if (texts[column] !== known.get(cell)) cell.value = texts[column];
        known.set(cell, texts[column]);
        cell.style.minWidth = `calc(${widths[column]}ch + 20px)`;
        cell.setAttribute("aria-label", `${columns[column][1]} of ${who}`);
      }
      for (const button of body.querySelectorAll(`tr[data-row="${row}"] .snb-mini`)) {
        const tool = /** @type {HTMLButtonElement} */ (button);
        tool.title = tool.dataset.what === "remove" ? `Remove ${who}` : `Duplicate ${who}`;
        tool.setAttribute("aria-label", tool.title);
      }
    }
  }

  function update() {
    const [columns, rows] = [model.get("columns"), model.get("rows")];
    const count = Math.min(shown, rows.length);
    const layout = JSON.stringify([columns, count]);
    const focused = body.contains(document.activeElement) ? document.activeElement : null;
    const place = focused instanceof HTMLInputElement ? placeOf(focused) : null;
    if (layout !== laidOut) layOut(columns, count);
    laidOut = layout;
    showRows(columns, rows.slice(0, count));
    if (!rows.length) {
      const none = make("td", "snb-grid-none", model.get("none"));
      none.colSpan = columns.length + 1;
      body.append(make("tr", "", null, none));
      laidOut = "";
    }
    more.hidden = count === rows.length;
    more.textContent = `${rows.length - count} more`;
    showFaults(model.get("faults"));
    showText(fault, model.get("message"));
    // The cell that had the focus may have been made anew.
    if (place && !focused?.isConnected) cells(Math.min(place.row, count - 1))[place.column]?.focus();
  }

  // One change in the kernel may touch several traits: they are shown together.
  let frame = 0;
  const updateSoon = () => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(update);
  };
  model.on("change", updateSoon);
  const focus = (/** @type {{ kind: string, row: number, column?: string }} */ asked) => {
    if (asked.kind !== "focus") return;
    cancelAnimationFrame(frame);
    shown = Math.max(shown, asked.row + 1);
    update();
    const names = model.get("columns").map(([name]) => name);
    const cell = cells(asked.row)[Math.max(0, names.indexOf(asked.column ?? ""))];
    if (cell) focusWhenShown(cell);
  };
  model.on("msg:custom", focus);
  update();
  return () => {
    model.off("change", updateSoon);
    model.off("msg:custom", focus);
  };
}

export default { render };
