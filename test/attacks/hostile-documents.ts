import { PLACES, type Place } from './hostile-places.js';

export interface HostileDocument {
  what: string;
  text: string;
}

const times = (count: number, make: (index: number) => string, between = ' ') =>
  Array.from({ length: count }, (_, index) => make(index)).join(between);
const nested = (depth: number, open: string, inner: string, close: string) =>
  open.repeat(depth) + inner + close.repeat(depth);

/** Attacks that can stand anywhere in the schema. */
const ANYWHERE: Readonly<Record<string, (place: Place) => string>> = {
  'a field 500 times': ({ at, leaf }) => at(`${leaf} `.repeat(500)),
  'a field under 101 aliases': ({ at, leaf }) => at(times(101, (index) => `a${index}: ${leaf}`)),
  'one alias for 400 times two fields': ({ at, leaf }) => at(`a: ${leaf} a: __typename `.repeat(200)),
  'a row of directives': ({ at, leaf }) => at(`${leaf} ${'@skip(if: false) '.repeat(50)}`),
  'directives everywhere': ({ at, leaf }) =>
    at(times(60, (index) => `a${index}: ${leaf} @include(if: true) @skip(if: false)`)),
  'unknown directives': ({ at, leaf }) => at(times(80, (index) => `a${index}: ${leaf} @a${index}`)),
  'a fragment that spreads itself': ({ at, type, leaf }) => `${at('...F')} fragment F on ${type} { ${leaf} ...F }`,
  'three fragments in a circle': ({ at, type, leaf }) =>
    `${at('...F0')} ${times(3, (index) => `fragment F${index} on ${type} { ${leaf} ...F${(index + 1) % 3} }`)}`,
  'fragments that double at each step': ({ at, type, leaf }) =>
    `${at('...F0')} ${times(40, (index) => `fragment F${index} on ${type} { ...F${index + 1} ...F${index + 1} }`)} fragment F40 on ${type} { ${leaf} }`,
  'a hundred fragments': ({ at, type, leaf }) =>
    `${at(times(100, (index) => `...F${index}`))} ${times(100, (index) => `fragment F${index} on ${type} { ${leaf} }`)}`,
  'a fragment that nobody spreads': ({ at, type, leaf }) =>
    `${at(leaf)} fragment F on ${type} { ${`a: ${leaf} `.repeat(400)} }`,
  'two fragments of one name': ({ at, type, leaf }) =>
    `${at('...F')} fragment F on ${type} { ${leaf} } fragment F on ${type} { ${`a: ${leaf} `.repeat(400)} }`,
  'repetitions spread over fragments': ({ at, type, leaf }) =>
    `${at(times(40, (index) => `...F${index}`))} ${times(40, (index) => `fragment F${index} on ${type} { ${`${leaf} `.repeat(10)} }`)}`,
  'inline fragments within each other': ({ at, type, leaf }) => at(nested(60, `... on ${type} { `, leaf, ' }')),
  'five hundred fields that do not exist': ({ at }) => at(times(500, (index) => `nothing${index}`)),
  'arguments that do not exist': ({ at, leaf }) => at(`${leaf}(${times(400, (index) => `a${index}: 1`)})`),
  'a name of 30,000 characters': ({ at }) => at('a'.repeat(30_000)),
};

const circle = (rounds: number, open: string, inner: string, close: string) =>
  `{ ${nested(rounds, open, inner, close)} }`;

