import { Badge, Button, Group, Text } from '@mantine/core'
import { Link, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useSession } from '../../api/session'
import { Choices } from '../../ui/Choices'
import { moment } from '../../ui/dates'
import { Listing } from '../../ui/Listing'
import { Page } from '../../ui/Page'
import { Unread } from '../../ui/Unread'
import { useListing } from '../../ui/useListing'
import { type Headline, loadNews, type Whose } from './news'
import classes from './News.module.css'

/** News for the person: pinned ones first, then the newest. A head goes on from here to write. */
export function News() {
  const { t } = useTranslation('news')
  const { whose } = useSearch({ strict: false }) as { whose?: Whose }
  const listed = useListing(['news', 'list', whose], (cursor) => loadNews(whose, cursor))
  const isHead = useSession()?.category === 'head'
  return (
    <Page title={t('title')}>
      <Group justify="space-between">
        <Choices
          label={t('whose')}
          name="whose"
          options={[
            { value: undefined, label: t('whose-all') },
            { value: 'city', label: t('whose-city') },
            { value: 'school', label: t('whose-school') },
          ]}
        />
        {isHead && (
          <Button component={Link} to="/news/written" variant="light">
            {t('write')}
          </Button>
        )}
      </Group>
      <Listing listed={listed} empty={t(whose === 'school' ? 'empty-school' : 'empty')}>
        {(items) => (
          <ul className={classes.items}>
            {items.map((one) => (
              <Line key={one.news_id} one={one} />
            ))}
          </ul>
        )}
      </Listing>
    </Page>
  )
}

function Line({ one }: { one: Headline }) {
  const { t } = useTranslation('news')
  return (
    <li className={classes.item}>
      <Link
        to={`/news/${one.news_id}` as never}
        className={classes.title}
        data-unread={!one.is_read || undefined}
      >
        {one.title}
      </Link>
      <Group gap="xs">
        {!one.is_read && <Unread />}
        {one.pinned && <Badge radius="sm">{t('pinned')}</Badge>}
        <Text size="sm" c="dimmed">
          {t(one.is_department ? 'from-city' : 'from-school')} ·{' '}
          <time dateTime={one.published_at}>{moment(one.published_at)}</time>
        </Text>
      </Group>
      <Text lineClamp={3} className={classes.lead}>
        {one.lead}
      </Text>
    </li>
  )
}
