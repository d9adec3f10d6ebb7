// Questions of a page to the kernel: each view gets its own answers, and late ones are noticed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { connect } from "../../syndisco_nb/widgets/requests.js";

/** Return a model that records what is sent, and answers when told to. */
function fakeModel() {
  /** @type {Set<(answer: any) => void>} */
  const listeners = new Set();
  /** @type {any[]} */
  const sent = [];
  return {
    sent,
    listeners,
    /** @param {any} answer */
    answer: (answer) => {
      for (const listener of listeners) listener(answer);
    },
    model: /** @type {any} */ ({
      on: (/** @type {string} */ _name, /** @type {any} */ listener) => listeners.add(listener),
      off: (/** @type {string} */ _name, /** @type {any} */ listener) => listeners.delete(listener),
      send: (/** @type {any} */ message) => sent.push(message),
    }),
  };
}

test("an answer settles the question with its number", async () => {
  const kernel = fakeModel();
  const { ask, disconnect } = connect(kernel.model);
  const [first, second] = [ask("page", { page: 1 }), ask("page", { page: 2 })];
  assert.deepEqual(
    kernel.sent.map(({ kind, page }) => [kind, page]),
    [
      ["page", 1],
      ["page", 2],
    ],
  );
  kernel.answer({ id: kernel.sent[1].id, rows: 2 });
  kernel.answer({ id: kernel.sent[0].id, rows: 1 });
  assert.deepEqual([(await first).rows, (await second).rows], [1, 2]);
  disconnect();
});

test("an error rejects", async () => {
  const kernel = fakeModel();
  const { ask, disconnect } = connect(kernel.model);
  const question = ask("open");
  kernel.answer({ id: kernel.sent[0].id, error: "There is no such row." });
  await assert.rejects(question, { message: "There is no such row." });
  disconnect();
});

test("a view hears only its own answers", async () => {
  const kernel = fakeModel();
  const [one, other] = [connect(kernel.model), connect(kernel.model)];
  const [mine, theirs] = [one.ask("look"), other.ask("look")];
  assert.notEqual(kernel.sent[0].id, kernel.sent[1].id);
  kernel.answer({ id: kernel.sent[1].id, total: 2 });
  kernel.answer({ id: kernel.sent[0].id, total: 1 });
  assert.deepEqual([(await mine).total, (await theirs).total], [1, 2]);
  kernel.answer(null); // a message that is no answer at all
  one.disconnect();
  other.disconnect();
});

test("a late answer is noticed, and its coming too", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const kernel = fakeModel();
  /** @type {boolean[]} */
  const seen = [];
  const { ask, disconnect } = connect(kernel.model, (late) => seen.push(late));
  const question = ask("pause");
  context.mock.timers.tick(2999);
  assert.deepEqual(seen, []);
  context.mock.timers.tick(1);
  assert.deepEqual(seen, [true]);
  kernel.answer({ id: kernel.sent[0].id });
  await question;
  assert.deepEqual(seen, [true, false]);
  disconnect();
});

test("a page that is gone hears nothing, and is told of nothing late", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const kernel = fakeModel();
  const { ask, disconnect } = connect(kernel.model, () => assert.fail("nobody is there to tell"));
  ask("pause");
  disconnect();
  context.mock.timers.tick(10_000);
  assert.equal(kernel.listeners.size, 0);
});
