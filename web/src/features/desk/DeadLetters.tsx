import { Button, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '../../api/session'
import { type Act, ActDialog } from '../../ui/ActDialog'
import { moment } from '../../ui/dates'
import { Listing } from '../../ui/Listing'
import { Page } from '../../ui/Page'
import { Records } from '../../ui/Records'
import { useListing } from '../../ui/useListing'
import { loadLetters, type Service, tellAgain } from './operations'

/** What a service could not take in, to be read only; and the way to have it told again what happened. */
export function DeadLetters() {
  const { t } = useTranslation('desk')
  const { service } = useParams({ strict: false }) as { service: Service }
  const listed = useListing(['desk-letters', service], (cursor) => loadLetters(service, cursor))
  const mayReplay = useSession()?.roles.includes('admin')
  return (
    <Page title={t('letters-title', { service: t(`service.${service}`) })} wide>
      <Text>{t('letters-text', { command: `python -m ${service} dead-letters` })}</Text>
      {mayReplay && <Replay service={service} />}
      <Listing listed={listed} empty={t('letters-empty')}>
        {(items) => (
          <Records
            caption={t('letters-caption')}
            rows={items}
            keyOf={(one) => String(one.id)}
            columns={[
              { name: '№', cell: (one) => one.id },
              { name: t('when'), cell: (one) => <time dateTime={one.at}>{moment(one.at)}</time> },
              {
                name: t('letter-place'),
                cell: (one) => `${one.topic} / ${one.partition} / ${one.position}`,
              },
              { name: t('letter-reason'), cell: (one) => one.reason },
              { name: t('attempts'), cell: (one) => one.attempts },
            ]}
          />
        )}
      </Listing>
    </Page>
  )
}

function Replay({ service }: { service: Service }) {
  const { t } = useTranslation('desk')
  const queries = useQueryClient()
  const [isOpen, setOpen] = useState(false)
  const [isAsked, setAsked] = useState(false)
  const act: Act = {
    title: t('replay'),
    text: t('replay-text'),
    fields: [
      { name: 'since', label: t('replay-since'), hint: t('replay-since-hint'), kind: 'moment' },
      {
        name: 'topic',
        label: t('replay-topic'),
        hint: t('replay-topic-hint'),
        kind: 'line',
        optional: true,
      },
    ],
    confirm: t('replay'),
    send: ({ since, topic }) => tellAgain(service, since!, topic!.trim()),
  }
  const done = () => {
    setAsked(true)
    void queries.invalidateQueries({ queryKey: ['desk-operations', service] })
  }
  return (
    <>
      <Button variant="light" w="fit-content" onClick={() => setOpen(true)}>
        {t('replay')}
      </Button>
      {isAsked && <Text role="status">{t('replay-asked')}</Text>}
      <ActDialog act={isOpen ? act : null} onClose={() => setOpen(false)} onDone={done} />
    </>
  )
}
