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

/** In a narrow column its words wrap and are not cut. */
const WHOLE = {
  root: { height: 'auto', minHeight: 26 },
  label: { whiteSpace: 'normal', overflow: 'visible' },
} as const

/** What has become of an entry, in words; the colour says the same once more. */
export function EntryState({ state, own }: { state: State; own?: { place: number | null } }) {
  const { t } = useTranslation('entries')
  return (
    <Badge color={COLOURS[state]} variant="filled" size="lg" fw={500} radius="sm" styles={WHOLE}>
      {own?.place ? t('waiting', own) : t(`${own ? 'own' : 'state'}.${state}`)}
    </Badge>
  )
}
