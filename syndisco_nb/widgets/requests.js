// Questions of a page to the kernel, each with its answer.

/** @import { AnyModel } from "@anywidget/types" */

const LATE = 3000; // milliseconds until an answer is late

/**
 * Connect a page to the kernel.
 *
 * @param {AnyModel} model
 * @param {(late: boolean) => void} [onLate] Called with true when an answer is late, and with false at the next answer.
 */
export function connect(model, onLate = () => {}) {
  /** @type {Map<number, { resolve: (answer: any) => void, reject: (error: Error) => void, timer: any }>} */
  const waiting = new Map();
  const prefix = Math.floor(Math.random() * 2 ** 32) * 2 ** 20; // several views of one widget hear all answers
  let last = 0;

  /** @param {any} answer */
  const receive = (answer) => {
    const request = waiting.get(answer?.id);
    if (!request) return; // of another view
    waiting.delete(answer.id);
    clearTimeout(request.timer);
    onLate(false);
    if (answer.error) request.reject(new Error(answer.error));
    else request.resolve(answer);
  };
  model.on("msg:custom", receive);

  return {
    /**
     * Send a question; return the promise of its answer, which an error of the kernel rejects.
     *
     * @param {string} kind
     * @param {object} [rest]
     * @returns {Promise<any>}
     */
    ask(kind, rest = {}) {
      return new Promise((resolve, reject) => {
        const id = prefix + ++last;
        waiting.set(id, { resolve, reject, timer: setTimeout(onLate, LATE, true) });
        model.send({ id, kind, ...rest });
      });
    },
    /** Stop listening. */
    disconnect() {
      model.off("msg:custom", receive);
      for (const { timer } of waiting.values()) clearTimeout(timer);
    },
  };
}
