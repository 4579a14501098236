/** A bucket without versioning says nothing, one with suspended versioning says "null", which pins nothing. */
export const realVersion = (versionId: string | undefined): string | null =>
  versionId && versionId !== 'null' ? versionId : null;
