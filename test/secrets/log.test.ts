import { expect, test } from '@jest/globals';
import { QueryFailedError } from 'typeorm';
import { createLog } from '../../src/common/log.js';
import { errorText, loggedError } from '../../src/common/logged-error.js';
import { SageError } from '../../src/sage/sage-error.js';

const lines: string[] = [];
const log = createLog('trace', { write: (line: string) => void lines.push(line) });
const lastLine = () => JSON.parse(lines.at(-1) ?? '') as Record<string, unknown>;

/** As mysql2 throws it: the statement with its values written out, and the message quoting one. */
function driverError(message: string): Error {
  return Object.assign(new Error(message), {
    code: 'ER_DUP_ENTRY',
    errno: 1062,
    sql: "INSERT INTO customer VALUES ('canary@example.com')",
    sqlMessage: message,
  });
}

test.each([
  ["Duplicate entry 'C1-canary@example.com' for key 'customer.PRIMARY'", 'Duplicate entry … for key customer.PRIMARY'],
  ["Duplicate entry 'O'canary' for key 'by_name'", 'Duplicate entry … for key by_name'],
  ["You have an error in your SQL syntax near 'canary' at line 1", 'You have an error in your SQL syntax near …'],
  ["Incorrect string value: '\\xF0canary' for column 'name' at row 1", 'Incorrect string value: …'],
  ["Table 'gateway.customer_contact' doesn't exist", "Table 'gateway.customer_contact' doesn't exist"],
  ['UNIQUE constraint failed: customer.layer_id', 'UNIQUE constraint failed: customer.layer_id'],
  ['connect ECONNREFUSED 127.0.0.1:3306', 'connect ECONNREFUSED 127.0.0.1:3306'],
  [`Unexpected token 'c', "canary" is not valid JSON`, 'Unexpected token …'],
  [`parser failed on\ncanary`, 'parser failed on'],
])('of the message %j a log says %j', (message, said) => {
  expect(loggedError(new Error(message)).message).toBe(said);
});

test('an error of a statement is told without its values, wherever it stands and however it is handed over', () => {
  const driver = driverError("Duplicate entry 'canary' for key 'customer.PRIMARY'");
  const failed = new QueryFailedError('INSERT INTO customer VALUES (?)', ['canary-parameter'], driver);
  log.error({ err: failed }, 'it failed');
  expect(lastLine()).toMatchObject({
    msg: 'it failed',
    err: { type: 'QueryFailedError', code: 'ER_DUP_ENTRY', stack: expect.stringMatching(/^\s+at /) },
  });
  log.error({ other: failed, nested: { deep: [failed] } }, 'elsewhere');
  log.error(failed as never);
  log.child({ instanceId: 1 }).warn({ err: new Error('outer', { cause: failed }) }, 'as a cause');
  expect(lastLine()).toMatchObject({ instanceId: 1, err: { message: 'outer', cause: { type: 'QueryFailedError' } } });
  expect(lines.join('')).not.toContain('canary');
  expect(errorText(failed)).not.toContain('canary');
  expect(errorText(failed)).toContain('Duplicate entry … for key customer.PRIMARY');
});

test('of an error of Sage what Sage said stays out', () => {
  const error = new SageError({
    kind: 'refused',
    message: 'Sage refused the request (HTTP 400): The customer canary@example.com is on hold.',
    sageMessage: 'The customer canary@example.com is on hold.',
    httpStatus: 400,
    provablyNotApplied: true,
    cause: new Error('read "canary"'),
  });
  log.warn({ err: error }, 'refused');
  expect(lastLine()).toMatchObject({ err: { message: 'Sage refused the request (HTTP 400): …', httpStatus: 400 } });
  expect(lines.at(-1)).not.toContain('canary');
});

test('what is no plain value is told by its kind alone, and texts are cut', () => {
  class Connection {
    password = 'canary';
  }
  log.info({ connection: new Connection(), map: new Map([['a', 'canary']]), text: 'x'.repeat(5_000), at: 1n }, 'told');
  expect(lastLine()).toMatchObject({ connection: '[Connection]', map: '[Map]', text: 'x'.repeat(300), at: '1' });
  expect(lines.at(-1)).not.toContain('canary');
});

test('a token that shows what it is goes into no line, wherever it stands', () => {
  const token = `eyJ${'a'.repeat(20)}.${'b'.repeat(20)}.${'c'.repeat(20)}`;
  log
    .child({ of: token })
    .warn({ url: `https://x/?token=${token}`, err: new Error(`no ${token}, and`) }, `got ${token}`);
  expect(lines.at(-1)).not.toContain('eyJ');
  expect(lastLine()).toMatchObject({ of: '[token]', msg: 'got [token]', err: { message: 'no [token], and' } });
});
