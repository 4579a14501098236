import { S3Client } from '@aws-sdk/client-s3';
import type { ObjectStoreSettings } from '../config/settings';

/**
 * The AWS SDK's client for the configured object store. Region and credentials come from the SDK's own chain unless local
 * mode gives them.
 *
 * @param timeouts how long a connection and a silent answer may take before the request fails, and how often the SDK tries.
 */
export function createS3Client(
  settings: ObjectStoreSettings,
  timeouts: { connectMs: number; silentMs: number; attempts: number },
): S3Client {
  return new S3Client({
    ...(settings.endpoint ? { endpoint: settings.endpoint } : {}),
    ...(settings.region ? { region: settings.region } : {}),
    ...(settings.credentials ? { credentials: settings.credentials } : {}),
    forcePathStyle: settings.forcePathStyle,
    maxAttempts: timeouts.attempts,
    // Otherwise a presigned PUT is signed with the checksum of an empty body, which every real upload then fails.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: timeouts.connectMs, socketTimeout: timeouts.silentMs },
  });
}
