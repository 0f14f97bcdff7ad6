import { Progress, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** How far a file has come. */
export function RowsDone({ done, total }: { done: number; total: number }) {
  const { t } = useTranslation('desk')
  const share = total ? (100 * done) / total : 0
  return (
    <div>
      <Text mb={4}>{total ? t('rows-done', { done, total }) : t('rows-counting')}</Text>
      <Progress.Root size="lg">
        <Progress.Section value={share} aria-label={t('progress')} />
      </Progress.Root>
    </div>
  )
}
