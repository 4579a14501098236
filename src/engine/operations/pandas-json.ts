import { pyStr } from '../python/print';
import { isFloat } from '../python/types';
import type { Value } from '../python/values';
import { isMissing } from '../table';

/** A list as pandas' `to_json` writes it: ASCII only, `/` escaped, missing values `null`, floats with up to ten decimals. */
export function pandasJson(values: readonly Value[]): string {
  return `[${values.map(valueJson).join(',')}]`;
}

function valueJson(value: Value): string {
  if (isMissing(value)) {
    return 'null';
  }
  if (typeof value === 'boolean') {
    return String(value);
  }
  if (typeof value === 'string') {
    return textJson(value);
  }
  const text = pyStr(value);
  return isFloat(value) ? String(Number(Number(text).toFixed(10))).replace(/^(-?\d+)$/, '$1.0') : text;
}

function textJson(text: string): string {
  const escaped = JSON.stringify(text).replace(/\//g, '\\/');
  return escaped.replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
