import { Alert, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

/** Somebody else was faster: what is there now, and what the next save will do. Nothing typed is lost. */
export function Stale({ children }: { children: ReactNode }) {
  const { t } = useTranslation('content')
  return (
    <Alert color="orange" variant="light" role="alert" title={t('stale')}>
      <Text c="dark.9">{t('stale-text')}</Text>
      <Text c="dark.9" component="div" mt="xs" style={{ whiteSpace: 'pre-line', overflowWrap: 'anywhere' }}>
        {children}
      </Text>
    </Alert>
  )
}
