/**
 * The results of work on each item of a source, in the order of the items. Some are worked on ahead while the first is not ready, and
 * none waits for an item that has not come. Ending it ends the source.
 */
export async function* inOrder<T, R>(
  source: AsyncIterable<T>,
  most: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R, void> {
  const items = source[Symbol.asyncIterator]();
  const running: Promise<R>[] = [];
  let coming: Promise<IteratorResult<T>> | null = items.next();
  try {
    while (coming ?? running.length > 0) {
      if (coming && running.length < most && (await isFirst(coming, running[0]))) {
        const { done, value } = await coming;
        coming = null;
        if (done) continue;
        const result = work(value);
        // it is told when its turn comes
        result.catch(() => undefined);
        running.push(result);
        coming = items.next();
        continue;
      }
      yield (await running.shift()) as R;
    }
  } finally {
    coming?.catch(() => undefined);
    await items.return?.();
  }
}

/** Whether the next item is there before the oldest result; a failure of either is met where it is awaited. */
function isFirst(coming: Promise<unknown>, oldest: Promise<unknown> | undefined): Promise<boolean> {
  if (!oldest) return Promise.resolve(true);
  const asItem = coming.then(
    () => true,
    () => true,
  );
  const asResult = oldest.then(
    () => false,
    () => false,
  );
  return Promise.race([asItem, asResult]);
}