/** Attacks that have a place of their own, or none. */
const SINGLE: Readonly<Record<string, string>> = {
  'customers of accounts of customers': `{ customer(layerId: "1") ${circle(15, '{ sageAccount { customer ', '{ name }', '} }').slice(2, -2)} }`,
  'matches of payments of matches': `{ receipts(first: 1) { nodes { matches { ${nested(12, 'payment { match { ', 'id', ' } }')} } } } }`,
  'pushes of documents of pushes': `{ push(id: "1") { ${nested(12, 'document { ... on Invoice { push { ', 'id', ' } } }')} } }`,
  'credit notes of customers of credit notes': `{ creditNotes(first: 1) { nodes { ${nested(8, 'customer { creditNotes(first: 1) { nodes { ', 'id', ' } } }')} } } }`,
  'transactions of accounts of transactions': `{ sageTransactions(first: 1) { nodes { ${nested(8, 'sageAccount { transactions(first: 1) { nodes { ', 'urn', ' } } }')} } } }`,
  'a circle in aliases': `{ customer(layerId: "1") { ${nested(12, 'a: sageAccount { b: customer { ', 'name', ' } }')} } }`,
  'a circle in fragments': `{ customer(layerId: "1") { ...F0 } } ${times(15, (index) => `fragment F${index} on Customer { sageAccount { customer { ...F${index + 1} } } }`)} fragment F15 on Customer { name }`,
  'the whole ledger of every account':
    '{ sageAccounts(first: 500) { nodes { transactions(first: 500) { nodes { urn } } } } }',
  'every line of every invoice of every customer':
    '{ customers(first: 500) { nodes { invoices(first: 500) { nodes { lines { net { amount } } } } } } }',
  'every suggestion of every receipt':
    '{ receipts(first: 500) { nodes { suggestions(first: 500) { reasonsFor allocations { invoice { number } } } } } }',
  'every push of every cause':
    '{ errorQueue { a: pushes(first: 500) { nodes { history { step } customer { invoices(first: 500) { nodes { id } } } } } } }',
  'every payment and refund of every customer':
    '{ customers(first: 500) { nodes { payments(first: 500) { nodes { id } } refunds(first: 500) { nodes { id } } } } }',
  'ninety large pages': `{ ${times(90, (index) => `a${index}: sageTransactions(first: 500) { nodes { urn reference gross { amount } } }`)} }`,
  'ninety mutations that cost': `mutation { ${times(90, (index) => `a${index}: startSync(resources: []) { ${times(30, (each) => `b${each}: started`)} }`)} }`,
  'a mutation 101 times': `mutation { ${times(101, (index) => `a${index}: startSync(resources: []) { started }`)} }`,
  'two fields of a subscription': 'subscription { receiptReceived { cursor } pushChanged { cursor } }',
  'a subscription under 101 aliases': `subscription { ${times(101, (index) => `a${index}: receiptReceived { cursor }`)} }`,
  'the type name of subscriptions': 'subscription { __typename }',
  'everything of the schema': '{ __schema { types { name fields { name args { name } } } } }',
  'the schema in circles': `{ __schema { types { ${nested(4, 'fields { type { ', 'name', ' } }')} } } }`,
  'a type by its name': '{ __type(name: "Mutation") { fields { name } } }',
  'the schema beside a good field': '{ viewer { subject } __schema { queryType { name } } }',
  'the schema of a mutation': 'mutation { __schema { queryType { name } } }',
  'the schema behind a fragment': '{ ...F } fragment F on Query { __schema { queryType { name } } }',
  'the schema under an alias': '{ viewer: __schema { queryType { name } } }',
  '300 operations': times(300, (index) => `query q${index} { viewer { subject } }`),
  'operations that share fragments': `${times(60, (index) => `query q${index} { ...F }`)} fragment F on Query { viewer { subject } }`,
  '100 operations without a name': '{ viewer { subject } } '.repeat(100),
  'types of its own': times(100, (index) => `type T${index} { a: Int }`),
  'an extended schema': `extend type Query { a: Int } ${'extend type Query { a: Int } '.repeat(50)} { viewer { subject } }`,
  'directives of its own': `{ viewer { subject } } ${times(100, (index) => `directive @d${index} on FIELD`)}`,
  '600 variables': `query (${times(600, (index) => `$v${index}: Int`)}) { viewer { subject } }`,
  'a variable 400 times': `query (${'$v: Int '.repeat(400)}) { viewer { subject } }`,
  'variables that are not declared': `{ ${times(90, (index) => `a${index}: customer(layerId: $v${index}) { name }`)} }`,
  'variables that nobody uses': `query (${times(49, (index) => `$v${index}: Int`)}) { viewer { subject } }`,
  'a list of lists of lists': `query ($v: ${nested(500, '[', 'Int', ']')}) { viewer { subject } }`,
  'a default within defaults': `query ($v: ReceiptFilter = ${nested(300, '{ status: ', '1', ' }')}) { viewer { subject } }`,
  'lists within lists': `{ receipts(filter: { status: ${nested(800, '[', '1', ']')} }) { totalCount } }`,
  'objects within objects': `{ receipts(filter: ${nested(400, '{ a: ', '1', ' }')}) { totalCount } }`,
  'a list of 1,500': `{ receipts(filter: { status: [${'MATCHED '.repeat(1_500)}] }) { totalCount } }`,
  'an object of 600 fields': `{ receipts(filter: { ${times(600, (index) => `a${index}: 1`)} }) { totalCount } }`,
  'a filter 400 times in itself': `{ receipts(filter: { ${'status: MATCHED '.repeat(400)} }) { totalCount } }`,
  'values that are none of the enum': `{ receipts(filter: { status: [${times(400, (index) => `MATCHE${index}`)}] }) { totalCount } }`,
  'a number of 15,000 digits': `{ receipts(first: ${'9'.repeat(15_000)}) { totalCount } }`,
  'a number of 15,000 decimals': `{ receipts(first: 0.${'9'.repeat(15_000)}) { totalCount } }`,
  'an amount of 15,000 digits': `mutation { pushPayment(input: { amount: "${'9'.repeat(15_000)}", customerLayerId: "1", layerId: "1", paidOn: "2026-01-01", paymentMethodLayerId: "1" }) { push { id } } }`,
  'a date of 15,000 characters': `{ receipts(filter: { from: "${'2026-'.repeat(3_000)}" }) { totalCount } }`,
  'a currency of 15,000 characters': `mutation { pushPayment(input: { amount: "1", currency: "${'G'.repeat(15_000)}", customerLayerId: "1", layerId: "1", paidOn: "2026-01-01", paymentMethodLayerId: "1" }) { push { id } } }`,
  'fields of one name and other arguments': `{ ${times(90, (index) => `a: customer(layerId: "${index}") { name }`)} }`,
  'conflicts on each level': `{ ${times(8, (a) => `customer(layerId: "1") { sageAccount(sageCompanyId: "${a}") { ${times(8, (b) => `agedDebt(basis: ${b % 2 ? 'DUE_DATE' : 'TRANSACTION_DATE'}) { label }`)} } }`)} }`,
  '5,000 opening braces': '{ viewer '.repeat(5_000),
  '1,900 opening braces': '{'.repeat(1_900),
  '1,900 opening brackets': `{ a(b: ${'['.repeat(1_900)}`,
  '900 levels that do not exist': nested(900, '{ a ', '', '}'),
  'a comment of 100,000 characters': `{ viewer { subject } } #${'x'.repeat(100_000)}`,
  '100,000 commas': `{ viewer { subject ${','.repeat(100_000)} } }`,
  'a block string of 100,000 lines': `{ customer(layerId: """${'\n x'.repeat(33_000)}""") { name } }`,
  'a block string that is all indents': `{ customer(layerId: """${`\n${' '.repeat(30)}`.repeat(600)}""") { name `,
  'escapes without end': `{ customer(layerId: "${'\\u0041'.repeat(3_000)}") { nam } }`,
  'a surrogate alone': '{ customer(layerId: "\\uD800") { nothing } }',
  'a string that does not end': `{ customer(layerId: "${'x'.repeat(10_000)}`,
  'characters that no document has': '{ viewer { subject \u0000\u0007 } }',
  'dots without end': `{ ${'... '.repeat(1_000)} }`,
  'dollars without end': '$'.repeat(19_000),
  'a fragment called on': '{ ...on } fragment on on Query { viewer { subject } }',
  'fragments on what is no type': `{ ${times(40, (index) => `... on Nothing${index} { a }`)} }`,
  'fragments on scalars and inputs': `{ ${'... on Decimal { a } ... on ReceiptFilter { a } '.repeat(30)} }`,
  'fragments that can never match': `{ viewer { ${times(40, () => '... on Invoice { id }')} } }`,
  'parts that come later, without end': `{ ${'... @defer { viewer { subject } } '.repeat(60)} }`,
  'nothing at all': '   ',
  'a query of nothing': '{ }',
  'subscriptions over and over': `${times(50, (index) => `subscription s${index} { pushChanged { cursor } }`)}`,
};

/** Each is an attack of its own kind, or at a place of its own. `mark` makes the texts new: none has been seen before. */
export function hostileDocuments(mark: string): HostileDocument[] {
  const everywhere = PLACES.flatMap((place) =>
    Object.entries(ANYWHERE).map(([what, make]) => ({ what: `${what}, on ${place.type}`, text: make(place) })),
  );
  const single = Object.entries(SINGLE).map(([what, text]) => ({ what, text }));
  return [...everywhere, ...single].map(({ what, text }) => ({ what, text: `# ${mark}\n${text}` }));
}
