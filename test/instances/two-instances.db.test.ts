import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.js';
import {
  COMPANY,
  invoiceInput,
  line,
  mapEverything,
  newCustomer,
  pushOf,
  sent,
  untilStatus,
} from '../support/documents.js';
import { asInstance, order, signInBy } from '../support/instances.js';
import { expectFiguresOfSage, ledgerOf } from '../support/sage-ledger.js';
import { type SageSwitchboard, startSwitchboard } from '../support/sage-switchboard.js';
import { eventually, startTestGateway, type TestGateway } from '../support/test-gateway.js';

const SIZE = { customers: 30, transactions: 400 };
let north: Sandbox;
let south: Sandbox;
let board: SageSwitchboard;
let gateway: TestGateway;
/** `default` signs in to the northern Sage, acme to the southern. */
let first: TestGateway;
let acme: TestGateway;

beforeAll(async () => {
  north = await startSandbox({ ...SIZE, seed: 'northgate' });
  south = await startSandbox({ ...SIZE, seed: 'southgate' });
  board = await startSwitchboard(north);
  gateway = await startTestGateway({
    sandbox: { customers: 3, transactions: 3 },
    isPulled: false,
    variables: {
      SAGE_API_URL: board.apiUrl,
      SAGE_AUTH_URL: board.authUrl,
      SAGE_REFRESH_TOKEN: '',
      // figures are stale after a few of these
      SYNC_TRANSACTIONS_SECONDS: '4',
      SYNC_CUSTOMERS_SECONDS: '4',
      SYNC_REFERENCE_SECONDS: '4',
      PUSH_POLL_MS: '150',
      PUSH_LOOK_AGAIN_SECONDS: '1',
    },
  });
  await order(gateway, 'create', 'acme');
  first = await asInstance(gateway, 'default', north);
  acme = await asInstance(gateway, 'acme', south);
});
afterAll(async () => {
  await gateway.close();
  await board.close();
  for (const sandbox of [north, south]) await sandbox.close();
});

const stateOf = async ({ data }: TestGateway) => (await data('{ sageConnection { state } }')).sageConnection.state;

/** Everything, once. */
const untilPulled = ({ data }: TestGateway) =>
  eventually(async () => {
    const { syncStatus } = await data('{ syncStatus { lastSucceededAt } }');
    expect(syncStatus.length).toBeGreaterThan(1);
    expect(syncStatus).not.toContainEqual({ lastSucceededAt: null });
  }, 40_000);

async function signIn(slug: string, person: Sandbox): Promise<string> {
  board.person = person;
  const printed = await order(gateway, 'sign-in', slug);
  const link = /^http\S+$/m.exec(printed)?.[0] ?? '';
  expect(await signInBy(link, gateway)).toMatchObject({ status: 200, html: expect.stringContaining('now connected') });
  return link;
}

test('each signs in to a Sage of its own by the link of the command, which is good once', async () => {
  expect([await stateOf(first), await stateOf(acme)]).toEqual(['NOT_CONNECTED', 'NOT_CONNECTED']);
  const link = await signIn('acme', south);
  expect([await stateOf(first), await stateOf(acme)]).toEqual(['NOT_CONNECTED', 'CONNECTED']);
  expect((await signInBy(link, gateway)).status).toBe(410);
  await signIn('default', north);
  expect([await stateOf(first), await stateOf(acme)]).toEqual(['CONNECTED', 'CONNECTED']);
  expect(await order(gateway, 'list')).toMatch(/^acme +2 .* enabled +CONNECTED /m);
});

test('each pulls the ledger of its own Sage, to the penny, and nothing of the other', async () => {
  for (const instance of [first, acme]) {
    await untilPulled(instance);
    await eventually(() => expectFiguresOfSage(instance));
  }
  const names = async ({ data }: TestGateway) =>
    (await data('{ sageAccounts(first: 500) { nodes { id name } } }')).sageAccounts.nodes as {
      id: string;
      name: string;
    }[];
  const [ours, theirs] = [await names(first), await names(acme)];
  expect(ours.map(({ name }) => name)).not.toEqual(theirs.map(({ name }) => name));
  const node = 'query ($id: ID!) { node(id: $id) { id } }';
  expect(await acme.data(node, { id: ours[0]?.id })).toEqual({ node: null });
  expect(await first.data(node, { id: theirs[0]?.id })).toEqual({ node: null });
});

test('each posts by mappings of its own, also under the same ids, into its own Sage', async () => {
  await mapEverything(first);
  for (const instance of [first, acme]) {
    if (instance === acme) {
      // what the other has mapped is no mapping here
      const mapped = '{ vatCodes { code } nominalCodes { code } paymentMethods { layerId } }';
      expect(Object.values(await acme.data(mapped)).flat()).toEqual([]);
      expect(Object.values(await first.data(mapped)).flat()).toHaveLength(6);
      await mapEverything(acme);
    }
    await newCustomer(instance, 'C1');
  }
  const push = (instance: TestGateway, net: string, vat: string) =>
    sent(instance, 'INVOICE', invoiceInput('SAME', 'C1', { lines: [line('1', { net, vat })] }));
  const [ours, theirs] = [await push(first, '100.00', '20.00'), await push(acme, '300.00', '60.00')];
  for (const [instance, own] of [
    [first, ours],
    [acme, theirs],
  ] as const)
    await untilStatus(instance, own, 'SUCCEEDED');
  expect(ours.sageReference).not.toBe(theirs.sageReference);

  const posted = (sandbox: Sandbox) =>
    ledgerOf(sandbox).rows<{ reference: string; gross: number }>(
      "select second_reference as reference, gross from transactions where company_id = ? and second_reference like 'LG%'",
      COMPANY,
    );
  expect(posted(north)).toEqual([{ reference: ours.sageReference, gross: 12_000 }]);
  expect(posted(south)).toEqual([{ reference: theirs.sageReference, gross: 36_000 }]);
  expect(await pushOf(acme, ours.id)).toBeNull();
  expect(await pushOf(first, theirs.id)).toBeNull();
  await eventually(() => expectFiguresOfSage(first));
  await eventually(() => expectFiguresOfSage(acme));
});

test('when the sign-in of one runs out the other goes on; signed in again, what was sent meanwhile goes', async () => {
  south.control.revokeTokens();
  await eventually(async () => expect(await stateOf(acme)).toBe('SIGN_IN_NEEDED'));
  const held = await sent(acme, 'INVOICE', invoiceInput('HELD', 'C1'));
  const going = await sent(first, 'INVOICE', invoiceInput('GOING', 'C1'));
  await untilStatus(first, going, 'SUCCEEDED');
  await untilStatus(acme, held, 'HELD');
  expect(await stateOf(first)).toBe('CONNECTED');
  await signIn('acme', south);
  await untilStatus(acme, held, 'SUCCEEDED');
});
