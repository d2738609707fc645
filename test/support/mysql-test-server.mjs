// The MySQL or MariaDB server that the tests may make databases on, or null where none answers.
// TEST_MYSQL_URL names it (default: root without a password on 127.0.0.1:3306); TEST_MYSQL=required makes its absence a fault.
import { createConnection } from 'mysql2/promise';

export async function mysqlTestServer() {
  const url = process.env.TEST_MYSQL_URL ?? 'mysql://root@127.0.0.1:3306';
  try {
    const connection = await createConnection({ uri: url, connectTimeout: 3_000 });
    await connection.end();
    return url;
  } catch (error) {
    if (process.env.TEST_MYSQL === 'required')
      throw new Error(`No MySQL server answers at ${url}: ${error.message}`, { cause: error });
    console.error(`Left out: the tests on MySQL, as no server answers at ${url} (${error.code ?? error.message}).`);
    return null;
  }
}
