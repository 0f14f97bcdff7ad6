import { Text } from '@mantine/core'
import { useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { moment } from '../../ui/dates'
import { useListing } from '../../ui/useListing'
import { Board } from './Board'
import { loadWritten, type News, type State, STATES } from './news'
import { Parts } from './Parts'
import { useWriter } from './useWriter'

/** All news of the board that the caller writes on, the newest first. */
export function Written() {
  const { t } = useTranslation('content')
  const { state } = useSearch({ strict: false }) as { state?: State }
  const { isHead, home } = useWriter()
  const listed = useListing(['written', 'list', state], (cursor) => loadWritten(state, cursor))
  return (
    <Board
      title={t(isHead ? 'news-school' : 'news-city')}
      back={isHead ? { to: '/news', name: t('to-news') } : null}
      above={!isHead && <Parts />}
      home={home}
      create={t('news-new')}
      states={STATES}
      listed={listed}
      empty={t('news-empty')}
      idOf={(one) => one.news_id}
      about={(one) => (
        <Text size="sm" c="dimmed">
          {[when(one), one.pinned && t('pinned')].filter(Boolean).join(' · ')}
        </Text>
      )}
    />
  )
}

function when({ state, publish_at, published_at }: Omit<News, 'etag'>) {
  const at = state === 'scheduled' ? publish_at : published_at
  return at && moment(at)
}
