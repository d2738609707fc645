import { Arg, Authorized, Ctx, ID, Int, Query, Resolver } from 'type-graphql';
import { keysetOf } from '../common/paging.js';
import type { RequestContext } from '../common/per-request.js';
import type { Database } from '../database/database.js';
import { AuditEntryConnection, AuditEntryType } from './audit-entry.type.js';
import { AUDIT_CURSOR_SHAPE, auditCursorKey, countAuditEntries, listAuditEntries } from './audit-list.js';

@Resolver()
export class AuditTrailResolver {
  constructor(private readonly database: Database) {}

  @Authorized('documents:read')
  @Query(() => AuditEntryConnection, {
    description:
      'Who did what, when, why; newest first; never changed. subjectId: of one receipt, invoice, push, customer or mapping.',
  })
  async auditTrail(
    @Ctx() { instanceId }: RequestContext,
    @Arg('subjectId', () => ID, { nullable: true }) subjectId: string | null,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50 }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
  ): Promise<InstanceType<typeof AuditEntryConnection>> {
    const keyset = keysetOf({ first, after }, AUDIT_CURSOR_SHAPE);
    const subject = subjectId ?? null;
    return AuditEntryConnection.of(keyset, await listAuditEntries(this.database, instanceId, subject, keyset), {
      keyOf: auditCursorKey,
      node: (row) => new AuditEntryType(instanceId, row),
      count: () => countAuditEntries(this.database, instanceId, subject),
    });
  }
}
