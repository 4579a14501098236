import { toLower, toUpper } from '../python/letter-case';
import { relabel, type OperationPlanner } from './operation';

const punctuation = /[!-/:-@[-`{-~ ]/g;

/** A camel-case or spaced name in snake case, by the reference's rules: one leading `_` goes, a trailing one stays. */
export function snakeCase(name: string): string {
  return toLower(
    name
      .replace(/([^\n])([A-Z][a-z]+)/g, '$1_$2')
      .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
      .replace(punctuation, '_')
      .replace(/_+/g, '_')
      .replace(/^_/, ''),
  );
}

export const planSnakeCaseColumns = planCase(snakeCase);
export const planLowercaseColumns = planCase(toLower);
export const planUppercaseColumns = planCase(toUpper);

/** Renames every column; two that become one are an error. */
function planCase(change: (name: string) => string): OperationPlanner {
  return (config) => ({
    sides: [],
    bind: (layout) => {
      const columns = layout.columns.map((column) => ({ ...column, name: change(column.name) }));
      const seen = new Set<string>();
      for (const { name } of columns) {
        if (seen.has(name)) {
          throw config.error(`several columns would be named \`${name}\``, undefined, 'operation_failed');
        }
        seen.add(name);
      }
      return relabel({ ...layout, columns });
    },
  });
}
