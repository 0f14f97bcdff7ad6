import { Alert, Button, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Refused } from '../api/problem'

/** What went wrong, in words: what happened, what to do, and that nothing was lost. */
export function Trouble({ error, again }: { error: unknown; again?: () => void }) {
  const { t } = useTranslation('ui')
  const problem = error instanceof Refused ? error.problem : null
  const offline = problem?.status === 0
  const said = problem?.detail ?? (problem && problem.status < 500 ? problem.title : null)
  return (
    <Alert
      color={offline ? 'orange' : 'red'}
      variant="light"
      role="alert"
      title={t(offline ? 'offline' : 'failed')}
    >
      <Group justify="space-between" align="end">
        <Text c="dark.9">{offline ? t('offline-kept') : (said ?? t('failed-kept'))}</Text>
        {again && (
          <Button variant="default" onClick={again}>
            {t('again')}
          </Button>
        )}
      </Group>
    </Alert>
  )
}
