import { randomBytes } from 'node:crypto';
import { Encryption } from '../../src/platform/encryption/encryption';
import { EncryptionUpkeep } from '../../src/platform/encryption/encryption-upkeep';
import { WEBHOOK_SECRETS } from '../../src/webhooks/webhook-secret';
import { WebhookUpkeep } from '../../src/webhooks/webhook-upkeep';
import { verifyWebhook, type ReceivedWebhook } from '../support/webhook-receiver';
import { KEY, SETTINGS, useWebhookScene } from '../support/webhook-scene';

const scene = useWebhookScene();

describe('the upkeep of webhooks', () => {
  const upkeep = () => new WebhookUpkeep(scene.db, SETTINGS);
  const reencrypt = (keys: Encryption) => new EncryptionUpkeep(scene.db, keys, [WEBHOOK_SECRETS]).run();

  it('ends the log after its days, but keeps what is still to be sent', async () => {
    const endpoint = await scene.register();
    for (let count = 0; count < 3; count++) await scene.webhooks.test(scene.access(), endpoint.uid);
    const [pending, recent] = await scene.log(endpoint);
    const end = `SET status = 'delivered', next_attempt_at = NULL, finished_at = now() - $1 * interval '1 hour'`;
    await scene.db.query(`UPDATE webhook_delivery ${end} WHERE uid <> $2`, [30 * 24 + 1, pending!.uid]);
    await scene.db.query(`UPDATE webhook_delivery ${end} WHERE uid = $2`, [30 * 24 - 1, recent!.uid]);
    await Promise.all([upkeep().run(), upkeep().run()]);
    expect((await scene.log(endpoint)).map(({ uid }) => uid)).toEqual([pending!.uid, recent!.uid]);
  });

  it('takes out expired secrets, and deleted endpoints once nothing of theirs is in the log', async () => {
    const [kept, removed, told] = [await scene.register(), await scene.register(), await scene.register()];
    await scene.webhooks.rotateSecret(scene.access(), kept.uid, 0);
    await scene.webhooks.test(scene.access(), told.uid);
    for (const { uid } of [removed, told]) await scene.webhooks.delete(scene.access(), uid);
    await upkeep().run();
    expect(await scene.db.query('SELECT uid FROM webhook_endpoint ORDER BY id')).toEqual([{ uid: kept.uid }, { uid: told.uid }]);
    expect(await scene.db.query('SELECT expires_at FROM webhook_secret')).toEqual([{ expires_at: null }]);
  });

  it('brings secrets under the first key, so that the one before it can be dropped', async () => {
    const endpoint = await scene.register();
    const next = { id: 'second', key: randomBytes(32) };
    await reencrypt(new Encryption({ keys: [next, KEY] }));
    const [row] = await scene.db.query('SELECT secret FROM webhook_secret');
    expect(row.secret).toMatch(/^v1:second:/);
    expect(scene.logged.join()).toContain('1 webhook secrets were encrypted anew');
    scene.startSender(SETTINGS, new Encryption({ keys: [next] }));
    await scene.failJob();
    const [webhook] = (await scene.received(1)) as [ReceivedWebhook];
    verifyWebhook(webhook, endpoint.secret);

    scene.logged.length = 0;
    await reencrypt(new Encryption({ keys: [{ id: 'third', key: randomBytes(32) }] }));
    expect(scene.logged.join()).toContain('1 webhook secrets cannot be decrypted');
  });
});
