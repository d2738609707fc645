const DAY_MS = 86_400_000;
const formatters = new Map<string, Intl.DateTimeFormat>();

/** The calendar date (YYYY-MM-DD) of an instant in an IANA time zone. */
export function dateInTimeZone(instant: Date, timeZone: string): string {
  let formatter = formatters.get(timeZone);
  if (!formatter) {
    // sv-SE writes dates as ISO 8601 does
    formatter = new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
    formatters.set(timeZone, formatter);
  }
  return formatter.format(instant);
}

/** Whole days from `earlier` to `later`, both YYYY-MM-DD; negative when `later` is before. */
export function daysBetween(earlier: string, later: string): number {
  return Math.round((Date.parse(later) - Date.parse(earlier)) / DAY_MS);
}

const MAX_REMEMBERED_DATES = 20_000;
const rememberedDates = new Set<string>();

/** Whether the text is a real calendar date written YYYY-MM-DD. A ledger has few different dates: those found right are remembered. */
export function isCalendarDate(text: string): boolean {
  if (rememberedDates.has(text)) return true;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const instant = new Date(`${text}T00:00:00Z`);
  const isReal = !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(text);
  if (isReal && rememberedDates.size < MAX_REMEMBERED_DATES) rememberedDates.add(text);
  return isReal;
}
