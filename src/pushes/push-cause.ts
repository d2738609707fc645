/** Why a push does not go, for somebody in finance. Stored with the push; pushes of one code and key are one row of the error queue. */
export interface PushCause {
  /** Stable, in capitals, e.g. NOMINAL_CODE_NOT_MAPPED. */
  code: string;
  /**
   * What it is about, for grouping and for release: parts joined by ':', e.g. "NOMINAL_CODE:4100:3" (mapping kind, Layer id, the
   * gateway's company id). Empty when the cause is about the one push alone. At most 120 characters.
   */
  key: string;
  /** The same in words, e.g. "nominal code 4100 in Sage company Comms Ltd"; null when it is about the one push alone. */
  subject: string | null;
  message: string;
  /** What to do about it. */
  remedy: string;
}

/** Causes that go away by a mapping or by reference data of Sage; the pushes that they hold are looked at again when either changes. */
export const MAPPING_CODES = [
  'SUB_COMPANY_NOT_MAPPED',
  'SAGE_COMPANY_INACTIVE',
  'PAYMENT_METHOD_NOT_MAPPED',
  'BANK_ACCOUNT_UNUSABLE',
  'BANK_CURRENCY_DIFFERS',
  'NOMINAL_CODE_NOT_MAPPED',
  'NOMINAL_ACCOUNT_UNUSABLE',
  'VAT_CODE_NOT_MAPPED',
  'TAX_CODE_UNUSABLE',
  'ACCOUNT_MISSING',
] as const;

/** Causes that go away when the connection to Sage stands again. */
export const CONNECTION_CODES = ['CONNECTION_LOST', 'SIGN_IN_NEEDED'] as const;

export const PREREQUISITE_FAILED = 'PREREQUISITE_FAILED';
