import { realpathSync } from 'node:fs';
import * as path from 'node:path';

/** Which program is the engine's child. The built one lies beside the program that starts it. */
export class EngineProgram {
  readonly entry: string = path.join(__dirname, 'main.engine-child.js');
}

/**
 * Node's flags for the child: its limit of memory, and the permission model, by which it reads nothing but what it needs, writes no
 * file, starts no process and no thread, and loads no native code (Node.js documentation, "Permissions").
 *
 * @param folders that it may read, beside its own code: absolute paths of existing ones
 */
export function engineFlags(entry: string, folders: readonly string[], memoryMb: number): string[] {
  // Node 20 has it under the older name.
  const permission = process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission';
  const readable = new Set([...namesOf(entry).flatMap(codeOf), ...folders.flatMap(namesOf).map(folder)]);
  return [
    `--max-old-space-size=${memoryMb}`,
    permission,
    '--no-warnings',
    ...[...readable].map((place) => `--allow-fs-read=${place}`),
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
