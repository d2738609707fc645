import type { Database, Queryable } from '../database/database.js';

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

export type InstanceLimits = Pick<Instance, 'ratePerSecond' | 'rateBurst'>;

const CREATE_TRIES = 5;

/** Makes an instance, with the next free id. Null when one of that name exists. */
export async function createInstance(
  database: Database,
  slug: string,
  { ratePerSecond, rateBurst }: InstanceLimits,
  now: Date,
): Promise<Instance | null> {
  for (let tries = 1; ; tries += 1) {
    if (await readInstance(database, slug)) return null;
    try {
      await database.transaction((transaction) =>
        transaction.query(
          `INSERT INTO instance (id, slug, created_at, rate_per_second, rate_burst)
            SELECT MAX(id) + 1, ?, ?, ?, ? FROM instance`,
          [slug, now.getTime(), ratePerSecond, rateBurst],
        ),
      );
      return await readInstance(database, slug);
    } catch (error) {
      // another command was at it: the name is taken by now, or only the number
      if (tries >= CREATE_TRIES) throw error;
    }
  }
}

/** False when it was so already. */
export async function setDisabled(database: Database, id: number, disabledAt: Date | null): Promise<boolean> {
  const changed = await database.transaction((transaction) =>
    transaction.execute(
      `UPDATE instance SET disabled_at = ? WHERE id = ? AND disabled_at IS ${disabledAt ? 'NULL' : 'NOT NULL'}`,
      [disabledAt?.getTime() ?? null, id],
    ),
  );
  return changed === 1;
}

export async function setLimits(database: Database, id: number, limits: InstanceLimits): Promise<void> {
  await database.transaction((transaction) =>
    transaction.query('UPDATE instance SET rate_per_second = ?, rate_burst = ? WHERE id = ?', [
      limits.ratePerSecond,
      limits.rateBurst,
      id,
    ]),
  );
}
