import { Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { moment } from './dates'

/** Until when something has to be done; what is over says so in words too. */
export function Due({ at }: { at: string }) {
  const { t } = useTranslation('ui')
  const isOver = new Date(at) <= new Date()
  return (
    <Badge color={isOver ? 'red.2' : 'orange.2'} variant="filled" size="lg" fw={500} radius="sm">
      {t(isOver ? 'due-over' : 'due', { at: moment(at) })}
    </Badge>
  )
}
