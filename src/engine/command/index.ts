export { parseCommand, usage, type BundleCommand, type ParsedCommand } from './options';
export { runCommand, type RunResults, type Terminal } from './run-command';
