import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import * as path from 'node:path';
import { failRun } from '../../src/jobs/run-end';
import { claimRun } from '../../src/jobs/run-claim';
import { Encryption } from '../../src/platform/encryption/encryption';
import { CreateWebhookEndpoint } from '../../src/webhooks/create-webhook-endpoint';
import { makeRun } from '../support/factories';
import { buildTestPrograms } from '../support/programs';
import { RunScene } from '../support/run-scene';
import { waitFor } from '../support/wait';
import { answer204, answerNothing, startWebhookReceiver, verifyWebhook, type WebhookReceiver } from '../support/webhook-receiver';

let scene: RunScene;
let program: string;
let receiver: WebhookReceiver;
const processes: ChildProcess[] = [];

beforeAll(async () => {
  program = path.join(await buildTestPrograms(), 'main.worker.js');
  scene = await RunScene.set();
  receiver = await startWebhookReceiver();
});

afterAll(async () => {
  const running = processes.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
  for (const each of running) each.kill('SIGKILL');
  await Promise.all(running.map((each) => once(each, 'exit')));
  await receiver.close();
  await scene.clear();
});

const settings = { WEBHOOK_ALLOWED_CIDRS: '127.0.0.0/8' };
function startWorker(): ChildProcess {
  const child = spawn(process.execPath, [program], { env: scene.environment(settings), stdio: 'ignore' });
  processes.push(child);
  return child;
}

it('a webhook whose worker is killed while the receiver has it is sent again by another, under the same id', async () => {
  const { encryption: keys, webhooks } = scene.config(settings);
  const run = await makeRun(scene.db);
  const partner = run.job.tenant.partner.code;
  const endpoint = await new CreateWebhookEndpoint(scene.db, new Encryption(keys), webhooks).execute(
    { issuer: 'https://issuer.test', clientId: 'sis', partners: [partner] },
    { partner, url: receiver.url, eventTypes: ['job.failed'] },
  );
  if (endpoint.kind !== 'created') throw new Error(endpoint.kind);
  receiver.answer(answerNothing);
  const doomed = startWorker();
  const claim = await claimRun(scene.db, run.uid);
  if (claim.kind !== 'claimed') throw new Error(claim.kind);
  await failRun(scene.db, claim.run, { code: 'x', title: 'X', detail: 'x', file: null, line: null });
  await waitFor(() => receiver.received.length === 1);
  doomed.kill('SIGKILL');
  await once(doomed, 'exit');

  receiver.answer(answer204);
  // The claim lasts a minute.
  await scene.db.query(`UPDATE webhook_delivery SET next_attempt_at = now() WHERE status = 'pending'`);
  startWorker();
  await waitFor(() => receiver.received.length === 2);
  const [first, second] = receiver.received;
  expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id']);
  expect(verifyWebhook(second!, endpoint.secret)).toMatchObject({ type: 'job.failed', data: { jobUid: run.job.uid } });
  await waitFor(async () => {
    const [row] = await scene.db.query('SELECT status, attempts FROM webhook_delivery');
    return row.status === 'delivered' && row.attempts === 2;
  });
});
