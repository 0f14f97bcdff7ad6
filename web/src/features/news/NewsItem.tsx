import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { ArticlePage } from '../../ui/ArticlePage'
import { openItem } from './news'

/** An item of news, which counts as read once it is here. */
export function NewsItem() {
  const { t } = useTranslation('news')
  const { news: id } = useParams({ strict: false }) as { news: string }
  const queries = useQueryClient()
  const item = useQuery({ queryKey: ['news', 'item', id], queryFn: () => openItem(id) })
  const isOpen = item.data !== undefined
  useEffect(() => {
    if (isOpen) void queries.invalidateQueries({ queryKey: ['news', 'list'] })
  }, [isOpen, id, queries])
  return (
    <ArticlePage
      item={item}
      title={t('one')}
      back={{ to: '/news', name: t('title') }}
      from={({ school_id }) => t(school_id ? 'from-school' : 'from-city')}
    />
  )
}
