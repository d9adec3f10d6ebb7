import assert from "node:assert/strict";
import { test } from "node:test";
import { placed } from "../../../syndisco_nb/widgets/live/card_order.js";

/**
 * @param {string} units Each letter is a unit.
 * @param {string} [state]
 */
const cards = (units, state = "in progress") =>
  [...units].map((unit) => /** @type {any} */ ({ condition: "", unit, state }));

/**
 * @param {string} shown
 * @param {string} found
 * @param {string} held
 */
const order = (shown, found, held) =>
  placed(cards(shown), cards(found), new Set([...held].map((unit) => `/${unit}`)))
    .map(({ unit }) => unit)
    .join("");

test("without a held card the kernel's order counts", () => {
  assert.equal(order("", "abc", ""), "abc");
  assert.equal(order("abc", "dbc", ""), "dbc");
  assert.equal(order("abc", "ca", "x"), "ca");
});

test("a held card keeps its place, and the one that would take it waits", () => {
  assert.equal(order("abc", "dbc", "a"), "abc");
  assert.equal(order("abc", "dbe", "a"), "abe");
  assert.equal(order("abc", "bca", "ac"), "abc");
  assert.equal(order("abc", "cbad", "a"), "abcd");
});

test("a held card is the kernel's latest where the kernel still has it", () => {
  const [card] = placed(cards("a"), cards("a", "skipped"), new Set(["/a"]));
  assert.equal(card.state, "skipped");
});

test("whatever is held, each card is there once and none that is held moves", () => {
  const letters = "abcdefghij";
  for (let seed = 0; seed < 300; seed++) {
    const drawn = (/** @type {number} */ salt) =>
      [...letters].sort(
        (one, other) => Math.sin(seed * salt + one.charCodeAt(0)) - Math.sin(seed * salt + other.charCodeAt(0)),
      );
    const [shown, found] = [drawn(1).slice(0, 6).join(""), drawn(2).slice(0, 6).join("")];
    const held = drawn(3)
      .slice(0, seed % 4)
      .join("");
    const result = order(shown, found, held);
    assert.equal(new Set(result).size, result.length);
    assert.equal(result.length, 6);
    for (const [place, unit] of [...shown].entries()) if (held.includes(unit)) assert.equal(result[place], unit);
  }
});
