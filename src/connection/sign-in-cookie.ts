import type { Random } from '../common/random.js';

/** Ten minutes, as the state of the round trip that it belongs to. */
const LIFE_SECONDS = 600;
const SECRET = /^[\w-]{43}$/;

/**
 * Ties the way to Sage and back to one browser. Without it, somebody could send the address of Sage's own sign-in page, with a state
 * made for their own instance, to a person who is signed in to Sage: that person's Sage would be connected to the other's instance.
 * Lax: the browser comes back from another site, by a link. `__Host-`: no other host can set it; over plain HTTP, as on a developer's
 * machine, browsers take that name from nobody.
 */
export class SignInCookie {
  private readonly name: string;
  private readonly attributes: string;

  constructor(
    publicUrl: string,
    private readonly random: Random,
  ) {
    const isSecure = publicUrl.startsWith('https:');
    this.name = isSecure ? '__Host-sage-sign-in' : 'sage-sign-in';
    this.attributes = `Max-Age=${LIFE_SECONDS}; Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`;
  }

  /** What the browser has already, so that two tabs do not undo each other; a new secret for one that has none. */
  issue(cookies: string | undefined): { secret: string; header: string } {
    const secret = this.read(cookies) ?? this.random.bytes(32).toString('base64url');
    return { secret, header: `${this.name}=${secret}; ${this.attributes}` };
  }

  /** Null for a browser that has none, or more than one of that name. */
  read(cookies: string | undefined): string | null {
    const values = (cookies ?? '').split(';').flatMap((pair) => {
      const [name = '', value = ''] = pair.trim().split('=', 2);
      return name === this.name ? [value] : [];
    });
    const [value] = values;
    return values.length === 1 && value !== undefined && SECRET.test(value) ? value : null;
  }
}
