import { Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { State } from './polls'

const COLOURS = { draft: 'gray.3', published: 'green.2', closed: 'gray.3' } as const

/** A state in words; the colour says the same once more. */
export function StateBadge({ state }: { state: State }) {
  const { t } = useTranslation('polls')
  return (
    <Badge color={COLOURS[state]} variant="filled" size="lg" fw={500} radius="sm">
      {t(`states.${state}`)}
    </Badge>
  )
}
