import { PyDict, PyFloat, type Value } from '../python/values';
import { TemplateError, compileTemplate, type Context } from './index';
import { templateGlobals } from '../project/template-globals';

/** What the tables' templates see. */
export const sample: Readonly<Record<string, Value>> = {
  s: 'Hello World',
  e: '',
  n: null,
  i: 42,
  f: 3.5,
  z: new PyFloat(3),
  big: 12345678901234567890n,
  nan: NaN,
  t: true,
  html: '<a href="x">it\'s & co</a>',
  u: 'ñandú ß ŉ ǆ \u{1f600}z',
};

/** Lists and dicts anew, because templates change them. */
function freshSample(): Record<string, Value> {
  const user = (name: string, age: number, city: string): PyDict => PyDict.fromEntries(Object.entries({ name, age, city }));
  return {
    ...sample,
    l: [3, 1, 2],
    m: ['b', 'A', 'c'],
    d: PyDict.fromEntries(Object.entries({ b: 1, a: 2 })),
    users: [user('Bob', 3, 'x'), user('al', 1, 'Y'), user('Cy', 2, 'X')],
  };
}

/** Compiles and renders a template of the tables. `files` are the templates it can include. */
export function render(source: string, context: Context = freshSample(), files: Readonly<Record<string, string>> = {}): string {
  const load = (name: string) => (Object.hasOwn(files, name) ? { source: files[name] ?? '', file: name } : undefined);
  return compileTemplate(source, { file: 'case', globals: templateGlobals, load }).render(context);
}

export function renderExpression(expression: string): string {
  return render(`{{ ${expression} }}`);
}

/** The error of a template that must fail. */
export function failureOf(source: string, context?: Context, files?: Readonly<Record<string, string>>): TemplateError {
  let output: string;
  try {
    output = render(source, context, files);
  } catch (error) {
    if (error instanceof TemplateError) {
      return error;
    }
    throw error;
  }
  throw new Error(`the template rendered ${JSON.stringify(output)}`);
}
