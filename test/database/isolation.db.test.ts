import { expect, test } from '@jest/globals';
import { openTestDatabase } from '../support/test-database.js';

const POOL_SIZE = 10;

test('every connection sees what others have just committed, the first of the pool included', async () => {
  const { database, close } = await openTestDatabase();
  if (database.dialect === 'mysql') {
    let arrived = 0;
    let open = () => undefined as void;
    const allAreHere = new Promise<void>((resolve) => (open = resolve));
    const levels = await Promise.all(
      Array.from({ length: POOL_SIZE }, () =>
        database.transaction(async (transaction) => {
          // MySQL 8 has the second only, old MariaDB the first only
          const rows = await transaction.query<{ Value: string }>(
            "SHOW VARIABLES WHERE Variable_name IN ('tx_isolation', 'transaction_isolation')",
          );
          arrived += 1;
          if (arrived === POOL_SIZE) open();
          // all at once, each on a connection of its own
          await allAreHere;
          return rows[0]?.Value;
        }),
      ),
    );
    expect(levels).toEqual(Array(POOL_SIZE).fill('READ-COMMITTED'));
  }
  await close();
});
