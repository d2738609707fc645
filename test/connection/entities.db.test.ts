import { expect, test } from '@jest/globals';
import { SageConnectionEntity } from '../../src/connection/sage-connection.entity.js';
import { SignInTicketEntity } from '../../src/connection/sign-in-ticket.entity.js';
import { openDatabase } from '../../src/database/open-database.js';
import { CreateSageConnection1764000002000 } from '../../migrations/1764000002000-create-sage-connection.js';
import { createTestDatabase } from '../support/test-database.js';

test('the entities describe the tables as the migration makes them: all columns, and the instance first in every key', async () => {
  const { url, drop } = await createTestDatabase();
  const entities = [SageConnectionEntity, SignInTicketEntity];
  const database = await openDatabase({ url, entities, migrations: [CreateSageConnection1764000002000] });
  try {
    await database.dataSource.runMigrations();
    const runner = database.dataSource.createQueryRunner();
    for (const entity of entities) {
      const metadata = database.dataSource.getMetadata(entity);
      const table = await runner.getTable(metadata.tableName);
      const described = metadata.columns.map((column) => [column.databaseName, column.isNullable, column.isPrimary]);
      const made = table?.columns.map((column) => [column.name, column.isNullable, column.isPrimary]);
      expect(new Set(described.map(String))).toEqual(new Set(made?.map(String)));
      expect(metadata.primaryColumns[0]?.databaseName).toBe('instance_id');
      for (const index of table?.indices ?? []) expect(index.columnNames[0]).toBe('instance_id');
      expect(await database.dataSource.manager.find(entity)).toEqual([]);
    }
    await runner.release();
  } finally {
    await database.close();
    await drop();
  }
});
