// The sizes and steps of a table that is typed into. Nothing in this module touches the page.

const [NARROWEST, WIDEST] = [5, 28]; // characters

/**
 * Return the width of each column in characters: that of its longest text, within bounds.
 *
 * @param {[name: string, label: string, ...rest: string[]][]} columns
 * @param {string[][]} rows
 */
export function columnWidths(columns, rows) {
  return columns.map(([, label], column) => {
    const lengths = rows.map((row) => row[column].length);
    return Math.min(WIDEST, Math.max(label.length, NARROWEST, ...lengths));
  });
}

/**
 * Return whether a pasted text is cells of a spreadsheet, rather than the text of one cell.
 *
 * @param {string} text
 */
export function isCells(text) {
  return text.includes("\t") || /[\r\n]/.test(text.trim());
}

/**
 * Return by how many rows a key moves: up, or down; 0 for other keys.
 *
 * @param {{ key: string, shiftKey: boolean }} event
 */
export function rowStep({ key, shiftKey }) {
  if (shiftKey) return 0;
  return { ArrowUp: -1, ArrowDown: 1, Enter: 1 }[key] ?? 0;
}
