import { Arg, Authorized, Ctx, Field, Mutation, ObjectType, Resolver } from 'type-graphql';
import { dateInTimeZone } from '../common/calendar.js';
import type { RequestContext } from '../common/per-request.js';
import { UserError } from '../common/user-error.type.js';
import { SageCompanyType } from '../companies/sage-company.type.js';
import { sageReference } from '../pushes/sage-reference.js';
import type { AcceptParts } from './accept-document.js';
import { checkDocument } from './check-document.js';
import type { Readiness } from './document-readiness.js';
import { bodyText, documentBody } from './invoice-body.js';
import { invoiceDraft, InvoiceInput } from './invoice.input.js';
import { refusalOfSage, type SageToAsk } from './preview-invoice.push.js';

@ObjectType({ simpleResolvers: true })
export class PreviewPayload {
  @Field(() => SageCompanyType, { nullable: true })
  sageCompany!: SageCompanyType | null;

  @Field(() => String, { nullable: true, description: 'Method and path, e.g. POST /sales_invoices.' })
  request!: string | null;

  @Field(() => String, { nullable: true, description: 'The body, JSON.' })
  body!: string | null;

  @Field(() => [UserError])
  userErrors!: UserError[];
}

@Resolver()
export class PreviewInvoiceMutation {
  constructor(private readonly parts: AcceptParts & SageToAsk) {}

  @Authorized('documents:push')
  @Mutation(() => PreviewPayload, {
    description:
      'What would be posted, to the last field, without posting it. Sage looks it through where it can be reached; a mapping or an account that is missing is a userError here.',
  })
  async previewInvoice(
    @Ctx() { instanceId }: RequestContext,
    @Arg('input', () => InvoiceInput) input: InvoiceInput,
  ): Promise<PreviewPayload> {
    const { database, clock, timeZone } = this.parts;
    const draft = invoiceDraft(input);
    const today = dateInTimeZone(clock.now(), timeZone);
    const checked = await checkDocument(database, instanceId, draft, { today, lock: '', existing: null });
    if (Array.isArray(checked)) return { sageCompany: null, request: null, body: null, userErrors: checked };

    const { readiness, currency, amounts, faults } = checked;
    const sageCompany = readiness.company && new SageCompanyType(instanceId, readiness.company);
    const userErrors = [...faults, ...obstacles(readiness)];
    if (userErrors.length > 0 || readiness.kind !== 'READY')
      return { sageCompany, request: null, body: null, userErrors };

    const lines = draft.lines.map((line, index) => {
      const { netMinor, vatMinor } = amounts.lines[index] ?? { netMinor: 0n, vatMinor: 0n };
      return { ...line, netMinor, vatMinor };
    });
    const reference = sageReference(String(instanceId), draft.kind, draft.layerId);
    const document = { ...draft, ...amounts, currency, lines };
    const body = documentBody(document, readiness.mappings, readiness.accountSageId, reference);
    const refusal = await refusalOfSage(this.parts, instanceId, readiness.mappings.company, body);
    const request = 'POST /sales_invoices';
    return { sageCompany, request, body: bodyText(body), userErrors: refusal ? [refusal] : [] };
  }
}

/** What would hold the push, as refusals. */
function obstacles(readiness: Readiness): UserError[] {
  switch (readiness.kind) {
    case 'READY':
      return [];
    case 'HELD': {
      const { code, message, remedy } = readiness.held;
      return [{ code, message, remedy }];
    }
    case 'WAITING':
      return [
        {
          code: 'ACCOUNT_MISSING',
          message: "The customer's account is on its way to Sage.",
          remedy: 'Ask again once its push has succeeded.',
          field: ['customerLayerId'],
        },
      ];
    default:
      return readiness satisfies never;
  }
}
