import { perRequest, type RequestContext } from '../common/per-request.js';
import type { Company } from '../companies/company-directory.js';
import type { CompanyLoader } from '../companies/company.loader.js';
import type { ReferenceTable } from '../companies/reference-rows.js';
import type { Database } from '../database/database.js';
import { DEFAULT_SUB_COMPANY, type SubjectKind } from './mapping-kind.js';
import { readMappings, readSubjects, readTargets, type SubjectRow, type TargetRow } from './mapping-rows.js';
import { SubCompanyType } from './sub-company.type.js';

/** Subjects and their mappings, each kind read whole and once a request: these lists are short. */
export class MappingLoader {
  private readonly read = perRequest((_context: RequestContext) => new Map<string, Promise<unknown>>());

  constructor(
    private readonly database: Database,
    private readonly companies: CompanyLoader,
  ) {}

  /** By id; of sub-companies the default one first. */
  subjects(context: RequestContext, kind: SubjectKind): Promise<SubjectRow[]> {
    return this.once(context, `subjects:${kind}`, () => readSubjects(this.database, context.instanceId, kind));
  }

  async subject(context: RequestContext, kind: SubjectKind, layerId: string): Promise<SubjectRow | null> {
    return (await this.subjects(context, kind)).find((row) => row.layerId === layerId) ?? null;
  }

  /** The sub-company of a document; null stands for the default one. One that was never mapped has its id for a name. */
  async subCompany(context: RequestContext, layerId: string | null): Promise<SubCompanyType> {
    const id = layerId ?? DEFAULT_SUB_COMPANY;
    const row = await this.subject(context, 'SUB_COMPANY', id);
    return new SubCompanyType(
      context.instanceId,
      row ?? { kind: 'SUB_COMPANY', layerId: id, name: id, ratePercent: null },
    );
  }

  /** The company that a sub-company is mapped to; null while it is not. */
  async companyOf(context: RequestContext, subCompanyLayerId: string): Promise<Company | null> {
    const mappings = await this.once(context, 'mappings', () =>
      readMappings(this.database, context.instanceId, 'SUB_COMPANY'),
    );
    const mapping = mappings.find(({ layerId }) => layerId === subCompanyLayerId);
    return mapping ? this.companies.byId(context, mapping.companyId) : null;
  }

  /** What a subject is mapped to, with the company of each: the default company's first, then by sageCompanyId. */
  async targets<T>(
    context: RequestContext,
    kind: SubjectKind,
    layerId: string,
    list: ReferenceTable<T>,
  ): Promise<{ company: Company; value: T }[]> {
    const [companies, byLayerId] = await Promise.all([
      this.companies.all(context),
      this.once(context, `targets:${kind}`, async () => {
        const rows = await readTargets(this.database, context.instanceId, kind, list);
        const grouped = new Map<string, TargetRow<T>[]>();
        for (const row of rows) grouped.set(row.layerId, [...(grouped.get(row.layerId) ?? []), row]);
        return grouped;
      }),
    ]);
    const ordered = companies.toSorted((a, b) => Number(b.isDefault) - Number(a.isDefault));
    return ordered.flatMap((company) => {
      const row = byLayerId.get(layerId)?.find(({ companyId }) => companyId === company.id);
      return row ? [{ company, value: row.value }] : [];
    });
  }

  /** After a change in the same request. */
  clear(context: RequestContext): void {
    this.read(context).clear();
  }

  private once<T>(context: RequestContext, key: string, read: () => Promise<T>): Promise<T> {
    const known = this.read(context);
    const promise = (known.get(key) as Promise<T> | undefined) ?? read();
    known.set(key, promise);
    return promise;
  }
}
