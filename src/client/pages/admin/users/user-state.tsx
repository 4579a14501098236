import { IconBan, IconCheck, IconHourglass } from '@tabler/icons-react';
import type { User } from '../../../api/admin';
import { StatusBadge } from '../../../components/status-badge';
import { texts } from '../../../texts';

const LOOKS = {
  waiting: { tone: 'warning', icon: <IconHourglass aria-hidden /> },
  admitted: { tone: 'good', icon: <IconCheck aria-hidden /> },
  disabled: { tone: 'neutral', icon: <IconBan aria-hidden /> },
} as const;

/** Whether a user may sign in. */
export function UserState({ state }: { state: User['state'] }) {
  const { tone, icon } = LOOKS[state];
  return (
    <StatusBadge tone={tone} icon={icon}>
      {texts.admin.users.states[state]}
    </StatusBadge>
  );
}
