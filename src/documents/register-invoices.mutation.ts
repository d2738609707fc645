import { Arg, Authorized, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { RejectedRow } from '../accounts/rejected-row.type.js';
import type { RequestContext } from '../common/per-request.js';
import { UserError } from '../common/user-error.type.js';
import type { CompanyLoader } from '../companies/company.loader.js';
import { companyOfId } from '../companies/sage-company-id.js';
import type { AcceptParts } from './accept-document.js';
import type { DocumentLoader } from './document.loader.js';
import { InvoiceInput, invoiceDraft } from './invoice.input.js';
import { InvoiceType } from './invoice.type.js';
import { registerInvoices } from './register-invoices.js';

@InputType()
export class RegisterInvoiceInput {
  @Field(() => InvoiceInput)
  invoice!: InvoiceInput;

  @Field(() => ID)
  sageCompanyId!: string;

  @Field(() => String, { description: 'Of its posting in Sage.' })
  urn!: string;
}

@ObjectType({ simpleResolvers: true })
export class RegisterInvoicesPayload {
  @Field(() => [InvoiceType])
  registered!: InvoiceType[];

  @Field(() => [RejectedRow], { description: 'By position in the inputs, from 0.' })
  rejected!: RejectedRow[];

  @Field(() => [UserError])
  userErrors!: UserError[];
}

export interface RegisterParts extends AcceptParts {
  companies: CompanyLoader;
  documents: DocumentLoader;
}

const MAX_INPUTS = 500;

@Resolver()
export class RegisterInvoicesMutation {
  constructor(private readonly parts: RegisterParts) {}

  @Authorized('documents:push')
  @Mutation(() => RegisterInvoicesPayload, {
    description: `For going live: invoices that stand in Sage already. Nothing is posted; each is tied to its posting after account and amount were compared. Good ones are registered; each bad one is reported. At most ${MAX_INPUTS} at once.`,
  })
  async registerInvoices(
    @Ctx() context: RequestContext,
    @Arg('inputs', () => [RegisterInvoiceInput]) inputs: RegisterInvoiceInput[],
  ): Promise<RegisterInvoicesPayload> {
    if (inputs.length > MAX_INPUTS) return tooMany();
    const candidates = await Promise.all(
      inputs.map(async ({ invoice, sageCompanyId, urn }) => ({
        draft: invoiceDraft(invoice),
        company: await companyOfId(this.parts.companies, context, sageCompanyId),
        urn,
      })),
    );
    const outcomes = await registerInvoices(this.parts, context.instanceId, candidates);
    const loader = this.parts.documents.byKey(context);
    const ids = candidates.filter((_, index) => outcomes[index] === null).map(({ draft }) => draft.layerId);
    const rows = await Promise.all(
      [...new Set(ids)].map((layerId) => loader.clear({ kind: 'INVOICE', layerId }).load({ kind: 'INVOICE', layerId })),
    );
    return {
      registered: rows.flatMap((row) => (row ? [new InvoiceType(context.instanceId, row)] : [])),
      rejected: outcomes.flatMap((faults, row) => (faults ? [{ row, message: inWords(faults) }] : [])),
      userErrors: [],
    };
  }
}

/** All faults of one input in one line: a row that is rejected has no more. */
function inWords(faults: readonly UserError[]): string {
  return faults.map(({ code, message, field }) => `${code} (${(field ?? []).join('.')}): ${message}`).join(' ');
}

function tooMany(): RegisterInvoicesPayload {
  const message = `There are more than ${MAX_INPUTS} invoices.`;
  const remedy = 'Send them in several calls.';
  return { registered: [], rejected: [], userErrors: [{ code: 'TOO_MANY', message, remedy, field: ['inputs'] }] };
}
