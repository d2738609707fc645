import { type PushPayload, pushAccepted, pushRefused } from '../pushes/push.payload.js';
import { acceptDocument, type AcceptParts } from './accept-document.js';
import type { DocumentDraft } from './document-draft.js';

export interface DocumentParts extends AcceptParts {
  /** Tells the push engine of this process to look for due pushes now. */
  wakePush(): void;
}

/** What the mutations that push a document do, whichever kind. */
export async function pushDocument(
  parts: DocumentParts,
  instanceId: number,
  draft: DocumentDraft,
): Promise<PushPayload> {
  const acceptance = await acceptDocument(parts, instanceId, draft);
  if ('refused' in acceptance) return pushRefused(acceptance.refused);
  parts.wakePush();
  return pushAccepted(acceptance.push);
}
