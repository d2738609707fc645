import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

// oxlint-disable-next-line typescript/no-explicit-any
type Json = any;

const FILES = ['sales', 'financials', 'general', 'nominal', 'cash-book'];
/** Beside the project; OPENAPI_DIRECTORY may name another place. */
const DIRECTORY =
  process.env.OPENAPI_DIRECTORY ?? fileURLToPath(new URL('../../../shared/sage200/openapi', import.meta.url));

/** Sage's own OpenAPI files, or null where they are not at hand. They are reference data, and no part of this project. */
export function sageOpenApi(): SageOpenApi | null {
  if (!existsSync(DIRECTORY)) return null;
  return new SageOpenApi(FILES.map((name) => JSON.parse(readFileSync(`${DIRECTORY}/${name}.json`, 'utf8')) as Json));
}

/** What differs on the wire from the files (sage200.md §1.6) is allowed for, and nothing else. */
export class SageOpenApi {
  private readonly schemas: Json;
  private readonly validators = new Map<string, ValidateFunction>();
  private readonly ajv = addFormats.default(new Ajv({ strict: false, allErrors: true }), ['date-time']);

  constructor(private readonly files: Json[]) {
    this.schemas = Object.assign({}, ...files.map((file) => file.components.schemas));
    this.ajv.addFormat('int64', true).addFormat('int32', true).addFormat('int16', true);
    this.ajv.addFormat('decimal 2dp', true).addFormat('decimal 5dp', true).addFormat('decimal 6dp', true);
  }

  /** The schema of the rows that a GET of this path answers with; null for a path that the files do not have. */
  rowSchema(path: string): Json | null {
    const operation = this.files.map((file) => file.paths[path]?.get).find(Boolean);
    const schema = operation?.responses['200']?.content['application/json'].schema;
    return schema ? this.resolve(schema.type === 'array' ? schema.items : schema) : null;
  }

  private resolve(schema: Json): Json {
    return schema.$ref ? this.schemas[schema.$ref.split('/').at(-1)] : schema;
  }

  /** Faults of a list's answer: fields of a wrong type or length. Fields may be left out, and others may stand beside them. */
  faultsOfRows(path: string, rows: unknown[]): string[] {
    let validate = this.validators.get(path);
    if (!validate) {
      const schema = this.loosened(this.rowSchema(path));
      validate = this.ajv.compile({ type: 'array', items: schema });
      this.validators.set(path, validate);
    }
    if (validate(rows)) return [];
    const faults = (validate.errors ?? []).map(
      ({ instancePath, message }) => `${path}${instancePath.replace(/\/\d+/g, '')} ${message}`,
    );
    return [...new Set(faults)];
  }

  /** Faults of a body that is sent: required fields left out, fields of a wrong type or length, and those that Sage would ignore in silence. */
  faultsOfRequest(method: string, path: string, body: unknown): string[] {
    const template = this.files
      .flatMap((file) => Object.keys(file.paths))
      .find((known) => new RegExp(`^${known.replace(/\{[^}]+\}/g, '\\d+')}$`).test(path));
    const operation = this.files.map((file) => file.paths[template ?? '']?.[method.toLowerCase()]).find(Boolean);
    const schema = operation?.requestBody?.content['application/json'].schema;
    if (!schema) return [`${method} ${path} is not in the files`];
    const key = `${method} ${template}`;
    let validate = this.validators.get(key);
    if (!validate) {
      validate = this.ajv.compile(this.writable(schema, method === 'POST'));
      this.validators.set(key, validate);
    }
    if (validate(body)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${key}${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  }

  /** What may be written: read-only fields and unknown ones are not allowed. What is required is so of a PUT as well. */
  private writable(schema: Json, isCreation: boolean, depth = 0): Json {
    if (depth > 4) return {};
    const { required, readOnly: _readOnly, ...rest } = this.resolve(schema);
    if (rest.properties) {
      rest.properties = Object.fromEntries(
        Object.entries<Json>(rest.properties)
          .filter(([name, property]) => !property.readOnly || (name === 'id' && !isCreation && depth > 0))
          .map(([name, property]) => [name, this.writable(property, isCreation, depth + 1)]),
      );
      rest.additionalProperties = false;
      if (required) rest.required = required.filter((name: string) => name in rest.properties);
    }
    if (rest.items) rest.items = this.writable(rest.items, isCreation, depth + 1);
    return rest;
  }

  /** Nothing is required of an answer: null values are left out. References are written out. */
  private loosened(schema: Json, depth = 0): Json {
    if (depth > 4) return {};
    const { required: _required, $ref: _ref, readOnly: _readOnly, ...rest } = this.resolve(schema);
    if (rest.properties) {
      rest.properties = Object.fromEntries(
        Object.entries(rest.properties).map(([name, property]) => {
          const { maxLength, ...loosened } = this.loosened(property, depth + 1);
          // names of enumerations are longer on the wire than the files say (sage200.md §4.2, the recorded row)
          return [
            name,
            /(type|basis|terms)$|^value$|^status$/.test(name) || maxLength === undefined
              ? loosened
              : { maxLength, ...loosened },
          ];
        }),
      );
    }
    // the files call some numbers strings of a whole number's format, and URNs too (§1.6)
    if (rest.type === 'string' && (rest.format ?? '').startsWith('int')) rest.type = ['string', 'integer'];
    if (rest.items) rest.items = this.loosened(rest.items, depth + 1);
    return rest;
  }
}
