import { Badge, VisuallyHidden } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { loadWebhooks, type Webhook } from './webhooks'

const LOOK_AGAIN = 60_000 // milliseconds

/** Nobody has paused it by hand, and yet nothing is delivered. */
const hasStopped = ({ state, reason }: Webhook) =>
  state === 'refused' || state === 'ended' || reason === 'gave-up'

/** How many of the newest subscriptions have stopped by themselves: nobody is mailed of it. */
export function StoppedWebhooks() {
  const { t } = useTranslation('desk')
  const { data } = useQuery({
    queryKey: ['desk-webhooks', 'stopped'],
    queryFn: async () => (await loadWebhooks(undefined)).items.filter(hasStopped).length,
    refetchInterval: LOOK_AGAIN,
  })
  if (!data) return null
  return (
    <Badge color="red.9" ml="xs" circle>
      <VisuallyHidden>{t('webhooks-stopped')} </VisuallyHidden>
      {data}
    </Badge>
  )
}
