import { Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { moment } from '../../ui/dates'
import { loadCounts, type News } from './news'
import { StateBadge } from './StateBadge'
import { useWriter } from './useWriter'

/** Where an item stands, and how many have read it. */
export function NewsState({ news }: { news: News }) {
  const { t } = useTranslation('content')
  const { isHead } = useWriter()
  const { news_id, state, publish_at, published_at } = news
  const isOut = state === 'published'
  const counts = useQuery({
    queryKey: ['written', 'counts', news_id],
    queryFn: () => loadCounts(news_id),
    enabled: isOut,
  })
  const at = state === 'scheduled' ? publish_at : isOut ? published_at : null
  return (
    <Group gap="sm" role="status">
      <StateBadge state={state} />
      {at && <Text>{moment(at)}</Text>}
      {counts.data && (
        <Text>{t('news-counts', { read: counts.data.read, count: counts.data.addressed })}</Text>
      )}
      {isOut && isHead && <Link to={`/news/${news_id}` as never}>{t('news-look')}</Link>}
    </Group>
  )
}
