import { decodeNodeId } from '../../src/common/node-id.js';
import { suggestionToken } from '../../src/receipts/suggestion-token.js';
import type { Named } from './fill-instance.js';
import { MARK, NUMBER_MARK, OTHER_INSTANCE_ID, otherNodeId, ownKey, ownSageNumber } from './other-instance.js';

/** What the other instance has for itself alone, named as it names it. */
export function namesOfOther(named: Named): Named {
  const ownIds = <K extends string>(ids: Record<K, string>) =>
    Object.fromEntries(Object.entries<string>(ids).map(([name, id]) => [name, otherNodeId(id, true)])) as Record<
      K,
      string
    >;
  const keys = ['customer', 'contact', 'subCompany', 'paymentMethod', 'nominalCode', 'vatCode', 'invoice'] as const;
  const more = ['invoiceLine', 'payment', 'creditNote', 'refund', 'number', 'accountNumber', 'costCentre'] as const;
  const receipts = ownIds(named.receipts);
  const [companyId, urn] = decodeNodeId(OTHER_INSTANCE_ID, receipts.suggested)?.key ?? [];
  return {
    ...named,
    ...Object.fromEntries([...keys, ...more].map((name) => [name, ownKey(named[name])])),
    urn: ownSageNumber(named.urn),
    site: { id: ownKey(named.site.id).slice(0, 36), name: ownKey(named.site.name) },
    searches: { document: 'βn-', customer: 'βcustomer', receipt: 'βmatch', nominalAccount: 'βbank' },
    suggestion: suggestionToken(
      { companyId: Number(companyId), urn: urn ?? '' },
      [{ invoiceLayerId: ownKey('I3'), amountMinor: 3_960n }],
      'stamp',
    ),
    ids: ownIds(named.ids),
    receipts,
  };
}

/** A text that names nothing anywhere, as long as the other instance's and in the same place of every order. */
export function absentText(text: string): string {
  return text.replaceAll(MARK, 'μ').replaceAll(NUMBER_MARK, '990078').replaceAll('bbbbbb', 'bbbbbc');
}

/** The same of what is base64: a cursor, a suggestion, an id. An id is one of the default instance then, of nothing that there is. */
export function absentOpaque(text: string): string {
  const parts = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as unknown[];
  if (decodeNodeId(OTHER_INSTANCE_ID, text)) parts[1] = 1;
  return Buffer.from(absentText(JSON.stringify(parts))).toString('base64url');
}
