import { Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { fullDate } from '../../ui/dates'
import { forceOf, type Shown } from './documents'

const COLOURS = { now: 'green.2', soon: 'blue.1', over: 'gray.3' }

/** Whether a document binds today, in words. */
export function Force({ of }: { of: Shown }) {
  const { t } = useTranslation('documents')
  const force = of.superseded_by && forceOf(of) === 'over' ? 'replaced' : forceOf(of)
  return (
    <Badge color={COLOURS[forceOf(of)]} variant="filled" size="lg" fw={500} radius="sm">
      {t(`force.${force}`, { on: fullDate(of.in_force_from) })}
    </Badge>
  )
}
