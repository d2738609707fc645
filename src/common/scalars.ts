import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { isCalendarDate } from './calendar.js';
import { isCurrencyCode } from './currency.js';

const wrong = (message: string) => new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });

interface TextScalar {
  name: string;
  description: string;
  /** What an input must be, in words; null when it is right. */
  fault(text: string): string | null;
  /** For values that are no strings, such as numbers sent as money. */
  notText: string;
}

/** A scalar that is text on the wire and in the program. */
function textScalar({ name, description, fault, notText }: TextScalar): GraphQLScalarType<string, string> {
  const parse = (value: unknown): string => {
    if (typeof value !== 'string') throw wrong(notText);
    const message = fault(value);
    if (message !== null) throw wrong(message);
    return value;
  };
  return new GraphQLScalarType<string, string>({
    name,
    description,
    serialize: (value) => String(value),
    parseValue: parse,
    parseLiteral: (node: ValueNode) => parse(node.kind === Kind.STRING ? node.value : undefined),
  });
}

export const DateScalar = textScalar({
  name: 'Date',
  description: 'A calendar date, ISO 8601, e.g. 2026-11-30.',
  fault: (text) => (isCalendarDate(text) ? null : `"${text.slice(0, 40)}" is no calendar date such as 2026-11-30.`),
  notText: 'A Date is a string such as "2026-11-30".',
});

export const DecimalScalar = textScalar({
  name: 'Decimal',
  description:
    'An exact decimal number carried as a string, e.g. "1250.00". Input accepts strings only: a JSON number has already lost exactness. 100.0 and 100.00 are equal.',
  fault: (text) =>
    /^-?\d{1,18}(\.\d{1,9})?$/.test(text)
      ? null
      : `"${text.slice(0, 40)}" is not a number. Write it like 1250.00, without £ or commas.`,
  notText: 'A Decimal is a string such as "1250.00": a JSON number has already lost exactness.',
});

export const CurrencyCodeScalar = textScalar({
  name: 'CurrencyCode',
  description: 'An ISO 4217 currency code, e.g. GBP.',
  fault: (text) =>
    isCurrencyCode(text) ? null : `"${text.slice(0, 40)}" is not a currency code. Write three capitals, such as GBP.`,
  notText: 'A CurrencyCode is a string such as "GBP".',
});

export const DateTimeScalar = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description: 'An instant in UTC, RFC 3339, e.g. 2026-11-30T09:15:00.000Z.',
  serialize: (value) => (value instanceof Date ? value : new Date(value as string | number)).toISOString(),
  parseValue: parseInstant,
  parseLiteral: (node: ValueNode) => parseInstant(node.kind === Kind.STRING ? node.value : undefined),
});

const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

function parseInstant(value: unknown): Date {
  const instant = typeof value === 'string' && RFC_3339.test(value) ? new Date(value) : null;
  if (instant === null || Number.isNaN(instant.getTime()))
    throw wrong('A DateTime is a string such as "2026-11-30T09:15:00.000Z".');
  return instant;
}
