import { Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { State as Of } from './lessons'

const COLOURS = { planned: 'blue.1', live: 'orange.2', finished: 'gray.3', cancelled: 'red.2' } as const

/** Where a lesson stands, in a word; the colour says it once more. */
export function State({ of: state }: { of: Of }) {
  const { t } = useTranslation('lessons')
  return (
    <Badge color={COLOURS[state]} size="lg" fw={500} radius="sm">
      {t(`state.${state}`)}
    </Badge>
  )
}
