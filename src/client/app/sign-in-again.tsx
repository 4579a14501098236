import { Button, Modal, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { sessionQuery, signInUrl, type Session } from '../api/session';
import { texts } from '../texts';
import classes from './sign-in-again.module.css';

/** Above the page's own dialogs and notices. */
const Z_INDEX = 1_000;
/** How often it is looked whether one is back, once a way to sign in was opened. */
const LOOK_MS = 2_000;

/** Covers the page of somebody whose session has ended. They sign in again in another tab, so that what they typed here stays. */
export function SignInAgain({ issuers }: Pick<Session, 'issuers'>) {
  const [isUnderWay, setUnderWay] = useState(false);
  useQuery({ ...sessionQuery, refetchOnWindowFocus: 'always', refetchInterval: isUnderWay && LOOK_MS });
  const words = texts.signIn.again;
  return (
    <Modal
      opened
      onClose={() => undefined}
      fullScreen
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      zIndex={Z_INDEX}
      transitionProps={{ duration: 0 }}
      title={words.title}
      classNames={{ content: classes.content, header: classes.column, title: classes.title, body: classes.column }}
    >
      <Stack>
        <Text>{words.text}</Text>
        {issuers.map(({ id, name }) => (
          <Button
            key={id}
            component="a"
            href={signInUrl(id, '/signed-in')}
            target="_blank"
            onClick={() => setUnderWay(true)}
            size="md"
            fullWidth
          >
            {texts.signIn.with(name)}
          </Button>
        ))}
        {isUnderWay && (
          <Text size="sm" c="dimmed" role="status">
            {words.waiting}
          </Text>
        )}
      </Stack>
    </Modal>
  );
}
