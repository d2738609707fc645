import { type ConnectionService, SignInError } from './connection.service.js';

/** An answer to a browser, for whichever HTTP server. */
export interface PageAnswer {
  status: number;
  headers: Record<string, string>;
  html: string;
}

type QueryValues = Readonly<Record<string, unknown>>;

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  // The address holds a ticket or a code
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
};

const AGAIN =
  'Go back to The Layer and choose "Sign in to Sage" again. If the link came from npm run instance -- sign-in, run that again.';

/** What a browser has asked with. */
export interface PageRequest {
  query: QueryValues;
  /** The header. */
  cookies: string | undefined;
}

/** GET /sage/sign-in?ticket=…: sends the browser to Sage, or says why not. */
export async function signInPage(service: ConnectionService, { query, cookies }: PageRequest): Promise<PageAnswer> {
  return answering(async () => {
    const { secret, header } = service.cookie.issue(cookies);
    const location = await service.redirectToSage(textOf(query['ticket']), secret);
    return { status: 302, headers: { ...HEADERS, location, 'set-cookie': header }, html: '' };
  });
}

/** GET /sage/callback?state=…&code=…, to which Sage sends the browser back; or ?state=…&error=… */
export async function callbackPage(service: ConnectionService, { query, cookies }: PageRequest): Promise<PageAnswer> {
  return answering(async () => {
    const browser = service.cookie.read(cookies) ?? '';
    const state = textOf(query['state']);
    const code = textOf(query['code']);
    if (code === '') {
      await service.abandonSignIn(state, browser);
      const reason = textOf(query['error']).slice(0, 60);
      return page(400, 'Not signed in', `Sage did not sign you in${reason === '' ? '' : ` (${reason})`}.`, AGAIN);
    }
    await service.completeSignIn(state, browser, code);
    return page(
      200,
      'Signed in to Sage',
      'The Layer is now connected to Sage 200.',
      'You can close this page. The first figures appear within a minute.',
    );
  });
}

const STATUS_BY_FAULT = { ticket_invalid: 410, state_invalid: 400, refused: 400, unreachable: 502 } as const;
const TITLE_BY_FAULT = {
  ticket_invalid: 'This link is no longer good',
  state_invalid: 'This sign-in is not known',
  refused: 'Sage did not accept the sign-in',
  unreachable: 'Sage does not answer',
} as const;

async function answering(work: () => Promise<PageAnswer>): Promise<PageAnswer> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SignInError)) throw error;
    return page(STATUS_BY_FAULT[error.fault], TITLE_BY_FAULT[error.fault], error.message, AGAIN);
  }
}

function page(status: number, title: string, ...paragraphs: string[]): PageAnswer {
  const body = paragraphs.map((paragraph) => `<p>${escaped(paragraph)}</p>`).join('\n');
  const html = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1rem;color:#1c2733}h1{font-size:1.4rem}</style></head>
<body><h1>${escaped(title)}</h1>
${body}
</body></html>
`;
  return { status, headers: { ...HEADERS }, html };
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** A query parameter that is given twice comes as a list: it is taken for none. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
