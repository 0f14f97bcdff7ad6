import { Button, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '../../api/session'
import { moment } from '../../ui/dates'
import { Dialog } from '../../ui/Dialog'
import { Listing } from '../../ui/Listing'
import { Page } from '../../ui/Page'
import { Records } from '../../ui/Records'
import { useListing } from '../../ui/useListing'
import { NewSystem } from './NewSystem'
import { State } from './State'
import { loadSystems, wordOf } from './systems'

/** Programs of others that read what they were granted, by keys of their own. */
export function Systems() {
  const { t } = useTranslation('desk')
  const queries = useQueryClient()
  const mayWrite = useSession()?.roles.includes('admin')
  const [isOpen, setOpen] = useState(false)
  const listed = useListing(['desk-systems'], loadSystems)
  return (
    <Page title={t('section.systems')} wide>
      <Text>{t('systems-text')}</Text>
      {mayWrite && (
        <Button w="fit-content" onClick={() => setOpen(true)}>
          {t('system-new')}
        </Button>
      )}
      <Listing listed={listed} empty={t('systems-empty')}>
        {(items) => (
          <Records
            caption={t('systems-caption')}
            rows={items}
            keyOf={(one) => one.system_id}
            columns={[
              {
                name: t('system-name'),
                cell: (one) => <Link to={`/desk/systems/${one.system_id}` as never}>{one.name}</Link>,
              },
              {
                name: t('system-scopes'),
                cell: (one) => one.scopes.map((scope) => t(wordOf(scope), scope)).join(', '),
              },
              {
                name: t('system-seen'),
                cell: (one) => (one.last_token_at ? moment(one.last_token_at) : t('system-never')),
              },
              { name: t('system-state'), cell: (one) => <State of="system" state={one.state} /> },
            ]}
          />
        )}
      </Listing>
      <Dialog title={t('system-new')} opened={isOpen} onClose={() => setOpen(false)}>
        <NewSystem
          onMade={() => {
            setOpen(false)
            void queries.invalidateQueries({ queryKey: ['desk-systems'] })
          }}
          onClose={() => setOpen(false)}
        />
      </Dialog>
    </Page>
  )
}
