import type { LineStart } from '../jinja';
import { BundleError, type BundleErrorCode, type BundleErrorPlace } from '../errors';
import { YamlMapping, type YamlEntry, type YamlScalar, type YamlValue } from './yaml';

/**
 * Reads the settings of one node or operation and says what is wrong with them, with the line. A setting that is null counts as
 * absent, as in the reference.
 */
export class NodeConfig {
  constructor(
    readonly mapping: YamlMapping,
    private readonly context: BundleErrorPlace,
  ) {}

  /** Where this node is, for errors; with the line of a setting if one is named. */
  place(key?: string): BundleErrorPlace {
    return { file: this.mapping.file, line: key === undefined ? this.mapping.line : this.mapping.lineOf(key), ...this.context };
  }

  /** Where the lines of a text are, for errors inside it. */
  textLines(key: string): readonly LineStart[] | undefined {
    return this.mapping.entries.get(key)?.textLines;
  }

  error(detail: string, key?: string, code: BundleErrorCode = 'bundle_invalid'): BundleError {
    return new BundleError(code, detail, this.place(key));
  }

  has(key: string): boolean {
    return this.value(key) !== undefined;
  }

  value(key: string): YamlValue | undefined {
    return this.mapping.get(key) ?? undefined;
  }

  string(key: string): string {
    return this.required(key, this.optionalString(key));
  }

  optionalString(key: string): string | undefined {
    return this.typed(key, 'a text', (value) => (typeof value === 'string' ? value : undefined));
  }

  optionalBoolean(key: string): boolean | undefined {
    return this.typed(key, 'true or false', (value) => (typeof value === 'boolean' ? value : undefined));
  }

  optionalInteger(key: string): number | undefined {
    return this.typed(key, 'a whole number', (value) => {
      const number = typeof value === 'boolean' ? Number(value) : value;
      return typeof number === 'number' && Number.isInteger(number) ? number : undefined;
    });
  }

  mappingOf(key: string): YamlMapping {
    return this.required(key, this.optionalMapping(key));
  }

  optionalMapping(key: string): YamlMapping | undefined {
    return this.typed(key, 'a mapping', (value) => (value instanceof YamlMapping ? value : undefined));
  }

  list(key: string): YamlValue[] {
    return this.required(key, this.optionalList(key));
  }

  optionalList(key: string): YamlValue[] | undefined {
    return this.typed(key, 'a list', (value) => (Array.isArray(value) ? value : undefined));
  }

  /** Names of columns. A YAML number or boolean is no name: quote it. */
  names(key: string): string[] {
    return this.required(key, this.optionalNames(key));
  }

  optionalNames(key: string): string[] | undefined {
    return this.optionalList(key)?.map((value) => this.name(value, key));
  }

  /** The names in `columns`, or the one in `column`; exactly one of the two settings. */
  oneOrMoreNames(single: string, several: string): string[] {
    const one = this.optionalString(single) ?? '';
    const many = this.optionalNames(several) ?? [];
    if ((one === '') === (many.length === 0)) {
      throw this.error(`give either \`${single}\` or \`${several}\``);
    }
    return one === '' ? many : [one];
  }

  /** A mapping of column names to other things, in order. */
  entriesOf(key: string): ({ name: string } & YamlEntry)[] {
    return [...this.mappingOf(key).entries].map(([name, entry]) => ({ ...entry, name: this.name(name, key) }));
  }

  name(value: YamlValue | YamlScalar, key: string): string {
    if (typeof value !== 'string') {
      throw this.error(`\`${key}\` takes names of columns; put quotes around one that looks like a number or a date`, key);
    }
    return value;
  }

  private typed<T>(key: string, what: string, accept: (value: YamlValue) => T | undefined): T | undefined {
    const value = this.value(key);
    if (value === undefined) {
      return undefined;
    }
    const accepted = accept(value);
    if (accepted === undefined) {
      throw this.error(`\`${key}\` must be ${what}`, key);
    }
    return accepted;
  }

  private required<T>(key: string, value: T | undefined): T {
    if (value === undefined) {
      throw this.error(`\`${key}\` is missing`);
    }
    return value;
  }
}
