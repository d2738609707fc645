const digitsByCurrency = new Map<string, number | null>();
const known = new Set(Intl.supportedValuesOf('currency'));

/** How many decimal digits an ISO 4217 currency has (GBP 2, JPY 0, KWD 3), or null for a code that is none. */
export function currencyDigits(currency: string): number | null {
  const cached = digitsByCurrency.get(currency);
  if (cached !== undefined) return cached;
  const digits = known.has(currency)
    ? (new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2)
    : null;
  if (/^[A-Z]{3}$/.test(currency)) digitsByCurrency.set(currency, digits);
  return digits;
}

export function isCurrencyCode(text: string): boolean {
  return /^[A-Z]{3}$/.test(text) && currencyDigits(text) !== null;
}
