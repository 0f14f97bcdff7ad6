import { Checkbox, Group, SimpleGrid, Text } from '@mantine/core'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useSession } from '../../api/session'
import { moment } from '../../ui/dates'
import { useListing } from '../../ui/useListing'
import { Bench } from './Bench'
import { Choice } from './Filters'
import { State } from './State'
import { type Filters, KINDS, loadTickets, type Queued, STATES } from './tickets'

const LOOK_AGAIN = 10_000 // milliseconds

/** The queue of the support desk, the oldest first. */
export function Tickets() {
  const { t } = useTranslation('desk')
  const { number } = useParams({ strict: false }) as { number?: string }
  const filters = useSearch({ strict: false }) as Filters
  const listed = useListing(['desk-tickets', filters], (cursor) => loadTickets(filters, cursor), LOOK_AGAIN)
  return (
    <Bench
      title={t('section.tickets')}
      empty={t('tickets-empty')}
      filters={<TicketFilters filters={filters} narrow={number !== undefined} />}
      listed={listed}
      current={number}
      keyOf={(ticket) => ticket.number}
      pathOf={(key) => `/desk/tickets/${key}`}
    >
      {(ticket) => <Row ticket={ticket} />}
    </Bench>
  )
}

function TicketFilters({ filters, narrow }: { filters: Filters; narrow: boolean }) {
  const { t } = useTranslation('desk')
  const navigate = useNavigate()
  const options = (of: string, values: readonly string[]) =>
    values.map((value) => ({ value, label: t(`${of}.${value}`) }))
  return (
    <SimpleGrid cols={{ base: 1, xs: narrow ? 1 : 3 }} style={{ alignItems: 'end' }}>
      <Choice
        label={t('filter.state')}
        all={t('filter.any')}
        name="state"
        value={filters.state}
        options={options('state.ticket', STATES)}
      />
      <Choice
        label={t('filter.kind')}
        all={t('filter.any')}
        name="kind"
        value={filters.kind}
        options={options('kind', KINDS)}
      />
      <Checkbox
        label={t('filter.mine')}
        checked={filters.mine ?? false}
        onChange={(event) => {
          const mine = event.currentTarget.checked || undefined
          void navigate({
            to: '.',
            search: (before: object) => ({ ...before, mine }),
            replace: true,
          } as never)
        }}
      />
    </SimpleGrid>
  )
}

function Row({ ticket }: { ticket: Queued }) {
  const { t } = useTranslation('desk')
  const me = useSession()?.accountId
  return (
    <>
      <Group justify="space-between" gap="xs">
        <Text fw={600}>{ticket.number}</Text>
        <State of="ticket" state={ticket.state} />
      </Group>
      <Text>{t(`kind.${ticket.kind}`)}</Text>
      <Text size="sm" c="dimmed">
        {[
          t(`channel.${ticket.channel}`),
          ticket.address,
          moment(ticket.opened_at),
          ticket.assigned_to && t(ticket.assigned_to === me ? 'with-me' : 'with-other'),
        ]
          .filter(Boolean)
          .join(' · ')}
      </Text>
    </>
  )
}
