import { Anchor, Skeleton, Stack } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Article } from '../../ui/Article'
import { Page } from '../../ui/Page'
import { Trouble } from '../../ui/Trouble'
import { openItem } from './news'
import classes from './News.module.css'

/** An item of news, which counts as read once it is here. */
export function NewsItem() {
  const { t } = useTranslation(['news', 'ui'])
  const { news: id } = useParams({ strict: false }) as { news: string }
  const queries = useQueryClient()
  const item = useQuery({ queryKey: ['news', 'item', id], queryFn: () => openItem(id) })
  const isOpen = item.data !== undefined
  useEffect(() => {
    if (isOpen) void queries.invalidateQueries({ queryKey: ['news', 'list'] })
  }, [isOpen, id, queries])
  return (
    <Page title={item.data?.title ?? t('one')}>
      <Anchor component={Link} to="/news" className={classes.back} mt="-md" w="fit-content">
        ← {t('title')}
      </Anchor>
      {item.isPending && (
        <Stack role="status" aria-label={t('ui:loading')}>
          <Skeleton h={20} w={240} />
          <Skeleton h={160} />
        </Stack>
      )}
      {item.isError && <Trouble error={item.error} again={() => void item.refetch()} />}
      {item.data && (
        <Article
          from={t(item.data.school_id ? 'from-school' : 'from-city')}
          at={item.data.published_at}
          text={item.data.body}
        />
      )}
    </Page>
  )
}
