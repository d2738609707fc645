/** A place of the schema where a hostile document can hang what it has. */
export interface Place {
  type: string;
  /** A field of it without a selection. */
  leaf: string;
  /** The operation that reaches it. */
  at(selections: string): string;
}

/** One of every part of the schema: reading, lists, lists in lists, changing, following. */
export const PLACES: readonly Place[] = [
  { type: 'Query', leaf: '__typename', at: (s) => `query { ${s} }` },
  { type: 'Viewer', leaf: 'subject', at: (s) => `{ viewer { ${s} } }` },
  { type: 'Customer', leaf: 'name', at: (s) => `{ customer(layerId: "C1") { ${s} } }` },
  { type: 'SageAccount', leaf: 'accountNumber', at: (s) => `{ customer(layerId: "C1") { sageAccount { ${s} } } }` },
  { type: 'Money', leaf: 'amount', at: (s) => `{ customer(layerId: "C1") { sageAccount { balance { ${s} } } } }` },
  { type: 'SageTransaction', leaf: 'urn', at: (s) => `{ sageTransactions(first: 1) { nodes { ${s} } } }` },
  { type: 'PageInfo', leaf: 'endCursor', at: (s) => `{ customers(first: 1) { pageInfo { ${s} } } }` },
  { type: 'Receipt', leaf: 'reference', at: (s) => `{ receipts(first: 1) { edges { node { ${s} } } } }` },
  {
    type: 'MatchSuggestion',
    leaf: 'token',
    at: (s) => `{ receipts(first: 1) { nodes { suggestions(first: 1) { ${s} } } } }`,
  },
  { type: 'Invoice', leaf: 'number', at: (s) => `{ invoice(layerId: "1") { ${s} } }` },
  { type: 'InvoiceLine', leaf: 'description', at: (s) => `{ invoices(first: 1) { nodes { lines { ${s} } } } }` },
  { type: 'Push', leaf: 'urn', at: (s) => `{ errorQueue { pushes(first: 1) { nodes { ${s} } } } }` },
  { type: 'NominalCode', leaf: 'code', at: (s) => `{ push(id: "1") { document { ... on NominalCode { ${s} } } } }` },
  { type: 'SageCompany', leaf: 'name', at: (s) => `{ mappingIssues { sageCompany { ${s} } } }` },
  { type: 'SyncStatus', leaf: 'state', at: (s) => `{ syncStatus { ${s} } }` },
  { type: 'Node', leaf: 'id', at: (s) => `{ node(id: "1") { ${s} } }` },
  { type: 'PushPayload', leaf: '__typename', at: (s) => `mutation { skipPush(id: "1", reason: "x") { ${s} } }` },
  {
    type: 'UserError',
    leaf: 'message',
    at: (s) => `mutation { undoMatch(matchId: "1", reason: "x") { userErrors { ${s} } } }`,
  },
  { type: 'ReceiptReceived', leaf: 'cursor', at: (s) => `subscription { receiptReceived { ${s} } }` },
  { type: 'PushError', leaf: 'code', at: (s) => `subscription { pushChanged { push { error { ${s} } } } }` },
];
