import { startLocalS3 } from '../../src/local/s3/server';

/** The embedded S3 in a process of its own; configured by the environment as `world.ts` sets it. */
const {
  S3_DIRECTORY = '',
  S3_BUCKET = '',
  AWS_REGION = '',
  AWS_ACCESS_KEY_ID = '',
  AWS_SECRET_ACCESS_KEY = '',
  PORT,
} = process.env;
void startLocalS3({
  directory: S3_DIRECTORY,
  buckets: [S3_BUCKET],
  region: AWS_REGION,
  accessKeyId: AWS_ACCESS_KEY_ID,
  secretAccessKey: AWS_SECRET_ACCESS_KEY,
  port: Number(PORT),
});
process.once('SIGTERM', () => process.exit(0));
