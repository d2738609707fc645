import { Arg, Authorized, Ctx, Mutation, Resolver } from 'type-graphql';
import type { RequestContext } from '../common/per-request.js';
import { PushPayload } from '../pushes/push.payload.js';
import { type DocumentParts, pushDocument } from './push-document.js';
import { invoiceDraft, InvoiceInput } from './invoice.input.js';

@Resolver()
export class PushInvoiceMutation {
  constructor(private readonly parts: DocumentParts) {}

  @Authorized('documents:push')
  @Mutation(() => PushPayload, {
    description:
      'Sends a finalised invoice to Sage, once. The same content again answers with the same push; other content replaces it while nothing of it has been posted, and is refused with CONTENT_CHANGED after that.',
  })
  pushInvoice(
    @Ctx() { instanceId }: RequestContext,
    @Arg('input', () => InvoiceInput) input: InvoiceInput,
  ): Promise<PushPayload> {
    return pushDocument(this.parts, instanceId, invoiceDraft(input));
  }
}
