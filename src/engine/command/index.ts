export { compareOutputs, printDifference, type OutputComparison } from './compare-outputs';
export { parseCommand, usage, type BundleCommand, type ParsedCommand } from './options';
export { printTable } from './print';
export { runCommand, type RunResults, type Terminal } from './run-command';
