import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ArticlePage } from '../../ui/ArticlePage'
import { loadCityItem } from './cityNews'

/** One item of news, for everybody. */
export function CityItem() {
  const { t } = useTranslation('support')
  const { news: id } = useParams({ strict: false }) as { news: string }
  const item = useQuery({ queryKey: ['city-news', 'item', id], queryFn: () => loadCityItem(id) })
  const back = { to: '/city-news', name: t('city-news.title') }
  return <ArticlePage item={item} title={t('city-news.one')} back={back} from={() => t('city-news.from')} />
}
