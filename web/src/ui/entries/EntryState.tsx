import { Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { State } from './entries'

const COLOURS: Record<State, string> = {
  applied: 'orange.2',
  waitlisted: 'orange.2',
  accepted: 'green.2',
  rejected: 'red.2',
  withdrawn: 'gray.3',
}

/** What has become of an entry, in words; the colour says the same once more. */
export function EntryState({ state, place }: { state: State; place?: number | null }) {
  const { t } = useTranslation('entries')
  return (
    <Badge color={COLOURS[state]} variant="filled" size="lg" fw={500} radius="sm">
      {place ? t('waiting', { place }) : t(`state.${state}`)}
    </Badge>
  )
}
