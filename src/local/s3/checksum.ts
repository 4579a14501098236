import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** The additional checksums that this server computes; S3 also knows CRC32C and CRC64NVME, which Node does not. */
export type ChecksumAlgorithm = 'sha256' | 'sha1' | 'crc32';

/** A checksum as S3's headers have it: base64 of the digest. */
export interface Checksum {
  algorithm: ChecksumAlgorithm;
  value: string;
}

export interface RunningChecksum {
  update(chunk: Buffer): void;
  /** Base64; may be called once. */
  digest(): string;
}

const digestBytes: Record<ChecksumAlgorithm, number> = { sha256: 32, sha1: 20, crc32: 4 };

export function isChecksumAlgorithm(name: string): name is ChecksumAlgorithm {
  return Object.hasOwn(digestBytes, name);
}

/** Whether a value is base64 of as many bytes as the algorithm gives. */
export function isWellFormed({ algorithm, value }: Checksum): boolean {
  return isBase64Of(value, digestBytes[algorithm]);
}

export function isBase64Of(value: string, bytes: number): boolean {
  const decoded = Buffer.from(value, 'base64');
  return decoded.length === bytes && decoded.toString('base64') === value;
}

export function startChecksum(algorithm: ChecksumAlgorithm): RunningChecksum {
  if (algorithm !== 'crc32') {
    const hash = createHash(algorithm);
    return { update: (chunk) => void hash.update(chunk), digest: () => hash.digest('base64') };
  }
  let value = 0;
  return {
    update: (chunk) => {
      value = crc32(chunk, value);
    },
    digest: () => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value);
      return bytes.toString('base64');
    },
  };
}
