import { Skeleton, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { moment } from '../../ui/dates'
import { Dialog } from '../../ui/Dialog'
import { Trouble } from '../../ui/Trouble'
import { loadVersions, type Result } from './exams'

/** What a result was and is, and why it changed. */
export function History({ of, onClose }: { of: Result | null; onClose: () => void }) {
  const { t } = useTranslation('exams')
  // The last one stays while the dialog fades out
  const [shown, setShown] = useState(of)
  if (of && of !== shown) setShown(of)
  return (
    <Dialog title={shown ? t('history-of', { code: shown.code }) : ''} opened={of !== null} onClose={onClose}>
      {shown && <Versions id={shown.result_id} version={shown.version} />}
    </Dialog>
  )
}

function Versions({ id, version }: { id: string; version: number }) {
  const { t } = useTranslation('exams')
  const past = useQuery({ queryKey: ['exam-versions', id, version], queryFn: () => loadVersions(id) })
  if (past.error) return <Trouble error={past.error} again={() => void past.refetch()} />
  if (past.isPending) return <Skeleton h={120} />
  return (
    <Stack component="ol" gap="md" m={0} p={0} style={{ listStyle: 'none' }}>
      {past.data.items.map((one) => (
        <li key={one.version}>
          <Text fw={600}>
            {t('version', { version: one.version })}: {t(`state.${one.state}`)}
          </Text>
          <Text>
            {(['primary_score', 'test_score', 'mark'] as const)
              .filter((score) => one[score] !== null)
              .map((score) => `${t(score)}: ${one[score]}`)
              .join(', ')}
          </Text>
          {one.reason && <Text>{t('reason', { reason: one.reason })}</Text>}
          <Text size="sm" c="dimmed">
            {moment(one.published_at)}
          </Text>
        </li>
      ))}
    </Stack>
  )
}
