import { CustomerPush } from '../../src/accounts/customer.push.js';
import { CompanyDirectory } from '../../src/companies/company-directory.js';
import { movePush } from '../../src/pushes/move.sql.js';
import type { NextMove, PushStep, Sighting } from '../../src/pushes/push-handler.js';
import { type PushRow, readPushes } from '../../src/pushes/push-rows.js';
import type { PushStatus } from '../../src/pushes/push-status.js';
import { SageError } from '../../src/sage/sage-error.js';
import { fixedToken } from '../support/sandbox-tokens.js';
import { type TestGateway } from '../support/test-gateway.js';
import { hastyClock, testClient } from '../sage/sage-test-client.js';

const INSTANCE = 1;
const MAX_STEPS = 20;

export interface Driven {
  end: 'DONE' | 'HELD' | 'FAILED' | 'UNKNOWN';
  /** Names of the steps, those in brackets found in Sage before they were sent. */
  steps: string[];
  code?: string;
}

/** Takes customers' pushes through their handler by hand, step by step, against the sandbox. */
export class CustomerDriver {
  readonly handler: CustomerPush;
  private readonly sage;

  constructor(private readonly test: TestGateway) {
    const { access_token: token } = test.sandbox.control.signIn() as unknown as { access_token: string };
    this.sage = testClient(test.sandbox.apiUrl, hastyClock(), { tokens: fixedToken(token), requestTimeoutMs: 5_000 });
    const clients = {
      client: () => this.sage.client,
      reportEmptySites: async () => undefined,
      reportSites: async () => undefined,
    };
    const { database } = test.gateway;
    this.handler = new CustomerPush(clients, new CompanyDirectory(database), database, test.clock);
  }

  close(): Promise<void> {
    return this.sage.close();
  }

  async row(id: string): Promise<PushRow> {
    const row = (await readPushes(this.test.gateway.database, INSTANCE, [id])).get(id);
    if (!row) throw new Error(`There is no push ${id}.`);
    return row;
  }

  async drive(id: string): Promise<Driven> {
    const steps: string[] = [];
    for (let count = 0; count < MAX_STEPS; count += 1) {
      const push = await this.row(id);
      const move = await this.handler.next(push, AbortSignal.timeout(10_000));
      if (move.kind === 'FOUND') {
        steps.push(`(${move.step.name})`);
        await this.settle(push, move.step.name, move.found[0] as Sighting, JSON.parse(JSON.stringify(move.step.facts)));
        continue;
      }
      if (move.kind !== 'STEP') return this.end(push, move, steps);
      const { step } = move;
      steps.push(step.name);
      const outcome = await this.send(push, step);
      if (outcome === 'UNKNOWN') return { end: 'UNKNOWN', steps };
      if ('fault' in outcome && outcome.fault) return this.end(push, { kind: 'FAILED', cause: outcome.fault }, steps);
      await this.settle(push, step.name, outcome, JSON.parse(JSON.stringify(step.facts)));
    }
    throw new Error(`It never ends: ${steps.join(', ')}`);
  }

  /** What the look after a lost answer finds; it is settled when it is one. */
  async resolve(id: string): Promise<Sighting[]> {
    const push = await this.row(id);
    const seen = await this.handler.lookUp(push, push.step ?? '', push.stepFacts ?? {}, AbortSignal.timeout(10_000));
    if (seen.length === 1) {
      await this.settle(push, push.step ?? '', seen[0] as Sighting, push.stepFacts ?? {});
    }
    await this.setStatus(id, 'QUEUED');
    return seen;
  }

  async setStatus(id: string, status: PushStatus): Promise<void> {
    await this.test.gateway.database.transaction((transaction) =>
      transaction.query('UPDATE push SET status = ? WHERE instance_id = ? AND id = ?', [status, INSTANCE, id]),
    );
  }

  private async send(push: PushRow, step: PushStep): Promise<Sighting | 'UNKNOWN'> {
    let isSent = false;
    try {
      return await step.send(async () => {
        isSent = true;
        await this.test.gateway.database.transaction((transaction) =>
          transaction.query(
            "UPDATE push SET status = 'SENDING', company_id = ?, step = ?, step_facts = ?, sent_at = 1 WHERE instance_id = ? AND id = ?",
            [
              step.companyId,
              step.name,
              JSON.stringify({ facts: step.facts, marks: step.marks, touches: step.touches }),
              INSTANCE,
              push.id,
            ],
          ),
        );
      }, AbortSignal.timeout(10_000));
    } catch (error) {
      if (!(error instanceof SageError) || !isSent) throw error;
      if (error.provablyNotApplied) {
        await this.setStatus(push.id, 'QUEUED');
        const cause = (await step.diagnose?.(AbortSignal.timeout(10_000)))?.cause;
        return { fault: cause ?? { code: 'SAGE_REFUSED', key: '', subject: null, message: error.message, remedy: '' } };
      }
      await this.setStatus(push.id, 'UNKNOWN');
      return 'UNKNOWN';
    }
  }

  private async settle(push: PushRow, name: string, sighting: Sighting, facts: Record<string, unknown>): Promise<void> {
    await this.test.gateway.database.transaction(async (transaction) => {
      await this.handler.settle(transaction, push, name, sighting, facts);
      await transaction.query("UPDATE push SET status = 'QUEUED' WHERE instance_id = ? AND id = ?", [
        INSTANCE,
        push.id,
      ]);
      await this.handler.changed(transaction, { ...push, status: 'QUEUED' });
    });
  }

  private async end(
    push: PushRow,
    move: Exclude<NextMove, { kind: 'STEP' | 'FOUND' }>,
    steps: string[],
  ): Promise<Driven> {
    if (move.kind === 'WAITING' || move.kind === 'LATER') throw new Error('A customer waits for nothing.');
    const status = move.kind === 'DONE' ? 'SUCCEEDED' : move.kind;
    const error = move.kind === 'DONE' ? null : move.cause;
    await this.test.gateway.database.transaction(async (transaction) => {
      await movePush(transaction, { ...(await this.row(push.id)) }, status, { error }, 1);
      await this.handler.changed(transaction, { ...push, status });
    });
    return { end: move.kind, steps, ...(error && { code: error.code }) };
  }
}
