import { Anchor, Button, Skeleton, Stack, Text } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import classes from './ArticlePage.module.css'
import { Page } from './Page'
import { Paragraphs } from './Paragraphs'
import { Trouble } from './Trouble'
import { When } from './When'

interface Article {
  title: string
  body: string
  published_at: string | null
}

interface Props<Kind extends Article> {
  item: UseQueryResult<Kind>
  /** Until its title is known. */
  title: string
  back: { to: string; name: string }
  /** Whose word it is. */
  from: (item: Kind) => string
}

/** A text to be read, on the screen or on paper. */
export function ArticlePage<Kind extends Article>({ item, title, back, from }: Props<Kind>) {
  const { t } = useTranslation('ui')
  return (
    <Page title={item.data?.title ?? title}>
      <Anchor component={Link} to={back.to as never} className={classes.back} mt="-md" w="fit-content">
        ← {back.name}
      </Anchor>
      {item.isPending && (
        <Stack role="status" aria-label={t('loading')}>
          <Skeleton h={20} w={240} />
          <Skeleton h={160} />
        </Stack>
      )}
      {item.isError && <Trouble error={item.error} again={() => void item.refetch()} />}
      {item.data && (
        <article className={classes.body}>
          <Text size="sm" c="dimmed" mb="md">
            {from(item.data)}
            {item.data.published_at && (
              <>
                {' · '}
                <When at={item.data.published_at} />
              </>
            )}
          </Text>
          <Paragraphs text={item.data.body} />
          <Button variant="default" className={classes.print} onClick={() => window.print()}>
            {t('print')}
          </Button>
        </article>
      )}
    </Page>
  )
}
