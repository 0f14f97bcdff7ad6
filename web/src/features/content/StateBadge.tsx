import { Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'

const COLOURS: Record<string, string> = {
  scheduled: 'orange.2',
  published: 'green.2',
  announced: 'green.2',
  cancelled: 'red.2',
}

/** A state in words; the colour says the same once more. */
export function StateBadge({ state }: { state: string }) {
  const { t } = useTranslation('content')
  return (
    <Badge color={COLOURS[state] ?? 'gray.3'} variant="filled" size="lg" fw={500} radius="sm">
      {t(`state.${state}`)}
    </Badge>
  )
}
