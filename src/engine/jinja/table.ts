import type { Parameters } from '../python/arguments';
import type { Kwargs, Value } from '../python/values';

/** What a filter or test may ask for beside its value and arguments. */
export interface Host {
  hasFilter(name: string): boolean;
  hasTest(name: string): boolean;
  filter(name: string, value: Value, args: readonly Value[], kwargs: Kwargs): Value;
  test(name: string, value: Value, args: readonly Value[], kwargs: Kwargs): boolean;
  /** `value[key]` as a template would see it. */
  item(value: Value, key: Value): Value;
  attribute(value: Value, name: string): Value | undefined;
}

/** An argument, or undefined if it was left out. */
export type Argument = Value | undefined;

/** A row of the table of filters or of tests. */
export interface Callable<R> {
  /** After the value itself. */
  readonly parameters: Parameters;
  readonly call: (value: Value, args: readonly Argument[], host: Host, kwargs: Kwargs) => R;
  /** Takes any arguments as they were given, the named ones apart, to pass them on. */
  readonly open: boolean;
  /** Whether equal arguments always give an equal result, so that it can be computed once. */
  readonly pure: boolean;
}

export type FilterTable = Readonly<Record<string, Callable<Value>>>;

export function row<R>(parameters: Parameters, call: Callable<R>['call']): Callable<R> {
  return { parameters, call, pure: true, open: false };
}

/** A row whose result depends on more than its arguments. */
export function impureRow<R>(parameters: Parameters, call: Callable<R>['call']): Callable<R> {
  return { parameters, call, pure: false, open: false };
}

/** A row that passes its arguments on to another filter or test. */
export function openRow<R>(call: Callable<R>['call']): Callable<R> {
  return { parameters: ['*'], call, pure: false, open: true };
}
