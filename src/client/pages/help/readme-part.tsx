import { Stack, Text, Title } from '@mantine/core';
import { texts } from '../../texts';
import { Surface } from '../../components/surface';
import { Readme } from './readme';

/** What a bundle's author says of it. */
export function ReadmePart({ readme }: { readme: string | null }) {
  return (
    <Stack gap="sm" component="section">
      <Title order={2}>{texts.help.readme}</Title>
      {readme === null ? (
        <Text>{texts.help.noReadme}</Text>
      ) : (
        <Surface p="md">
          <Readme markdown={readme} />
        </Surface>
      )}
    </Stack>
  );
}
