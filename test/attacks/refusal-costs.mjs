// Reads documents from standard input, [{ what, texts }], and says of each what the gate of the built program does to it:
// [{ what, isRefused, cpuMs }], the least of its texts. In a process of its own: under Jest the same code takes three times as long.
import { readFileSync } from 'node:fs';
import { buildSchema, getOperationAST } from 'graphql';
import 'reflect-metadata';

const built = (path) => import(new URL(`../../dist/src/${path}.js`, import.meta.url));
const scalars = await built('common/scalars');
const { silentLog } = await built('common/log');
const { DocumentGate } = await built('server/document-gate');
const { KnownDocuments } = await built('server/known-documents');
const { OperationLimits } = await built('server/operation-limits');

const schema = buildSchema(readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8'));
for (const { name, parseValue, parseLiteral } of Object.values(scalars))
  Object.assign(schema.getType(name) ?? {}, { parseValue, parseLiteral });
const limits = new OperationLimits(schema, { take: () => 0 });
const gate = new DocumentGate(new KnownDocuments(schema, true), limits, silentLog);
const caller = { subject: 'attacker', instance: 'default', instanceId: 1, scopes: new Set() };

function isRefused(text) {
  try {
    const admitted = gate.admit(text, caller);
    const operation = getOperationAST(admitted.document) ?? null;
    limits.check({ ...admitted, operation, operationName: null, variables: {}, caller });
    return false;
  } catch {
    return true;
  }
}

const documents = JSON.parse(readFileSync(0, 'utf8'));
const costs = documents.map(({ what }) => ({ what, isRefused: true, cpuMs: Infinity }));
// text by text, not document by document: what disturbs the machine for a moment disturbs one try of each
for (let attempt = 0; attempt < documents[0].texts.length; attempt += 1) {
  documents.forEach(({ texts }, index) => {
    const before = process.cpuUsage();
    costs[index].isRefused &&= isRefused(texts[attempt]);
    const { user, system } = process.cpuUsage(before);
    costs[index].cpuMs = Math.min(costs[index].cpuMs, (user + system) / 1_000);
  });
}
process.stdout.write(JSON.stringify(costs));
