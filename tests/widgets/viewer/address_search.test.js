import assert from "node:assert/strict";
import { test } from "node:test";
import { findAddress } from "../../../syndisco_nb/widgets/viewer/address_search.js";

/**
 * Return a kernel that gives these answers to "find", and the kinds of requests that it had.
 *
 * @param {object[]} answers
 */
function kernel(answers) {
  /** @type {string[]} */
  const asked = [];
  const ask = async (/** @type {string} */ kind) => {
    asked.push(kind);
    return kind === "find" ? answers.shift() : {};
  };
  return { ask, asked };
}

test("the kernel reads on until the message is there", async () => {
  const { ask, asked } = kernel([
    { address: true, number: null, done: false },
    { address: true, number: 0, done: false },
  ]);
  assert.deepEqual(await findAddress(ask, "run[0]", {}, () => true), { number: 0 });
  assert.deepEqual(asked, ["find", "look", "find"]);
});

test("a message that is nowhere, and a text that is no address, are told apart", async () => {
  const nowhere = kernel([{ address: true, number: null, done: true }]);
  assert.equal(await findAddress(nowhere.ask, "run[9]", {}, () => true), "not there");
  assert.equal(await findAddress(kernel([{ address: false }]).ask, "a [b]", {}, () => true), "no address");
  assert.equal(await findAddress(kernel([{ address: false }]).ask, "a [b]", {}, () => false), "dropped");
});
