/** OData options, such as `{ $top: 500, $filter: 'id gt 5' }`. */
export type Query = Readonly<Record<string, string | number>>;

export function requestUrl(apiUrl: string, path: string, query: Query): string {
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return apiUrl + path + (pairs.length === 0 ? '' : `?${pairs.join('&')}`);
}

/** A text as OData writes it: in single quotes, those inside doubled. */
export function odataText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** An instant as Sage's filters take it: UTC with milliseconds and Z (sage200.md §2.1). Throws RangeError on no instant. */
export function odataInstant(instant: string | Date): string {
  return new Date(instant).toISOString();
}

export function odataIds(field: string, ids: readonly number[]): string {
  return `(${ids.map((id) => `${field} eq ${id}`).join(' or ')})`;
}
