import { Center, Loader, VisuallyHidden } from '@mantine/core';
import { texts } from '../texts';

/** Stands where something will be once it has arrived. */
export function Loading() {
  return (
    <Center py={80} role="status" aria-busy>
      <Loader size="md" aria-hidden />
      <VisuallyHidden>{texts.common.loading}</VisuallyHidden>
    </Center>
  );
}
