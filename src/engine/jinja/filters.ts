import type { Value } from '../python/values';
import { htmlFilters } from './filters-html';
import { numberFilters } from './filters-number';
import { sequenceFilters } from './filters-sequence';
import { textFilters } from './filters-text';
import type { Callable } from './table';

/** Jinja's filters, by name. */
export const filters: ReadonlyMap<string, Callable<Value>> = new Map(
  Object.entries({ ...textFilters, ...numberFilters, ...sequenceFilters, ...htmlFilters }),
);
