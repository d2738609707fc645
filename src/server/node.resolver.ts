import { Arg, Authorized, Ctx, ID, Query, Resolver } from 'type-graphql';
import { requireScope } from '../auth/auth-checker.js';
import type { Scope } from '../auth/caller.js';
import type { GatewayContext } from '../auth/request-context.js';
import { decodeNodeId } from '../common/node-id.js';
import { Node } from '../common/node.type.js';

/** A type that `node(id)` can answer. */
export interface NodeType {
  type: string;
  scope: Scope;
  load(context: GatewayContext, key: string[]): Promise<Node | null>;
}

@Resolver()
export class NodeResolver {
  constructor(private readonly types: readonly NodeType[]) {}

  @Authorized()
  @Query(() => Node, { nullable: true })
  async node(@Ctx() context: GatewayContext, @Arg('id', () => ID) id: string): Promise<Node | null> {
    const decoded = decodeNodeId(context.instanceId, id);
    const nodeType = decoded && this.types.find(({ type }) => type === decoded.type);
    if (!nodeType) return null;
    requireScope(context.caller, nodeType.scope);
    return nodeType.load(context, decoded.key);
  }
}
