import { Button, Container, Group, Text } from '@mantine/core'
import { useRouter } from '@tanstack/react-router'
import { useEffect, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './Notices.module.css'
import { putOffUpdate, takeUpdate, useUpdate } from './update'

function listen(changed: () => void) {
  window.addEventListener('online', changed)
  window.addEventListener('offline', changed)
  return () => {
    window.removeEventListener('online', changed)
    window.removeEventListener('offline', changed)
  }
}

/** What is to be known on every page: that there is no network, and what becomes of what was typed; a new version. */
export function Notices() {
  const { t } = useTranslation('ui')
  const router = useRouter()
  const online = useSyncExternalStore(listen, () => navigator.onLine)
  const update = useUpdate()
  useEffect(() => {
    // Pages that could not be opened without a network are opened now
    if (online) void router.invalidate({ filter: ({ status }) => status === 'error' })
  }, [online, router])
  return (
    <div className={classes.notices} role="status" aria-live="polite">
      {!online && (
        <Container size="lg" px="md" py="xs">
          <Text fw={600}>{t('offline')}</Text>
          <Text>{t('offline-here')}</Text>
        </Container>
      )}
      {online && update && (
        <Container size="lg" px="md" py="xs">
          <Group>
            <Text>{t('update')}</Text>
            <Button variant="light" onClick={takeUpdate}>
              {t('update-take')}
            </Button>
            <Button variant="subtle" onClick={putOffUpdate}>
              {t('update-later')}
            </Button>
          </Group>
        </Container>
      )}
    </div>
  )
}
