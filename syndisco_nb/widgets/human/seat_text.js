// The texts of the seat that depend on its data. Nothing in this module touches the page.

/** @param {number} seconds */
export function clockText(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} left`;
}

/**
 * Return the name in the discussion, and who sits there if they are called otherwise.
 *
 * @param {{ name: string, person: string }} who
 */
export function personText({ name, person }) {
  return name && name !== person ? `${name} (${person})` : person;
}

/**
 * Return how many of the rows that are drawn stay as they are: those up to the first difference.
 *
 * @param {string[]} drawn
 * @param {string[]} wanted
 */
export function sameRows(drawn, wanted) {
  const different = drawn.findIndex((row, place) => row !== wanted[place]);
  return different < 0 ? drawn.length : different;
}
