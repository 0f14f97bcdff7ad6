import { VisuallyHidden } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { onUnread, startUnread } from '../api/unread'

/** What a notice may be about; such lists are looked at again when one comes. */
const ABOUT = ['inbox', 'news', 'documents', 'polls', 'tasks'] as const

/** Follows the inbox while somebody is signed in, and says politely when something new has come. */
export function UnreadNotices() {
  const { t } = useTranslation('ui')
  const queries = useQueryClient()
  const [announced, setAnnounced] = useState<number | null>(null)
  useEffect(() => startUnread(), [])
  useEffect(
    () =>
      onUnread((it, before) => {
        if (before) for (const key of ABOUT) void queries.invalidateQueries({ queryKey: [key] })
        setAnnounced(it?.fresh ? it.unread : null)
      }),
    [queries],
  )
  return (
    <VisuallyHidden role="status">
      {announced === null ? '' : t('unread-announced', { count: announced })}
    </VisuallyHidden>
  )
}
