import { EventEmitter } from 'node:events';
import type { Request, Response } from 'express';
import { AccessWatch } from '../../src/web/auth/access-watch';
import { waitFor } from '../support/wait';
import { startWebTestApplication, type SignedInAgent, type WebTestApplication } from '../support/web';

const CHECK_MS = 20;

/** Of an answer that goes on: the page's streams ask every 20 seconds, a test cannot wait for that. */
describe('an open stream', () => {
  let slipway: WebTestApplication;
  let watch: AccessWatch;
  const responses: EventEmitter[] = [];
  beforeAll(async () => {
    slipway = await startWebTestApplication();
    watch = slipway.app.get(AccessWatch);
  });
  afterEach(() => responses.splice(0).forEach((response) => response.emit('close')));
  afterAll(() => slipway.close());

  const begin = async ({ isClosed = false } = {}) => {
    const ada = await slipway.signIn({ roles: [{ role: 'staff', partner: 'demo', tenant: 'north' }] });
    const sessionID = sessionOf(ada);
    const response = Object.assign(new EventEmitter(), { destroyed: isClosed });
    responses.push(response);
    const request = { sessionID, session: { signIn: { userId: ada.user.id } } } as unknown as Request;
    const tenant = { partner: 'demo', tenant: 'north', role: 'staff' } as const;
    return { ada, sessionID, signal: watch.ended(request, response as unknown as Response, tenant, CHECK_MS) };
  };
  const sessionOf = ({ cookie }: SignedInAgent): string => /s:([^.]+)\./.exec(decodeURIComponent(cookie))?.[1] ?? '';

  it.each([
    ['its session is ended', `DELETE FROM web_session WHERE sid = $1`],
    ['its session is over', `UPDATE web_session SET expire = now() WHERE sid = $1`],
    ['its user is disabled', `UPDATE app_user SET state = 'disabled' WHERE id = $2`],
    ['its user loses the role', `DELETE FROM user_role WHERE user_id = $2`],
  ])('ends when %s', async (_name, change) => {
    const { ada, sessionID, signal } = await begin();
    await waitForChecks();
    expect(signal.aborted).toBe(false);
    const sql = change.includes('$1') ? [change, [sessionID]] : [change.replace('$2', '$1'), [ada.user.id]];
    await slipway.db.query(sql[0] as string, sql[1] as string[]);
    await waitFor(() => signal.aborted);
  });

  it('is not looked after where its reader had gone before it began', async () => {
    const asked = jest.spyOn(slipway.db, 'query');
    try {
      const gone = await begin({ isClosed: true });
      expect(gone.signal.aborted).toBe(true);
      const { sessionID } = await begin();
      const questionsAbout = (sid: string) => asked.mock.calls.filter(([, values]) => (values as unknown[])?.[0] === sid);
      await waitFor(() => questionsAbout(sessionID).length > 2);
      // The session was put into the database with the first.
      expect(questionsAbout(gone.sessionID).filter(([sql]) => sql.startsWith('SELECT'))).toEqual([]);
    } finally {
      asked.mockRestore();
    }
  });

  /** Until it has asked a few times. */
  async function waitForChecks(): Promise<void> {
    const asked = jest.spyOn(slipway.db, 'query');
    try {
      await waitFor(() => asked.mock.calls.filter(([sql]) => sql.includes('FROM web_session')).length > 2);
    } finally {
      asked.mockRestore();
    }
  }
});
