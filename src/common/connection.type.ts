import { Field, Int, ObjectType } from 'type-graphql';
import { encodeCursor, type Keyset } from './paging.js';
import { PageInfo } from './page-info.type.js';

export interface Edge<N> {
  cursor: string;
  node: N;
}

/** A page of a list. The rows are counted only when totalCount is selected: on a big list that is a scan. */
export interface Connection<N> {
  edges: Edge<N>[];
  nodes: N[];
  pageInfo: PageInfo;
  totalCount(): Promise<number>;
}

/** Makes the classes `<name>Connection` and `<name>Edge` for a node class. */
export function connectionType<N extends object>(name: string, nodeClass: () => new (...values: never[]) => N) {
  @ObjectType(`${name}Edge`, { simpleResolvers: true })
  class EdgeType implements Edge<N> {
    @Field()
    cursor!: string;

    @Field(() => nodeClass())
    node!: N;
  }

  @ObjectType(`${name}Connection`)
  class ConnectionType implements Connection<N> {
    constructor(
      edges: Edge<N>[],
      pageInfo: PageInfo,
      private readonly count: () => Promise<number>,
    ) {
      this.edges = edges;
      this.pageInfo = pageInfo;
    }

    @Field(() => [EdgeType], { simple: true })
    edges: Edge<N>[];

    @Field(() => [nodeClass()], { simple: true })
    get nodes(): N[] {
      return this.edges.map(({ node }) => node);
    }

    @Field(() => PageInfo, { simple: true })
    pageInfo: PageInfo;

    @Field(() => Int)
    totalCount(): Promise<number> {
      return this.count();
    }

    /** `rows` has one row more than the page, when there is a next page. */
    static of<Row>(
      keyset: Keyset,
      rows: readonly Row[],
      parts: { keyOf(row: Row): (string | number)[]; node(row: Row): N; count(): Promise<number> },
    ): ConnectionType {
      const page = rows.slice(0, keyset.first);
      const edges = page.map((row) => ({ cursor: encodeCursor(parts.keyOf(row)), node: parts.node(row) }));
      const pageInfo = {
        hasNextPage: rows.length > keyset.first,
        hasPreviousPage: keyset.after !== null,
        startCursor: edges[0]?.cursor ?? null,
        endCursor: edges.at(-1)?.cursor ?? null,
      };
      return new ConnectionType(edges, pageInfo, parts.count);
    }
  }

  return ConnectionType;
}
