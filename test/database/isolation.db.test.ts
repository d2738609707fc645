import { afterAll, expect, test } from '@jest/globals';
import type { Database } from '../../src/database/database.js';
import { openDatabase } from '../../src/database/open-database.js';
import { createTestDatabase } from '../support/test-database.js';

const undo: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const step of undo.toReversed()) await step();
});

test('a transaction sees what others have committed since it began, on the first connection too', async () => {
  const { url, drop } = await createTestDatabase();
  undo.push(drop);
  const open = async (): Promise<Database> => {
    const database = await openDatabase({ url, entities: [], migrations: [], poolSize: 1 });
    undo.push(() => database.close());
    return database;
  };
  const database = await open();
  // on SQLite a writer is alone
  if (database.dialect === 'sqlite') return;
  const other = await open();
  await other.query('CREATE TABLE probe (id INT PRIMARY KEY)');
  const counts = await database.transaction(async (transaction) => {
    const count = async () => (await transaction.query('SELECT id FROM probe')).length;
    const before = await count();
    await other.query('INSERT INTO probe (id) VALUES (1)');
    return [before, await count()];
  });
  expect(counts).toEqual([0, 1]);
});
