import { Anchor, Skeleton, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Article } from '../../ui/Article'
import { Page } from '../../ui/Page'
import { Trouble } from '../../ui/Trouble'
import { loadCityItem } from './cityNews'
import classes from './CityNews.module.css'

/** One item of news, for everybody. */
export function CityItem() {
  const { t } = useTranslation(['support', 'ui'])
  const { news: id } = useParams({ strict: false }) as { news: string }
  const item = useQuery({ queryKey: ['city-news', 'item', id], queryFn: () => loadCityItem(id) })
  return (
    <Page title={item.data?.title ?? t('city-news.one')}>
      <Anchor component={Link} to="/city-news" className={classes.back} mt="-md" w="fit-content">
        ← {t('city-news.title')}
      </Anchor>
      {item.isPending && (
        <Stack role="status" aria-label={t('ui:loading')}>
          <Skeleton h={20} w={240} />
          <Skeleton h={160} />
        </Stack>
      )}
      {item.isError && <Trouble error={item.error} again={() => void item.refetch()} />}
      {item.data && <Article from={t('city-news.from')} at={item.data.published_at} text={item.data.body} />}
    </Page>
  )
}
