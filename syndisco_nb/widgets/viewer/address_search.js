// The way to a message whose address is in the search field.

/**
 * Find the message at an address; the kernel reads on until it is there.
 *
 * @param {(kind: string, rest: object) => Promise<any>} ask Asks the kernel.
 * @param {string} code
 * @param {object} filter The filter that is shown.
 * @param {() => boolean} isCurrent Returns whether the message is still looked for.
 * @returns {Promise<"no address" | "not there" | "dropped" | { number: number }>}
 */
export async function findAddress(ask, code, filter, isCurrent) {
  for (;;) {
    const found = await ask("find", { code });
    if (!isCurrent()) return "dropped";
    if (!found.address) return "no address";
    if (found.number !== null) return { number: found.number };
    if (found.done) return "not there";
    await ask("look", { filter });
  }
}
