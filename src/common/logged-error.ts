/** What a log says of an error. Whatever else hangs on it (the values of a statement, a request, a body) stays out. */
export interface LoggedError {
  type: string;
  message: string;
  code?: string;
  httpStatus?: number;
  /** Where it was thrown, without the message. */
  stack?: string;
  cause?: LoggedError;
}

/** An error that knows which of its words are the program's own. Expected: where it was thrown says nothing. */
export interface WithLogMessage {
  readonly logMessage: string;
}

const MAX_MESSAGE_LENGTH = 300;
const MAX_CAUSES = 3;

/** Messages whose quotes hold names of the program and its tables, never a value. */
const NAMES_ONLY: readonly RegExp[] = [
  /^Table '[\w.]+' doesn't exist$/,
  /^Unknown column '[\w.]+' in '[\w ]+'$/,
  /^(Data too long|Out of range value|Incorrect \w+ value) for column '\w+'( at row \d+)?$/,
  /^(Column|Field) '\w+' (cannot be null|doesn't have a default value)$/,
  /^Access denied for user '[\w.-]*'@'[\w.%:-]*'/,
  /^Unknown database '\w+'$/,
  /^Cannot (read|set) properties of (undefined|null) \((reading|setting) '\w+'\)$/,
];

/**
 * An allow-list: type, message, code, HTTP status, place and causes. Of a message what stands in quotes is cut, as drivers and parsers
 * quote there what they were given ("Duplicate entry 'ann@example.com' …"), unless it is known to hold names only.
 */
export function loggedError(error: unknown, causes = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: 'something that is no error was thrown' };
  const { code, httpStatus, logMessage } = error as Partial<Record<'code' | 'httpStatus' | 'logMessage', unknown>>;
  const isOwn = typeof logMessage === 'string';
  return {
    type: /^\w{1,60}$/.test(error.constructor.name) ? error.constructor.name : 'Error',
    message: isOwn ? logMessage : withoutValues(error.message),
    ...(typeof code === 'string' && /^\w{1,60}$/.test(code) && { code }),
    ...(typeof httpStatus === 'number' && { httpStatus }),
    ...(!isOwn && { stack: framesOf(error) }),
    ...(error.cause !== undefined && causes < MAX_CAUSES && { cause: loggedError(error.cause, causes + 1) }),
  };
}

/** The same as lines of text, for who has no log yet. */
export function errorText(error: unknown): string {
  const { type, message, stack, cause } = loggedError(error);
  return [`${type}: ${message}`, stack, cause && `caused by ${cause.type}: ${cause.message}`]
    .filter(Boolean)
    .join('\n');
}

function withoutValues(message: string): string {
  const [line = ''] = message.split('\n');
  if (NAMES_ONLY.some((pattern) => pattern.test(line))) return line.slice(0, MAX_MESSAGE_LENGTH);
  // a value may hold a quote itself: nothing after the first one is believed, but which key it was about
  const [before = ''] = line.split(/["'`“‘]/);
  const key = / for key '([\w.]+)'$/.exec(line)?.[1];
  const isCut = before.length < line.length;
  return `${before}${isCut ? '…' : ''}${key ? ` for key ${key}` : ''}`.slice(0, MAX_MESSAGE_LENGTH);
}

/** A stack repeats the message first. */
function framesOf({ stack = '' }: Error): string {
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');
}
