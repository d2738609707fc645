import type { GatewayInterface } from '@apollo/server-gateway-interface';
import { type DocumentNode, execute, type ExecutionResult, GraphQLError, type GraphQLSchema } from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';

const MAX_COMPILED = 500;
/** Apollo Server 5 has no option for an executor; a gateway is the way in, and it wants a text here that nothing reads. */
const NO_SUPERGRAPH = 'type Query { unused: Boolean }';

export interface RunnableOperation {
  /** SHA-256 of the document's text. */
  queryHash: string;
  document: DocumentNode;
  operationName: string | null;
  variables: Record<string, unknown>;
  context: object;
  root?: unknown;
}

/** Runs operations compiled by graphql-jit: about twice the requests per second of interpreting them. */
export class JitGateway implements GatewayInterface {
  private readonly compiled = new Map<string, CompiledQuery | null>();

  constructor(private readonly schema: GraphQLSchema) {}

  onSchemaLoadOrUpdate(callback: Parameters<GatewayInterface['onSchemaLoadOrUpdate']>[0]): () => void {
    callback({ apiSchema: this.schema, coreSupergraphSdl: NO_SUPERGRAPH });
    return () => undefined;
  }

  async load(): ReturnType<GatewayInterface['load']> {
    return {
      executor: async ({ queryHash, document, operationName, request, context }) =>
        (await this.run({ queryHash, document, operationName, variables: request.variables ?? {}, context })) as never,
    };
  }

  /** Runs one operation, or what one event means to a subscription: `root` is the event then. */
  async run({
    queryHash,
    document,
    operationName,
    variables,
    context,
    root,
  }: RunnableOperation): Promise<ExecutionResult> {
    const query = this.queryFor(`${queryHash}:${operationName ?? ''}`, document, operationName);
    const result = query
      ? await query.query(root, context, variables)
      : await execute({
          schema: this.schema,
          document,
          operationName,
          contextValue: context,
          variableValues: variables,
          rootValue: root,
        });
    return withProperErrors(result as ExecutionResult);
  }

  async stop(): Promise<void> {}

  /** Null for an operation that cannot be compiled, such as one with a directive that graphql-jit does not know: it is interpreted. */
  private queryFor(key: string, document: DocumentNode, operationName: string | null): CompiledQuery | null {
    const known = this.compiled.get(key);
    if (known !== undefined) {
      // the oldest unused goes first
      this.compiled.delete(key);
      this.compiled.set(key, known);
      return known;
    }
    const made = compileQuery(this.schema, document, operationName ?? undefined) as CompiledQuery | ExecutionResult;
    const query = isCompiledQuery(made) ? made : null;
    this.compiled.set(key, query);
    if (this.compiled.size > MAX_COMPILED) this.compiled.delete(this.compiled.keys().next().value as string);
    return query;
  }
}

/** Errors that graphql-jit builds may lack `extensions`, and are no GraphQLError of this realm: Apollo trips over both. */
function withProperErrors(result: ExecutionResult): ExecutionResult {
  if (!result.errors || result.errors.length === 0) return result;
  const errors = result.errors.map((error) => {
    if (error instanceof GraphQLError && error.extensions) return error;
    const { message, nodes, path, originalError, extensions } = error as GraphQLError;
    return new GraphQLError(message, {
      nodes,
      path,
      originalError: originalError ?? null,
      extensions: extensions ?? {},
    });
  });
  return { ...result, errors };
}
