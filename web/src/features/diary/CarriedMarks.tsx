import { Anchor, Button, Container, Group, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { carryUnsent } from './carry'

const AGAIN = 10_000 // milliseconds, when the server does not answer

interface Told {
  sent: number
  left: number
}

/** Marks left on this device go as soon as there is a network, whatever page is open; what was sent is said. */
export function CarriedMarks({ account }: { account: string }) {
  const queries = useQueryClient()
  const [told, setTold] = useState<Told | null>(null)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const go = async () => {
      clearTimeout(timer)
      const { sent, left, isAway } = await carryUnsent(account)
      if (isAway) timer = setTimeout(() => void go(), AGAIN)
      if (sent === 0) return
      setTold((before) => ({ sent: sent + (before?.sent ?? 0), left }))
      void queries.invalidateQueries({ queryKey: ['journal'] })
    }
    const now = () => void go()
    window.addEventListener('online', now)
    now()
    return () => {
      window.removeEventListener('online', now)
      clearTimeout(timer)
    }
  }, [account, queries])
  return told && <Said told={told} close={() => setTold(null)} />
}

function Said({ told, close }: { told: Told; close: () => void }) {
  const { t } = useTranslation(['diary', 'ui'])
  return (
    <Container size="lg" px="md" py="xs" role="status">
      <Group>
        <Text>{t('carried', { count: told.sent })}</Text>
        {told.left > 0 && (
          <Anchor component={Link} to="/diary">
            {t('carried-left', { count: told.left })}
          </Anchor>
        )}
        <Button variant="subtle" onClick={close}>
          {t('carried-close')}
        </Button>
      </Group>
    </Container>
  )
}
