/**
 * `node -r …/jumping-clock.js`: a clock that jumps every few seconds, as that of a virtual machine that was moved, but by less than
 * the quarter of an hour at which S3 refuses a signature. Timers go on as they do then.
 */
const JUMPS_MS = [0, 600_000, -600_000];
const EVERY_MS = 4_000;

const RealDate = Date;
let jumps = 0;
const now = () => RealDate.now() + JUMPS_MS[jumps % JUMPS_MS.length];
setInterval(() => (jumps += 1), EVERY_MS).unref();

globalThis.Date = new Proxy(RealDate, {
  construct: (target, values, asked) =>
    Reflect.construct(target, values.length === 0 ? [now()] : values, asked === globalThis.Date ? target : asked),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});
