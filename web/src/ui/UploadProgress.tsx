import { Button, Group, Progress, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { useUpload } from './useUpload'

/** How far a file has got, with the way to stop it. */
export function UploadProgress({ of: { share, stop } }: { of: ReturnType<typeof useUpload> }) {
  const { t } = useTranslation('ui')
  if (share === null) return null
  return (
    <Group gap="sm" role="status">
      <Progress.Root size="lg" flex="1 1 160px" maw={480}>
        <Progress.Section value={100 * share} aria-label={t('upload-progress')} />
      </Progress.Root>
      <Text>{t('upload-share', { share: Math.floor(100 * share) })}</Text>
      <Button variant="default" onClick={stop}>
        {t('cancel')}
      </Button>
    </Group>
  )
}
