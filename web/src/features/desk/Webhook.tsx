import { Button, Group, Skeleton, Text } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Act, ActDialog } from '../../ui/ActDialog'
import { moment } from '../../ui/dates'
import { Dialog } from '../../ui/Dialog'
import { Facts } from '../../ui/Facts'
import { Listing } from '../../ui/Listing'
import { Page } from '../../ui/Page'
import { Records } from '../../ui/Records'
import { Trouble } from '../../ui/Trouble'
import { useListing } from '../../ui/useListing'
import { Secret } from './NewWebhook'
import { State } from './State'
import {
  loadTold,
  loadWebhook,
  nameOf,
  pause,
  remove,
  renewSecret,
  resume,
  tryOut,
  type Webhook as One,
} from './webhooks'

const LOOK_AGAIN = 3_000 // milliseconds

/** One subscription: how it stands, what can be done with it, and what it was told. */
export function Webhook() {
  const { t } = useTranslation('desk')
  const { webhook: id } = useParams({ strict: false }) as { webhook: string }
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['desk-webhook', id],
    queryFn: () => loadWebhook(id),
    refetchInterval: LOOK_AGAIN,
  })
  return (
    <Page title={data?.name ?? t('webhook-title')} wide>
      {isPending && <Skeleton h={160} role="status" aria-label={t('webhook-title')} />}
      {error && <Trouble error={error} again={() => void refetch()} />}
      {data && <Standing webhook={data} />}
      {data && <Acts webhook={data} />}
      {data && <Log id={id} />}
    </Page>
  )
}

function Standing({ webhook }: { webhook: One }) {
  const { t } = useTranslation('desk')
  const { url, types, state, reason, rate } = webhook
  return (
    <Facts
      facts={[
        [t('webhook-state'), <State key="state" of="webhook" state={state} />],
        [t('webhook-reason'), reason && t(`webhook-reasons.${reason}`, reason)],
        [t('webhook-url'), url],
        [t('webhook-types'), types.map((type) => t(`webhook-type.${nameOf(type)}`, type)).join(', ')],
        [t('webhook-rate'), rate],
      ]}
    />
  )
}

function Acts({ webhook }: { webhook: One }) {
  const { t } = useTranslation('desk')
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [act, setAct] = useState<Act | null>(null)
  const [secret, setSecret] = useState('')
  const { webhook_id: id, state } = webhook
  const ask = (name: string, send: () => Promise<unknown>, grave = false) =>
    setAct({
      title: t(`webhook-${name}`),
      text: t(`webhook-${name}-text`),
      fields: [],
      confirm: t(`webhook-${name}`),
      grave,
      send,
    })
  const done = () => {
    for (const key of ['desk-webhook', 'desk-webhook-log', 'desk-webhooks'])
      void queries.invalidateQueries({ queryKey: [key] })
  }
  const leave = async () => {
    await remove(id)
    await navigate({ to: '/desk/webhooks' as never })
  }
  const renew = async () => setSecret((await renewSecret(id)).secret)
  return (
    <Group>
      {state === 'active' && (
        <Button onClick={() => ask('test', () => tryOut(id))}>{t('webhook-test')}</Button>
      )}
      {state === 'active' && (
        <Button variant="default" onClick={() => ask('pause', () => pause(id))}>
          {t('webhook-pause')}
        </Button>
      )}
      {['paused', 'refused', 'ended'].includes(state) && (
        <Button onClick={() => ask('resume', () => resume(id))}>{t('webhook-resume')}</Button>
      )}
      <Button variant="default" onClick={() => ask('renew', renew)}>
        {t('webhook-renew')}
      </Button>
      <Button variant="subtle" color="red" onClick={() => ask('remove', leave, true)}>
        {t('webhook-remove')}
      </Button>
      <ActDialog act={act} onClose={() => setAct(null)} onDone={done} />
      <Dialog title={t('webhook-renew')} opened={secret !== ''} onClose={() => setSecret('')}>
        <Secret secret={secret} onClose={() => setSecret('')} />
      </Dialog>
    </Group>
  )
}

function Log({ id }: { id: string }) {
  const { t } = useTranslation('desk')
  const listed = useListing(['desk-webhook-log', id], (cursor) => loadTold(id, cursor), LOOK_AGAIN)
  return (
    <>
      <Text>{t('webhook-log-text')}</Text>
      <Listing listed={listed} empty={t('webhook-log-empty')}>
        {(items) => (
          <Records
            caption={t('webhook-log')}
            rows={items}
            keyOf={(one) => String(one.position)}
            columns={[
              { name: t('when'), cell: (one) => <time dateTime={one.at}>{moment(one.at)}</time> },
              { name: t('webhook-event'), cell: (one) => t(`webhook-type.${nameOf(one.type)}`, one.type) },
              { name: t('webhook-state'), cell: (one) => <State of="told" state={one.state} /> },
              { name: t('attempts'), cell: (one) => one.attempts },
              {
                name: t('webhook-answer'),
                cell: ({ code, status }) => (code ? t(`webhook-reasons.${code}`, code) : (status ?? '')),
              },
            ]}
          />
        )}
      </Listing>
    </>
  )
}
