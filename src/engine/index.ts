export { BundleError, type BundleErrorCode, type BundleErrorPlace } from './errors';
export { checkBundle, runBundle, type BundleOutput, type BundleResult, type RunBundleOptions, type RunProgress } from './run';
export type { BundleWarning } from './warnings';
