import { Button, Group } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useUnread } from '../../api/unread'
import { Choices } from '../../ui/Choices'
import { Listing } from '../../ui/Listing'
import { Page } from '../../ui/Page'
import { Trouble } from '../../ui/Trouble'
import { useListing } from '../../ui/useListing'
import { loadInbox, markAllRead, markRead } from './inbox'
import classes from './Inbox.module.css'
import { Notice } from './Notice'

/** What one is told of: the newest first, all of it or only what is unread. */
export function Inbox() {
  const { t } = useTranslation('inbox')
  const only = (useSearch({ strict: false }) as { unread?: boolean }).unread === true
  const listed = useListing(['inbox', only], (cursor) => loadInbox(only, cursor))
  const { read, readAll, error } = useReading()
  const unread = useUnread()
  return (
    <Page title={t('title')}>
      <Group justify="space-between">
        <Choices
          label={t('which')}
          name="unread"
          options={[
            { value: undefined, label: t('all') },
            { value: true, label: unread ? t('unread-count', { count: unread }) : t('unread') },
          ]}
        />
        {unread > 0 && (
          <Button variant="light" loading={readAll.isPending} onClick={() => readAll.mutate()}>
            {t('read-all')}
          </Button>
        )}
      </Group>
      {error && <Trouble error={error} />}
      <Listing listed={listed} empty={t(only ? 'empty-unread' : 'empty')}>
        {(items) => (
          <ul className={classes.items}>
            {items.map((item) => (
              <Notice key={item.notice_id} item={item} read={read.mutate} />
            ))}
          </ul>
        )}
      </Listing>
    </Page>
  )
}

function useReading() {
  const queries = useQueryClient()
  const settle = () => queries.invalidateQueries({ queryKey: ['inbox'] })
  const read = useMutation({ mutationFn: markRead, onSuccess: settle })
  const readAll = useMutation({ mutationFn: markAllRead, onSuccess: settle })
  return { read, readAll, error: read.error ?? readAll.error }
}
