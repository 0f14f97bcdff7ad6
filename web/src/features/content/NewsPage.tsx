import { Anchor, Skeleton, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Page } from '../../ui/Page'
import { Trouble } from '../../ui/Trouble'
import classes from './Content.module.css'
import { loadNews } from './news'
import { NewsForm } from './NewsForm'
import { useWriter } from './useWriter'

/** An item to be written: a new one, or one of the board. */
export function NewsPage() {
  const { t } = useTranslation(['content', 'ui'])
  const { news: id } = useParams({ strict: false }) as { news?: string }
  const { home } = useWriter()
  const item = useQuery({
    queryKey: ['written', 'one', id],
    queryFn: () => loadNews(id!),
    enabled: id !== undefined,
    refetchOnWindowFocus: false, // or somebody else's edit would count as seen
  })
  return (
    <Page title={t(id ? 'news-edit' : 'news-new')}>
      <Anchor component={Link} to={home as never} className={classes.back} mt="-md" w="fit-content">
        ← {t('to-written')}
      </Anchor>
      {id && item.isPending && (
        <Stack role="status" aria-label={t('ui:loading')}>
          <Skeleton h={64} />
          <Skeleton h={200} />
        </Stack>
      )}
      {item.isError && <Trouble error={item.error} again={() => void item.refetch()} />}
      {(id === undefined || item.data) && <NewsForm key={id ?? 'new'} saved={item.data} />}
    </Page>
  )
}
