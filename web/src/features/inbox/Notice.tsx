import { Button, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { moment } from '../../ui/dates'
import { Due } from '../../ui/Due'
import { Unread } from '../../ui/Unread'
import type { Item } from './inbox'
import classes from './Inbox.module.css'

interface Props {
  item: Item
  read: (notice_id: string) => void
}

/** A notice: what it is about leads to the page of that. Going there reads it. */
export function Notice({ item, read }: Props) {
  const { t } = useTranslation('inbox')
  const { notice_id, kind, title, page, due, at, is_read } = item
  return (
    <li className={classes.item} data-unread={!is_read || undefined}>
      <div className={classes.text}>
        <Link
          to={page as never}
          className={classes.title}
          onClick={() => {
            if (!is_read) read(notice_id)
          }}
        >
          {title}
        </Link>
        <div className={classes.about}>
          {!is_read && <Unread />}
          <Text size="sm" c="dimmed">
            {t(`kind.${kind}`)} · <time dateTime={at}>{moment(at)}</time>
          </Text>
          {due && <Due at={due} />}
        </div>
      </div>
      {!is_read && (
        <Button
          variant="default"
          size="sm"
          aria-label={t('read-this', { title })}
          onClick={() => read(notice_id)}
        >
          {t('read')}
        </Button>
      )}
    </li>
  )
}
