/** What a token may allow (contract/environment.md, "Tokens"). */
export const SCOPES = [
  'accounts:read',
  'documents:read',
  'documents:push',
  'reconcile',
  'mappings:write',
  'operate',
] as const;
export type Scope = (typeof SCOPES)[number];

/** Who is asking. All that they see and do is inside their instance. */
export interface Caller {
  readonly subject: string;
  /** The Layer instance's slug. */
  readonly instance: string;
  readonly instanceId: number;
  readonly scopes: ReadonlySet<Scope>;
  /** When the token ends, epoch ms: an open socket ends with it. */
  readonly expiresAt: number;
  /** Tells callers apart (callerKey). */
  readonly key: string;
}

/** The number first: no subject can be written so that it is another instance's caller. */
export const callerKey = ({ instanceId, subject }: Pick<Caller, 'instanceId' | 'subject'>) =>
  `${instanceId} ${subject}`;
