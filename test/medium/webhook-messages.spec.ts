import { claimRun } from '../../src/jobs/run-claim';
import { failRun, finishRun } from '../../src/jobs/run-end';
import { makeRun } from '../support/factories';
import { waitFor } from '../support/wait';
import { answerWith, verifyWebhook, type ReceivedWebhook } from '../support/webhook-receiver';
import { ERROR, useWebhookScene } from '../support/webhook-scene';

const COUNTS = { rowsRead: 1, rowsWritten: 1, files: { inputs: {}, outputs: {} }, warnings: [], warningCount: 0 };

const scene = useWebhookScene();

describe('webhooks', () => {
  it('tell of a job that succeeded, signed so that the package of Standard Webhooks verifies it', async () => {
    const endpoint = await scene.register();
    scene.startSender();
    const { run, attempt } = await scene.startRun();
    await finishRun(scene.db, attempt, [{ name: 'a.jsonl', key: 'outputs/a', versionId: null, size: 1, records: 1 }], COUNTS);

    const [webhook] = (await scene.received(1)) as [ReceivedWebhook];
    const [job] = await scene.db.query(
      `SELECT finished_at AS "finishedAt", s.uid AS "outputSetUid" FROM job JOIN output_set s ON s.job_id = job.id WHERE job.id = $1`,
      [run.job.id],
    );
    const finishedAt = job.finishedAt.toISOString();
    expect(verifyWebhook(webhook, endpoint.secret)).toEqual({
      type: 'job.succeeded',
      timestamp: finishedAt,
      data: {
        jobUid: run.job.uid,
        partner: scene.tenant.partner.code,
        tenant: scene.tenant.code,
        bundle: 'assessments/TEST',
        schoolYear: '2026',
        status: 'succeeded',
        finishedAt,
        error: null,
        outputSetUid: job.outputSetUid,
      },
    });
    expect(webhook).toMatchObject({ method: 'POST', path: '/hook', headers: { 'content-type': 'application/json' } });
    expect(() => verifyWebhook({ ...webhook, body: webhook.body.replace('succeeded', 'failed') }, endpoint.secret)).toThrow();
    const delivered = await scene.deliveryWith(endpoint, { status: 'delivered' });
    expect(delivered).toMatchObject({
      attempts: 1,
      responseStatus: 204,
      errorCode: null,
      nextAttemptAt: null,
      jobUid: run.job.uid,
    });
    expect(delivered.messageUid).toBe(webhook.headers['webhook-id']);
    expect(delivered.durationMs).toBeLessThan(5_000);
  });

  it('tell of a job that failed without what may quote a file', async () => {
    await scene.register();
    scene.startSender();
    const jobUid = await scene.failJob();
    const [{ json, body }] = (await scene.received(1)) as [ReceivedWebhook];
    expect(json).toMatchObject({ type: 'job.failed', data: { jobUid, status: 'failed', outputSetUid: null } });
    expect(json.data.error).toEqual({ code: ERROR.code, title: ERROR.title });
    expect(body).not.toContain('Ada');
  });

  it('are queued in the transaction that ends the job, and not where it is undone', async () => {
    const endpoint = await scene.register();
    const { attempt } = await scene.startRun();
    const undone = scene.db.transaction(async (tx) => {
      await finishRun(tx, attempt, [], COUNTS);
      const [{ count }] = await tx.query('SELECT count(*)::int AS count FROM webhook_delivery');
      expect(count).toBe(1);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(await scene.log(endpoint)).toEqual([]);
    await finishRun(scene.db, attempt, [], COUNTS);
    expect(await scene.log(endpoint)).toHaveLength(1);
  });

  it('go to each endpoint of the partner that is enabled and wants the event, with ids of their own', async () => {
    const [all, failures, successes, disabled, removed] = [
      await scene.register(),
      await scene.register({ eventTypes: ['job.failed'] }),
      await scene.register({ eventTypes: ['job.succeeded'] }),
      await scene.register(),
      await scene.register(),
    ];
    await scene.webhooks.update(scene.access(), disabled.uid, { enabled: false });
    await scene.webhooks.delete(scene.access(), removed.uid);
    await scene.failJob();
    const other = await startRunOfAnotherPartner();
    await failRun(scene.db, other, ERROR);
    const rows: { uid: string; endpoint: string }[] = await scene.db.query(
      `SELECT d.uid, e.uid AS endpoint FROM webhook_delivery d JOIN webhook_endpoint e ON e.id = d.endpoint_id ORDER BY e.id`,
    );
    expect(rows.map(({ endpoint }) => endpoint)).toEqual([all.uid, failures.uid]);
    expect(new Set(rows.map(({ uid }) => uid)).size).toBe(2);
    for (const { uid } of rows) expect(uid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab]/);
    expect(await scene.log(successes)).toEqual([]);
  });

  async function startRunOfAnotherPartner() {
    const run = await makeRun(scene.db);
    const claim = await claimRun(scene.db, run.uid);
    if (claim.kind !== 'claimed') throw new Error('the run was not claimed');
    return claim.run;
  }

  it('are signed with the old secret and the new one while a secret is replaced', async () => {
    const endpoint = await scene.register();
    scene.startSender();
    const rotate = async (seconds: number) => {
      const result = await scene.webhooks.rotateSecret(scene.access(), endpoint.uid, seconds);
      if (result.kind !== 'rotated') throw new Error(result.kind);
      return result.secret;
    };
    const second = await rotate(60);
    const third = await rotate(60);
    await scene.failJob();
    const [webhook] = (await scene.received(1)) as [ReceivedWebhook];
    for (const secret of [endpoint.secret, second, third]) verifyWebhook(webhook, secret);
    expect(String(webhook.headers['webhook-signature']).split(' ')).toHaveLength(3);

    await scene.db.query(`UPDATE webhook_secret SET expires_at = now() WHERE expires_at IS NOT NULL`);
    const fourth = await rotate(0);
    await scene.failJob();
    const [, after] = (await scene.received(2)) as [ReceivedWebhook, ReceivedWebhook];
    verifyWebhook(after, fourth);
    for (const secret of [endpoint.secret, second, third]) expect(() => verifyWebhook(after, secret)).toThrow();
  });

  it('leave no URL, secret or payload in the log', async () => {
    const endpoint = await scene.register({ url: `${scene.receiver.url}?token=hidden` });
    scene.receiver.answer(answerWith(410));
    scene.startSender();
    const jobUid = await scene.failJob();
    await scene.deliveryWith(endpoint, { status: 'failed' });
    await waitFor(() => scene.logged.length >= 2);
    expect(scene.logged.join()).toContain(endpoint.uid);
    for (const hidden of ['hidden', '127.0.0.1', endpoint.secret, jobUid]) expect(scene.logged.join()).not.toContain(hidden);
  });
});
