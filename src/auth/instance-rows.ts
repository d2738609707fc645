import type { Queryable } from '../database/database.js';

/** A customer of The Layer, as it stands in the database. */
export interface Instance {
  id: number;
  slug: string;
  createdAt: Date;
  /** Null: it is enabled. */
  disabledAt: Date | null;
  /** Root fields of all its callers together: a second in the long run, and at once. Null: as the gateway is configured. */
  ratePerSecond: number | null;
  rateBurst: number | null;
}

type RawInstance = Omit<Instance, 'createdAt' | 'disabledAt'> & {
  createdAt: number | string;
  disabledAt: number | string | null;
};

const COLUMNS = `id, slug, created_at AS createdAt, disabled_at AS disabledAt,
  rate_per_second AS ratePerSecond, rate_burst AS rateBurst`;

export async function readInstances(database: Queryable): Promise<Instance[]> {
  return (await database.query<RawInstance>(`SELECT ${COLUMNS} FROM instance ORDER BY id`)).map(decode);
}

/** Null for one that does not exist. */
export async function readInstance(database: Queryable, slug: string): Promise<Instance | null> {
  const [row] = await database.query<RawInstance>(`SELECT ${COLUMNS} FROM instance WHERE slug = ?`, [slug]);
  // MySQL compares without regard to blanks at the end
  return row && row.slug === slug ? decode(row) : null;
}

function decode(row: RawInstance): Instance {
  const { createdAt, disabledAt, ...rest } = row;
  return {
    ...rest,
    createdAt: new Date(Number(createdAt)),
    disabledAt: disabledAt === null ? null : new Date(Number(disabledAt)),
  };
}
