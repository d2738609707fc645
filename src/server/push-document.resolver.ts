import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { RequestContext } from '../common/per-request.js';
import type { PushKind } from '../pushes/push-status.js';
import { PushType } from '../pushes/push.type.js';
import { type PushDocument, type PushDocumentLoader, PushDocumentUnion } from './push-document.type.js';

/** What a push is of. It stands here because any feature may have something to push. */
@Resolver(() => PushType)
export class PushDocumentResolver {
  constructor(private readonly loaders: Partial<Record<PushKind, PushDocumentLoader>>) {}

  @FieldResolver(() => PushDocumentUnion, { nullable: true })
  async document(@Root() root: PushType, @Ctx() context: RequestContext): Promise<PushDocument | null> {
    return (await this.loaders[root.row.kind]?.(context, root.row)) ?? null;
  }
}
