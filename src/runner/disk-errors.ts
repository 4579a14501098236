/** What the system says when a disk is full or broken, or files run out: neither the bundle's fault nor the input's. */
const DISK_ERRORS: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EIO', 'EMFILE', 'ENFILE', 'EROFS']);

export const isDiskErrno = (errno: string | null | undefined): boolean => errno != null && DISK_ERRORS.has(errno);

export const isDiskError = (error: unknown): boolean => isDiskErrno((error as NodeJS.ErrnoException | undefined)?.code);
