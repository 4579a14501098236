import { setFlagsFromString } from 'node:v8';

/**
 * Imported first, for its effect: keeps a process that mostly makes short-lived objects, and has some 50 MB that last, from
 * growing to several times that before V8 finds it worth collecting. Unlike a limit on the heap it never ends the process.
 * `npm run bench:memory` shows what it does.
 */

/** The heap is collected when it has grown by so much over what was alive; V8 would let it grow up to fourfold. */
setFlagsFromString('--heap-growing-percent=40');

// Since Node 22 the young generation grows to 128 MB, up to then to 48 MB. Not growing costs CPU, so older ones are let be.
const [major = 0] = process.versions.node.split('.').map(Number);
if (major >= 22) setFlagsFromString('--semi-space-growth-factor=1');
