import type { Clock } from '../common/clock.js';
import { messageOf } from '../common/errors.js';
import type { Log } from '../common/log.js';
import type { Database } from '../database/database.js';
import { type Instance, readInstance, readInstances } from './instance-rows.js';

export const DEFAULT_INSTANCE_ID = 1;
export const DEFAULT_INSTANCE = 'default';

/** How soon a process notices that an instance was disabled, enabled, or given other limits. */
const LOOK_EVERY_MS = 2_000;

interface Watcher {
  instanceId: number;
  onDisabled(): void;
}

/** The instances that exist, as this process knows them: it looks again every two seconds. */
export class Instances {
  private bySlug = new Map<string, Instance>();
  private byId = new Map<number, Instance>();
  private readonly watchers = new Set<Watcher>();
  private readonly stopping = new AbortController();
  private loop: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Reads them all, and goes on looking until `stop`. Throws when the database cannot be read. */
  async start(): Promise<void> {
    await this.look();
    this.loop = this.lookAgain();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.loop;
  }

  /** The id of an instance that is enabled; null for one that is not, or does not exist. */
  async idOf(slug: string): Promise<number | null> {
    // one that was made a moment ago is not known yet
    const instance = this.bySlug.get(slug) ?? (await readInstance(this.database, slug));
    return instance?.disabledAt === null ? instance.id : null;
  }

  /** As of the last look; null: not known, or as the gateway is configured. */
  limitsOf(instanceId: number): Pick<Instance, 'ratePerSecond' | 'rateBurst'> | null {
    return this.byId.get(instanceId) ?? null;
  }

  /** Read anew: all that exist, disabled or not. */
  async ids(): Promise<number[]> {
    return (await readInstances(this.database)).map(({ id }) => id);
  }

  /** Read anew: only these are pulled, and only their documents posted. */
  async enabledIds(): Promise<number[]> {
    return (await readInstances(this.database)).flatMap(({ id, disabledAt }) => (disabledAt === null ? [id] : []));
  }

  /** Read anew. */
  async disabledIds(): Promise<number[]> {
    return (await readInstances(this.database)).flatMap(({ id, disabledAt }) => (disabledAt === null ? [] : [id]));
  }

  /** Calls `onDisabled` once the instance is seen to be disabled; answers a function that stops it. */
  whenDisabled(instanceId: number, onDisabled: () => void): () => void {
    const watcher = { instanceId, onDisabled };
    this.watchers.add(watcher);
    this.tell(watcher);
    return () => this.watchers.delete(watcher);
  }

  private async look(): Promise<void> {
    const instances = await readInstances(this.database);
    this.bySlug = new Map(instances.map((instance) => [instance.slug, instance]));
    this.byId = new Map(instances.map((instance) => [instance.id, instance]));
    for (const watcher of this.watchers) this.tell(watcher);
  }

  private tell(watcher: Watcher): void {
    if ((this.byId.get(watcher.instanceId)?.disabledAt ?? null) === null) return;
    this.watchers.delete(watcher);
    watcher.onDisabled();
  }

  private async lookAgain(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await this.clock.sleep(LOOK_EVERY_MS, signal);
      if (signal.aborted) return;
      // what is known stays: without the database nothing of an instance can be read or done anyway
      await this.look().catch((error) =>
        this.log.warn({ error: messageOf(error) }, 'instances: cannot be read; trying again'),
      );
    }
  }
}
