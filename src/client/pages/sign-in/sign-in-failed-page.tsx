import { Button, Stack, Text } from '@mantine/core';
import { useLocation } from 'react-router';
import { PageHeading } from '../../components/page-heading';
import { texts } from '../../texts';
import { signInAgainUrl } from './last-sign-in';
import { SignInFrame } from './sign-in-frame';

/** The code that the server has put into the document that it answered with. */
const problemOfDocument = (): string => document.querySelector<HTMLMetaElement>('meta[name="problem"]')?.content ?? '';

/** What the server answers a step of signing in with that it could not take. */
export function Component() {
  const location = useLocation();
  const { failed, problems, otherProblem } = texts.signIn;
  return (
    <SignInFrame>
      <Stack gap="md">
        <PageHeading title={failed} />
        <Text>{problems[problemOfDocument()] ?? otherProblem}</Text>
        <Button component="a" href={signInAgainUrl(location)} size="md" fullWidth>
          {texts.common.retry}
        </Button>
      </Stack>
    </SignInFrame>
  );
}
