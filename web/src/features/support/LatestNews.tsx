import { Anchor, Stack, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { CityHeadlines } from './CityHeadlines'
import { loadCityNews } from './cityNews'
import classes from './Start.module.css'

const SHOWN = 3

/** The newest of the department, last on the first page: it works as well where there are none, or they do not come. */
export function LatestNews() {
  const { t } = useTranslation('support')
  const news = useQuery({
    queryKey: ['city-news', 'latest'],
    queryFn: () => loadCityNews(undefined, SHOWN),
    retry: false,
  })
  if (!news.data?.items.length) return null
  return (
    <Stack gap="xs" component="section" aria-labelledby="city-news">
      <Title order={2} size="h3" id="city-news">
        {t('city-news.title')}
      </Title>
      <CityHeadlines items={news.data.items} />
      <Anchor component={Link} to="/city-news" className={classes.link}>
        {t('city-news.all')}
      </Anchor>
    </Stack>
  )
}
