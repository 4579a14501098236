import { Anchor, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import { PageHeading } from '../../components/page-heading';
import { texts } from '../../texts';
import { SignInFrame } from './sign-in-frame';

/** Where the tab ends in which somebody has signed in to go on in another. */
export function Component() {
  const words = texts.signIn.again;
  return (
    <SignInFrame>
      <Stack gap="md">
        <PageHeading title={words.doneTitle} />
        <Text>{words.done}</Text>
        <Anchor component={Link} to="/" size="sm">
          {texts.errorPage.toStart}
        </Anchor>
      </Stack>
    </SignInFrame>
  );
}
