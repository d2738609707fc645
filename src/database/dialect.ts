export type Dialect = 'sqlite' | 'mysql';

/** Column types that migrations write, for each dialect; everything else is SQL that both share. */
export const columnTypes = {
  sqlite: {
    id: 'BIGINT',
    int: 'INTEGER',
    flag: 'BOOLEAN',
    money: 'BIGINT',
    instant: 'BIGINT',
    date: 'DATE',
    long: 'TEXT',
    table: '',
  },
  mysql: {
    id: 'BIGINT',
    int: 'INT',
    flag: 'TINYINT(1)',
    money: 'BIGINT',
    instant: 'BIGINT',
    date: 'DATE',
    long: 'MEDIUMTEXT',
    // Binary: MySQL's default collation takes "C1" for "c1", and "é" for "e"
    table: 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin',
  },
} as const satisfies Record<Dialect, Record<string, string>>;
