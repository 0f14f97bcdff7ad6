import { Button, Group, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { moment } from '../../ui/dates'
import { Listing } from '../../ui/Listing'
import { Page } from '../../ui/Page'
import { type Column, Records } from '../../ui/Records'
import { Trouble } from '../../ui/Trouble'
import { useListing } from '../../ui/useListing'
import { type Delivery, type Filters, hasFailed, loadDeliveries, sendAgain } from './deliveries'
import { State } from './State'

/** Which mails went out about something, and what became of them; never a whole address. */
export function Deliveries() {
  const { t } = useTranslation('desk')
  const { about } = useSearch({ strict: false }) as Filters
  return (
    <Page title={t('section.deliveries')} wide>
      <About key={about} about={about ?? ''} />
      {about ? <Found about={about} /> : <Text c="dimmed">{t('deliveries-ask')}</Text>}
    </Page>
  )
}

function About({ about }: { about: string }) {
  const { t } = useTranslation('desk')
  const navigate = useNavigate()
  const [typed, setTyped] = useState(about)
  const find = (event: FormEvent) => {
    event.preventDefault()
    void navigate({ to: '/desk/deliveries', search: { about: typed.trim() || undefined } } as never)
  }
  return (
    <form role="search" onSubmit={find}>
      <Group align="end">
        <TextInput
          label={t('deliveries-about')}
          description={t('deliveries-about-hint')}
          style={{ flex: '1 1 240px' }}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Button type="submit">{t('find')}</Button>
      </Group>
    </form>
  )
}

function Found({ about }: { about: string }) {
  const { t } = useTranslation('desk')
  const listed = useListing(['desk-deliveries', about], (cursor) => loadDeliveries(about, cursor))
  return (
    <Listing listed={listed} empty={t('deliveries-empty')}>
      {(items) => <Table items={items} />}
    </Listing>
  )
}

function Table({ items }: { items: Delivery[] }) {
  const { t } = useTranslation('desk')
  const columns: Column<Delivery>[] = [
    { name: t('mail'), cell: (one) => t(`purpose.${one.purpose}`, one.purpose) },
    { name: t('address'), cell: (one) => one.to ?? '—' },
    { name: t('outcome'), cell: (one) => <Outcome delivery={one} /> },
    { name: t('queued'), cell: (one) => moment(one.queued_at) },
    { name: t('finished'), cell: (one) => (one.finished_at ? moment(one.finished_at) : '—') },
    { name: t('attempts'), cell: (one) => one.attempts },
    {
      name: t('event'),
      cell: (one) => <span title={one.about_event ?? ''}>{one.about_event?.slice(-8) ?? '—'}</span>,
    },
  ]
  return (
    <Records
      caption={t('deliveries-caption')}
      rows={items}
      keyOf={(one) => one.notification_id}
      columns={columns}
    />
  )
}

function Outcome({ delivery }: { delivery: Delivery }) {
  const { t } = useTranslation('desk')
  const queries = useQueryClient()
  const { state, reason, code, due_at, notification_id } = delivery
  const again = useMutation({
    mutationFn: () => sendAgain(notification_id),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['desk-deliveries'] }),
  })
  const said = reason ?? code
  return (
    <>
      <State of="mail" state={state} />
      {said && <Text size="sm">{said}</Text>}
      {state === 'retry' && due_at && <Text size="sm">{t('next-try', { at: moment(due_at) })}</Text>}
      {hasFailed(delivery) && (
        <Button variant="light" size="sm" loading={again.isPending} onClick={() => again.mutate()}>
          {t('send-again')}
        </Button>
      )}
      {again.isError && <Trouble error={again.error} />}
    </>
  )
}
