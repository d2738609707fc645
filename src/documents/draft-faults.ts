import { isCalendarDate } from '../common/calendar.js';
import { layerIdFault, lengthOf } from '../common/layer-id.js';
import { unsupportedCharacter } from '../common/supported-text.js';
import type { UserError } from '../common/user-error.type.js';
import type { DocumentDraft } from './document-draft.js';
import { FIELD_NAMES, hasLines } from './document-kind.js';

/** As wide as Sage's reference (sage200.md §5.2). */
export const MAX_REFERENCE_LENGTH = 20;
/** As long as Sage's narrative (sage200.md §5.2). */
const MAX_DESCRIPTION_LENGTH = 6_000;
export const MAX_LINES = 1_000;
const MAX_SHARES = 1_000;
const FIRST_DATE = '1980-01-01';
const MAX_YEARS_AHEAD = 2;

/** All that is wrong with a document by itself, without knowing its currency or anything else. Pure. `today` is YYYY-MM-DD. */
export function draftFaults(draft: DocumentDraft, today: string): UserError[] {
  const faults = new Faults();
  const names = FIELD_NAMES[draft.kind];
  faults.id(draft.layerId, ['layerId']);
  faults.id(draft.customerLayerId, ['customerLayerId']);
  faults.id(draft.subCompanyLayerId, ['subCompanyLayerId']);
  faults.id(draft.paymentMethodLayerId, ['paymentMethodLayerId']);
  faults.reference(draft.reference, [names.reference], hasLines(draft.kind));
  faults.date(draft.datedOn, [names.datedOn], today);
  if (draft.dueOn !== null) {
    faults.date(draft.dueOn, ['dueOn'], today);
    if (draft.dueOn < draft.datedOn)
      faults.add(['dueOn'], 'DUE_BEFORE_ISSUED', 'The invoice would be due before it is issued.', 'Correct the dates.');
  }
  if (hasLines(draft.kind)) faults.lines(draft.lines);
  faults.shares(draft.shares);
  faults.returns(draft);
  return faults.all;
}

class Faults {
  readonly all: UserError[] = [];

  add(field: string[], code: string, message: string, remedy: string): void {
    this.all.push({ code, message, remedy, field });
  }

  id(id: string | null, field: string[]): void {
    if (id === null) return;
    const fault = layerIdFault(id);
    if (fault !== null)
      this.add(field, 'INVALID_LAYER_ID', `This id ${fault}.`, 'Pass 1 to 64 characters, without blanks at the ends.');
    this.characters(id, field);
  }

  reference(reference: string | null, field: string[], isRequired: boolean): void {
    if (reference === null) return;
    const remedy = `Pass ${isRequired ? 1 : 0} to ${MAX_REFERENCE_LENGTH} characters, without blanks at the ends: it is the reference in Sage.`;
    if (reference.trim() === '' && isRequired) this.add(field, 'REQUIRED', 'The number is empty.', remedy);
    else if (reference.trim() !== reference)
      this.add(field, 'BLANK_AT_END', `"${reference}" begins or ends with a blank.`, remedy);
    if (lengthOf(reference) > MAX_REFERENCE_LENGTH)
      this.add(field, 'TOO_LONG', `The ${field.at(-1)} is longer than ${MAX_REFERENCE_LENGTH} characters.`, remedy);
    this.characters(reference, field);
  }

  date(date: string, field: string[], today: string): void {
    const last = `${Number(today.slice(0, 4)) + MAX_YEARS_AHEAD}${today.slice(4)}`;
    if (!isCalendarDate(date) || date < FIRST_DATE || date > last)
      this.add(
        field,
        'DATE_OUT_OF_RANGE',
        `${date} cannot be the date of a document.`,
        `Pass a date from ${FIRST_DATE} to ${last}.`,
      );
  }

  lines(lines: DocumentDraft['lines']): void {
    if (lines.length === 0) this.add(['lines'], 'REQUIRED', 'There is no line.', 'Pass at least one line.');
    if (lines.length > MAX_LINES) {
      // each line may have faults of its own: so many would not be read
      this.add(['lines'], 'TOO_MANY', `There are more than ${MAX_LINES} lines.`, 'Split the document.');
      return;
    }
    const seen = new Set<string>();
    for (const [index, line] of lines.entries()) {
      const at = (name: string) => ['lines', String(index), name];
      this.id(line.layerId, at('layerId'));
      if (seen.has(line.layerId))
        this.add(
          at('layerId'),
          'DUPLICATE_LINE',
          `Another line has the id ${line.layerId} too.`,
          'Give each line an id of its own.',
        );
      seen.add(line.layerId);
      this.id(line.nominalCode, at('nominalCode'));
      this.id(line.vatCode, at('vatCode'));
      const remedy = `Pass 1 to ${MAX_DESCRIPTION_LENGTH} characters: it is the narrative in Sage.`;
      if (line.description.trim() === '')
        this.add(at('description'), 'REQUIRED', 'The line has no description.', remedy);
      if (lengthOf(line.description) > MAX_DESCRIPTION_LENGTH)
        this.add(at('description'), 'TOO_LONG', 'The description is too long.', remedy);
      this.characters(line.description, at('description'));
    }
  }

  shares(shares: DocumentDraft['shares']): void {
    if (shares.length > MAX_SHARES) {
      this.add(['invoices'], 'TOO_MANY', `There are more than ${MAX_SHARES} invoices.`, 'Split the document.');
      return;
    }
    for (const [index, { invoiceLayerId, lineLayerId }] of shares.entries()) {
      this.id(invoiceLayerId, ['invoices', String(index), 'invoiceLayerId']);
      this.id(lineLayerId, ['invoices', String(index), 'lineLayerId']);
    }
  }

  returns({ returns }: DocumentDraft): void {
    this.id(returns.CREDIT_NOTE, ['creditNoteLayerId']);
    this.id(returns.PAYMENT, ['paymentLayerId']);
    if (returns.CREDIT_NOTE !== null && returns.PAYMENT !== null)
      this.add(
        ['paymentLayerId'],
        'ONE_RETURN_ONLY',
        'A refund gives back a credit note or a payment, not both.',
        'Leave out creditNoteLayerId or paymentLayerId, or send two refunds.',
      );
  }

  private characters(text: string, field: string[]): void {
    const found = unsupportedCharacter(text);
    if (found !== null)
      this.add(field, 'UNSUPPORTED_CHARACTER', `Sage cannot hold ${found}.`, 'Take the character out.');
  }
}
