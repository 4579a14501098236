import { Attendance } from './attendance';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

describe('attendance', () => {
  let now: number;
  let attendance: Attendance;
  beforeEach(() => {
    now = 5 * MINUTE;
    attendance = new Attendance(() => now);
  });

  const isMarked = (): boolean => {
    const request = new Request('http://slipway.test/');
    attendance.mark(request);
    return request.headers.get('Slipway-Unattended') === 'true';
  };

  it('takes what is asked for soon after the page was opened or touched for a person’s', () => {
    expect(isMarked()).toBe(false);
    now += MINUTE;
    attendance.touched();
    now += 29 * SECOND;
    expect(isMarked()).toBe(false);
  });

  it('marks all else, however often it is asked for', () => {
    now += 30 * SECOND;
    for (let asked = 0; asked < 100; asked++, now += SECOND) expect(isMarked()).toBe(true);
  });

  it('has the server told of somebody whose work asks for nothing, once a minute', () => {
    const told: number[] = [];
    const startedAt = now;
    for (; now < startedAt + 4 * MINUTE; now += SECOND) if (attendance.touched()) told.push((now - startedAt) / SECOND);
    expect(told).toEqual([60, 120, 180]);
  });

  it('has nothing told where a request has done so', () => {
    const startedAt = now;
    for (; now < startedAt + 4 * MINUTE; now += 20 * SECOND) {
      expect(attendance.touched()).toBe(false);
      expect(isMarked()).toBe(false);
    }
  });

  it('has it told by whoever comes back after long', () => {
    now += 10 * MINUTE;
    expect(isMarked()).toBe(true);
    expect(attendance.touched()).toBe(true);
    expect(isMarked()).toBe(false);
  });

  it('notices what a person does, and nothing else', () => {
    const page = new EventTarget();
    const tell = jest.fn();
    attendance.follow(page, tell);
    for (const input of ['pointerdown', 'keydown', 'wheel', 'pointermove', 'scroll', 'focus', 'visibilitychange']) {
      now += MINUTE;
      page.dispatchEvent(new Event(input));
    }
    expect(tell).toHaveBeenCalledTimes(3);
  });
});
