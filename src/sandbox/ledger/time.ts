// Dates and instants as Sage's database keeps them.

/** An instant as text that sorts: SQL Server's `datetime` keeps thousandths ending in 0, 3 or 7 only. */
export function toInstant(epochMs: number): string {
  const units = ((epochMs % 10) + 10) % 10;
  const rounded = units < 2 ? 0 : units < 5 ? 3 : units < 9 ? 7 : 10;
  return new Date(epochMs - units + rounded).toISOString();
}

export function toDate(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10);
}

/** Whether a YYYY-MM-DD is in the calendar: JavaScript reads 31 February as 3 March, Sage refuses it. */
export function isDay(date: string): boolean {
  const epochMs = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(epochMs) && toDate(epochMs) === date;
}

export function addDays(date: string, days: number): string {
  return toDate(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000);
}

export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

export function addMonths(date: string, months: number): string {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  const lastDay = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate();
  return toDate(Date.UTC(year, month - 1 + months, Math.min(day, lastDay)));
}

export function lastDayOfMonth(date: string): string {
  return addDays(addMonths(`${date.slice(0, 7)}-01`, 1), -1);
}
