import { Button, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../ui/Dialog'
import { Listing } from '../../ui/Listing'
import { Page } from '../../ui/Page'
import { Records } from '../../ui/Records'
import { useListing } from '../../ui/useListing'
import { State } from './State'
import { NewWebhook } from './NewWebhook'
import { loadWebhooks } from './webhooks'

const LOOK_AGAIN = 5_000 // milliseconds

/** City systems that are told of events over HTTP. */
export function Webhooks() {
  const { t } = useTranslation('desk')
  const queries = useQueryClient()
  const [isOpen, setOpen] = useState(false)
  const listed = useListing(['desk-webhooks'], loadWebhooks, LOOK_AGAIN)
  return (
    <Page title={t('section.webhooks')} wide>
      <Text>{t('webhooks-text')}</Text>
      <Button w="fit-content" onClick={() => setOpen(true)}>
        {t('webhook-new')}
      </Button>
      <Listing listed={listed} empty={t('webhooks-empty')}>
        {(items) => (
          <Records
            caption={t('webhooks-caption')}
            rows={items}
            keyOf={(one) => one.webhook_id}
            columns={[
              {
                name: t('webhook-name'),
                cell: (one) => <Link to={`/desk/webhooks/${one.webhook_id}` as never}>{one.name}</Link>,
              },
              { name: t('webhook-url'), cell: (one) => one.url },
              { name: t('webhook-state'), cell: (one) => <State of="webhook" state={one.state} /> },
            ]}
          />
        )}
      </Listing>
      <Dialog title={t('webhook-new')} opened={isOpen} onClose={() => setOpen(false)}>
        <NewWebhook
          onMade={() => void queries.invalidateQueries({ queryKey: ['desk-webhooks'] })}
          onClose={() => setOpen(false)}
        />
      </Dialog>
    </Page>
  )
}
