import type { Database } from '../database/database.js';

export const DEFAULT_INSTANCE_ID = 1;
export const DEFAULT_INSTANCE = 'default';

/** The instances that exist, by slug. */
export class Instances {
  private readonly idBySlug = new Map<string, number>();

  constructor(private readonly database: Database) {}

  /** Null for one that does not exist. */
  async idOf(slug: string): Promise<number | null> {
    const known = this.idBySlug.get(slug);
    if (known !== undefined) return known;
    const [row] = await this.database.query<{ id: number; slug: string }>(
      'SELECT id, slug FROM instance WHERE slug = ?',
      [slug],
    );
    // MySQL compares without regard to blanks at the end
    if (!row || row.slug !== slug) return null;
    this.idBySlug.set(slug, row.id);
    return row.id;
  }

  async ids(): Promise<number[]> {
    const rows = await this.database.query<{ id: number }>('SELECT id FROM instance ORDER BY id');
    return rows.map(({ id }) => id);
  }
}
