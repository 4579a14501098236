export { checkBundle, type BundleCheck } from './check';
export { outputFiles } from './destinations/output-files';
export type { OpenOutputs, OutputSink } from './destinations/output-sink';
export { BundleError, type BundleErrorCode, type BundleErrorPlace } from './errors';
export type { BundleOutput, FileRows } from './execution/plan-run';
export type { NodeProfile } from './execution/profiler';
export {
  runBundle,
  sampleNode,
  type BundleOptions,
  type BundleProgress,
  type BundleResult,
  type NodeSample,
  type RunBundleOptions,
} from './run';
export type { BundleWarning } from './warnings';
