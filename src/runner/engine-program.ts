import { realpathSync } from 'node:fs';
import * as path from 'node:path';

/** Which program is the engine's child. The built one lies beside the program that starts it. */
export class EngineProgram {
  readonly entry: string = path.join(__dirname, 'main.engine-child.js');
}

/** What the child may touch, beside its own code. Absolute paths of existing folders. */
export interface EnginePermissions {
  readonly read: readonly string[];
  readonly write: readonly string[];
}

/**
 * Node's flags for the child: its limit of memory, and the permission model, by which it reads and writes nothing but what it
 * needs, starts no process and no thread, and loads no native code (Node.js documentation, "Permissions").
 */
export function engineFlags(entry: string, { read, write }: EnginePermissions, memoryMb: number): string[] {
  // Node 20 has it under the older name.
  const permission = process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission';
  const writable = write.flatMap(namesOf).map(folder);
  const readable = new Set([...namesOf(entry).flatMap(codeOf), ...read.flatMap(namesOf).map(folder), ...writable]);
  return [
    `--max-old-space-size=${memoryMb}`,
    permission,
    '--no-warnings',
    ...[...readable].map((place) => `--allow-fs-read=${place}`),
    ...writable.map((place) => `--allow-fs-write=${place}`),
  ];
}

/** The permissions are compared to names, and a place that is reached by a symbolic link (macOS's `/tmp`) has two. */
const namesOf = (place: string): string[] => [...new Set([path.resolve(place), realpathSync(place)])];

const folder = (place: string): string => `${place}${path.sep}`;

/** Where Node looks for the entry and for the packages that it requires: in every folder above it. */
function codeOf(entry: string): string[] {
  const places = [`${path.dirname(entry)}${path.sep}`];
  for (let directory = path.dirname(entry); ; directory = path.dirname(directory)) {
    places.push(path.join(directory, 'node_modules') + path.sep, path.join(directory, 'package.json'));
    if (directory === path.dirname(directory)) return places;
  }
}
