/** Set to `true` on what is asked for without a person; the server lets it not lengthen the session (`src/web/auth/unattended.ts`). */
const HEADER = 'Slipway-Unattended';
/** A request so soon after somebody touched the page is theirs; a page of ours on a slow line takes about as long to ask. */
const ATTENDED_MS = 30_000;
/** Who works on the page without asking for anything, as in a long form, is said to be there this often at most. */
const TELL_MS = 60_000;

/** What only a person does. The pointer's moves and scrolling are not among it: a list that grows under a still mouse makes them, too. */
const INPUTS = ['pointerdown', 'keydown', 'wheel'] as const;

/**
 * Knows whether somebody is at the page, so that a page which is left open does not keep its session by what it fetches for itself: the
 * lists that follow a busy tenant, what is asked for again when the window comes to the front, what is tried again.
 */
export class Attendance {
  /** Times in ms. A page that was just opened was opened by somebody. */
  private lastInput: number;
  private lastAttended: number;

  /** @param now in ms, of a clock that only ever grows. */
  constructor(private readonly now: () => number) {
    this.lastInput = this.lastAttended = now();
  }

  /** Marks a request where nobody has touched the page lately, and remembers it as theirs where somebody has. */
  mark({ headers }: Pick<Request, 'headers'>): void {
    const now = this.now();
    if (now - this.lastInput < ATTENDED_MS) this.lastAttended = now;
    else headers.set(HEADER, 'true');
  }

  /** Somebody touched the page. @returns whether the server should be told, as nothing else has told it for long. */
  touched(): boolean {
    this.lastInput = this.now();
    if (this.lastInput - this.lastAttended < TELL_MS) return false;
    this.lastAttended = this.lastInput;
    return true;
  }

  /** @param tell asks the server for something that costs little. */
  follow(target: Pick<EventTarget, 'addEventListener'>, tell: () => void): void {
    const touched = (): void => {
      if (this.touched()) tell();
    };
    // While it goes down, since a part of the page may stop it from coming up again.
    for (const input of INPUTS) target.addEventListener(input, touched, { capture: true, passive: true });
  }
}
