/** An answer, ready to be sent; `body` is text already. */
export interface Reply {
  readonly status: number;
  readonly body: string;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const jsonText = (body: string, status = 200): Reply => ({
  status,
  body,
  contentType: 'application/json; charset=utf-8',
});
export const json = (value: unknown, status = 200): Reply => jsonText(JSON.stringify(value), status);
export const html = (body: string, status = 200): Reply => ({ status, body, contentType: 'text/html; charset=utf-8' });
export const redirect = (location: string): Reply => ({ status: 302, body: '', headers: { location } });
export const empty = (status: number): Reply => ({ status, body: '' });

/** The one documented shape of an error (sage200.md §2.2). */
export const message = (status: number, text: string): Reply => json({ Message: text }, status);
export const denied = (): Reply => message(401, 'Authorization has been denied for this request.');
