import { Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'

const WAITS = new Set([
  'new',
  'submitted',
  'awaiting-second',
  'queued',
  'waiting',
  'issued',
  'clarification-requested',
  'pending',
])
const GOOD = new Set(['resolved', 'approved', 'active', 'done', 'sent', 'delivered', 'ok'])
const BAD = new Set([
  'rejected',
  'failed',
  'disabled',
  'bounced',
  'suspended',
  'blocked',
  'refused',
  'suppressed',
  'paused',
])

const colourOf = (state: string) =>
  WAITS.has(state) ? 'orange.2' : GOOD.has(state) ? 'green.2' : BAD.has(state) ? 'red.2' : 'gray.3'

/** A state in words; the colour says the same once more. */
export function State({ of: kind, state }: { of: string; state: string }) {
  const { t } = useTranslation('desk')
  return (
    <Badge color={colourOf(state)} c="dark.9" tt="none" size="lg" fw={500} radius="sm">
      {t(`state.${kind}.${state}`, state)}
    </Badge>
  )
}
