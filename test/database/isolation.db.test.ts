import { expect, test } from '@jest/globals';
import { openDatabase } from '../../src/database/open-database.js';
import { createTestDatabase } from '../support/test-database.js';

test('a transaction sees what others have committed since it began, on the first connection too', async () => {
  const { url, drop } = await createTestDatabase();
  const database = await openDatabase({ url, entities: [], migrations: [], poolSize: 1 });
  // on SQLite a writer is alone
  if (database.dialect === 'mysql') {
    const other = await openDatabase({ url, entities: [], migrations: [], poolSize: 1 });
    await other.query('CREATE TABLE probe (id INT PRIMARY KEY)');
    const counts = await database.transaction(async (transaction) => {
      const count = async () => (await transaction.query('SELECT id FROM probe')).length;
      const before = await count();
      await other.query('INSERT INTO probe (id) VALUES (1)');
      return [before, await count()];
    });
    expect(counts).toEqual([0, 1]);
    await other.close();
  }
  await database.close();
  await drop();
});
