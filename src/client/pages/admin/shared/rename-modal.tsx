import { texts } from '../../../texts';
import { NamingModal } from './naming-modal';
import { useVersion } from './use-version';

interface Renamed {
  readonly name: string;
  readonly etag: string;
}

interface RenameModalProps {
  readonly named: Renamed;
  readonly save: (name: string, etag: string) => Promise<unknown>;
  readonly read: () => Promise<Renamed>;
  readonly onClose: () => void;
}

/** Gives a partner or tenant another name. */
export function RenameModal({ named, save, read, onClose }: RenameModalProps) {
  const { version, guarded, notice } = useVersion(named, { read, describe: ({ name }) => texts.admin.conflict.nameNow(name) });
  return (
    <NamingModal
      title={texts.admin.renameOf(named.name)}
      submit={texts.common.save}
      name={named.name}
      said={texts.admin.renamed}
      save={guarded(({ name }: { name: string }) => save(name, version.etag))}
      notice={notice}
      onClose={onClose}
    />
  );
}
