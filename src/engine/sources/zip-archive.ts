import { crc32, inflateRawSync } from 'node:zlib';

/** An archive that cannot be read, or that unpacks to more than is allowed. */
export class ZipError extends Error {
  constructor(readonly fault: 'broken' | 'too_large') {
    super(fault);
    this.name = 'ZipError';
  }
}

const endOfDirectory = 0x06054b50;
const endOfDirectorySize = 22;
const directoryEntry = 0x02014b50;
const directoryEntrySize = 46;
const localHeaderSize = 30;
/** What a comment at the end of an archive may take. */
const maxCommentSize = 0xffff;
const stored = 0;
const deflated = 8;

/**
 * The files of a ZIP archive by their paths (PKWARE's APPNOTE.TXT, 4.3). No file is unpacked before the sum of what the directory says
 * has been found to be allowed, and none may turn out larger than it says.
 *
 * @throws ZipError
 */
export function unzip(archive: Buffer, wanted: (path: string) => boolean, maxUnpackedBytes: number): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  let budget = maxUnpackedBytes;
  for (const entry of directoryOf(archive)) {
    if (wanted(entry.path)) {
      // The fields of archives beyond 4 GB hold the largest number, which no limit allows.
      budget -= entry.size;
      if (budget < 0) {
        throw new ZipError('too_large');
      }
      files.set(entry.path, unpack(archive, entry));
    }
  }
  return files;
}

interface DirectoryEntry {
  readonly path: string;
  readonly method: number;
  readonly checksum: number;
  readonly packedSize: number;
  readonly size: number;
  readonly offset: number;
}

function directoryOf(archive: Buffer): DirectoryEntry[] {
  return guard(() => {
    const end = findEnd(archive);
    const count = archive.readUInt16LE(end + 10);
    let position = archive.readUInt32LE(end + 16);
    return Array.from({ length: count }, () => {
      if (archive.readUInt32LE(position) !== directoryEntry) {
        throw new ZipError('broken');
      }
      const pathStart = position + directoryEntrySize;
      const pathEnd = pathStart + archive.readUInt16LE(position + 28);
      const entry = {
        path: archive.toString('utf8', pathStart, pathEnd),
        method: archive.readUInt16LE(position + 10),
        checksum: archive.readUInt32LE(position + 16),
        packedSize: archive.readUInt32LE(position + 20),
        size: archive.readUInt32LE(position + 24),
        offset: archive.readUInt32LE(position + 42),
      };
      position = pathEnd + archive.readUInt16LE(position + 30) + archive.readUInt16LE(position + 32);
      return entry;
    });
  });
}

function findEnd(archive: Buffer): number {
  const last = archive.length - endOfDirectorySize;
  for (let position = last; position >= Math.max(0, last - maxCommentSize); position--) {
    if (archive.readUInt32LE(position) === endOfDirectory) {
      return position;
    }
  }
  throw new ZipError('broken');
}

function unpack(archive: Buffer, { method, checksum, packedSize, size, offset }: DirectoryEntry): Buffer {
  return guard(() => {
    const start = offset + localHeaderSize + archive.readUInt16LE(offset + 26) + archive.readUInt16LE(offset + 28);
    const packed = archive.subarray(start, start + packedSize);
    if (method !== stored && method !== deflated) {
      throw new ZipError('broken');
    }
    const unpacked = method === stored ? packed : inflateRawSync(packed, { maxOutputLength: Math.max(1, size) });
    if (unpacked.length !== size || crc32(unpacked) !== checksum) {
      throw new ZipError('broken');
    }
    return unpacked;
  });
}

/** Places that lie outside the archive and data that does not unpack are one thing: a broken file. */
function guard<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof ZipError ? error : new ZipError('broken');
  }
}
