/**
 * What a document may be before anybody validates it: validating compares fields pair by pair, so that a text of a few kilobytes can
 * cost seconds. The console's and the widget's largest queries need less than half of each (test/attacks/own-queries.test.ts).
 */
export const DOCUMENT_LIMITS = {
  /** Of the text, in characters: its tokens, and the comments and strings between them. */
  characters: 20_000,
  /** What a console writes has some hundred. */
  tokens: 2_000,
  /** One, and what a tool sends along with it. */
  operations: 10,
  fragments: 50,
  /** Of one operation. */
  variables: 50,
  /** Fields within fields, fragments unfolded. The schema goes round in circles, from customers to accounts and back. */
  depth: 20,
  /** Selections within selections as they are written, those of inline fragments too. */
  nesting: 40,
  /** Fields to be answered, fragments unfolded; those that are one in the answer count once. */
  fields: 2_000,
  /** Fields, each fragment as often as it is spread: the cost is reckoned so. */
  unfolded: 3_000,
  /** The same field in one selection, under whatever aliases: a hundred documents in one request, and no more. */
  sameField: 100,
  /** All that repeat a field of the same selection. */
  repeats: 250,
  /** In one place: @skip and @include are all there is. */
  directivesInOnePlace: 4,
  directives: 100,
  /** Lists and objects within each other, of literals and of a variable's type. */
  valueDepth: 12,
  /** Items of a list or fields of an object that are written in the document. */
  valueWidth: 200,
} as const;

/** What may come as variables: bodies of a megabyte can hold half a million values. */
export const VARIABLE_LIMITS = {
  /** Lists and objects within each other. */
  depth: 12,
  /** All values: 500 invoices with twenty lines are some 70,000. */
  values: 100_000,
  /** What takes fewer says so itself: a document has at most a thousand lines, registerInvoices takes 500. */
  listLength: 2_000,
  /** In characters; the customers upload alone is longer. */
  stringLength: 10_000,
} as const;
