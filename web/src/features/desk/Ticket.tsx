import { Alert, Group, Stack, Text, Title } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useSession } from '../../api/session'
import { moment } from '../../ui/dates'
import { Attachments } from './Attachments'
import { Compose } from './Compose'
import { Facts } from '../../ui/Facts'
import { SignInCard } from './SignInCard'
import { State } from './State'
import { Thing } from './Thing'
import { Thread } from './Thread'
import { TicketDecision } from './TicketDecision'
import { type DeskPage, isOpen, loadTicket } from './tickets'

const LOOK_AGAIN = 10_000 // milliseconds

/** A ticket with its thread, and all that the desk can do about it. */
export function Ticket() {
  const { t } = useTranslation('desk')
  const { number } = useParams({ strict: false }) as { number: string }
  const ticket = useQuery({
    queryKey: ['desk-ticket', number],
    queryFn: () => loadTicket(number),
    refetchInterval: LOOK_AGAIN,
  })
  return (
    <Thing
      key={number}
      title={t('ticket', { number })}
      back={{ to: '/desk', name: t('section.tickets') }}
      query={ticket}
    >
      {() => ticket.data && <Content ticket={ticket.data} />}
    </Thing>
  )
}

function Content({ ticket }: { ticket: DeskPage }) {
  const { t } = useTranslation('desk')
  const queries = useQueryClient()
  const { number, state } = ticket
  const settle = () => {
    for (const key of ['desk-ticket', 'desk-tickets', 'sign-in-card']) {
      void queries.invalidateQueries({ queryKey: [key] })
    }
  }
  return (
    <Stack gap="xl">
      <Group gap="sm">
        <State of="ticket" state={state} />
        <Text>{t(`kind.${ticket.kind}`)}</Text>
      </Group>
      {ticket.merged_into && (
        <Alert variant="light">
          <Link to={`/desk/tickets/${ticket.merged_into}` as never}>
            {t('merged', { number: ticket.merged_into })}
          </Link>
        </Alert>
      )}
      <About ticket={ticket} />
      <Thread lines={ticket.thread} />
      {isOpen(state) && <Compose number={number} settle={settle} />}
      <Attachments ticket={ticket} settle={settle} />
      {ticket.account_id && <SignInCard accountId={ticket.account_id} />}
      <Done ticket={ticket} />
      <TicketDecision ticket={ticket} settle={settle} />
    </Stack>
  )
}

function About({ ticket }: { ticket: DeskPage }) {
  const { t } = useTranslation('desk')
  const me = useSession()?.accountId
  const { contact, assigned_to, account_id, checked_at } = ticket
  return (
    <Facts
      facts={[
        [t('who'), contact.name],
        [t('email'), contact.email],
        [t('phone'), contact.phone],
        [t('login'), ticket.login],
        [t('channel.label'), t(`channel.${ticket.channel}`)],
        [t('opened'), moment(ticket.opened_at)],
        [t('assigned'), assigned_to && t(assigned_to === me ? 'with-me' : 'with-other')],
        [t('checked'), checked_at && moment(checked_at)],
        [
          t('account.one'),
          account_id && <Link to={`/desk/accounts/${account_id}` as never}>{t('account.open')}</Link>,
        ],
      ]}
    />
  )
}

function Done({ ticket }: { ticket: DeskPage }) {
  const { t } = useTranslation('desk')
  if (ticket.deeds.length === 0) return null
  return (
    <section>
      <Title order={2} size="h4" mb="xs">
        {t('done-here')}
      </Title>
      <ul style={{ margin: 0, paddingLeft: 20 }}>
        {ticket.deeds.map((deed) => (
          <li key={`${deed.at} ${deed.act}`}>
            {[
              moment(deed.at),
              t(`audit.${deed.act}`, deed.act),
              deed.proof && t(`check.${deed.proof}`, deed.proof),
              deed.reason,
            ]
              .filter(Boolean)
              .join(' · ')}
          </li>
        ))}
      </ul>
    </section>
  )
}
