import { Button, Group, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Trouble } from '../Trouble'
import { approve, type Entry } from './entries'

interface Props {
  of: Entry
  settle: () => Promise<void>
  onReject: () => void
}

/** Approve or reject; who may not, is told who does. */
export function Decision({ of: entry, settle, onReject }: Props) {
  const { t } = useTranslation('entries')
  const agree = useMutation({ mutationFn: () => approve(entry.entry_id), onSuccess: settle })
  const isOver = entry.state === 'rejected' || entry.state === 'withdrawn'
  if (isOver) return '—'
  if (!entry.may_decide) return <Text span>{t('by-editor')}</Text>
  const about = { name: entry.name ?? '' }
  return (
    <Group gap="xs">
      {entry.state === 'applied' && (
        <Button
          variant="light"
          loading={agree.isPending}
          onClick={() => agree.mutate()}
          aria-label={t('approve-of', about)}
        >
          {t('approve')}
        </Button>
      )}
      <Button variant="subtle" color="red" onClick={onReject} aria-label={t('reject-of', about)}>
        {t('reject-do')}
      </Button>
      {agree.error && <Trouble error={agree.error} />}
    </Group>
  )
}
