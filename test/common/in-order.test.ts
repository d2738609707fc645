import { expect, test } from '@jest/globals';
import { inOrder } from '../../src/common/in-order.js';

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

async function* numbers(count: number, everyMs = 0): AsyncGenerator<number, void> {
  for (let number = 0; number < count; number += 1) {
    if (everyMs > 0) await pause(everyMs);
    yield number;
  }
}

async function collected<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

test('results come in the order of the items, however long each takes, and no more than so many at once', async () => {
  let running = 0;
  let most = 0;
  const work = async (number: number) => {
    running += 1;
    most = Math.max(most, running);
    await pause(number % 3 === 0 ? 8 : 1);
    running -= 1;
    return number;
  };
  expect(await collected(inOrder(numbers(40), 5, work))).toEqual(Array.from({ length: 40 }, (_, at) => at));
  expect(most).toBe(5);
});

test('a result does not wait for an item that has not come', async () => {
  let isOver = false;
  async function* slow(): AsyncGenerator<number, void> {
    yield 1;
    await pause(200);
    isOver = true;
    yield 2;
  }
  const results = inOrder(slow(), 5, async (number) => number);
  expect(await results.next()).toEqual({ done: false, value: 1 });
  expect(isOver).toBe(false);
  expect(await results.next()).toEqual({ done: false, value: 2 });
  expect(await results.next()).toEqual({ done: true, value: undefined });
});

test('a failure is met in its turn; ending it ends the source', async () => {
  const failing = inOrder(numbers(5), 5, async (number) => {
    if (number === 2) throw new Error('two');
    return number;
  });
  expect([await failing.next(), await failing.next()].map(({ value }) => value)).toEqual([0, 1]);
  await expect(failing.next()).rejects.toThrow('two');
  let isEnded = false;
  async function* ended(): AsyncGenerator<number, void> {
    try {
      yield* numbers(100, 1);
    } finally {
      isEnded = true;
    }
  }
  for await (const number of inOrder(ended(), 3, async (one) => one)) if (number === 3) break;
  expect(isEnded).toBe(true);
});
