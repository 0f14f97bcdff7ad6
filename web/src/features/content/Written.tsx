import { Anchor, Button, Group, Text } from '@mantine/core'
import { Link, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Choices } from '../../ui/Choices'
import { moment } from '../../ui/dates'
import { Listing } from '../../ui/Listing'
import { Page } from '../../ui/Page'
import { useListing } from '../../ui/useListing'
import classes from './Content.module.css'
import { loadWritten, type News, type State, STATES } from './news'
import { Parts } from './Parts'
import { StateBadge } from './StateBadge'
import { useWriter } from './useWriter'

/** All news of the board that the caller writes on, the newest first. */
export function Written() {
  const { t } = useTranslation('content')
  const { state } = useSearch({ strict: false }) as { state?: State }
  const { isHead, home } = useWriter()
  const listed = useListing(['written', 'list', state], (cursor) => loadWritten(state, cursor))
  return (
    <Page title={t(isHead ? 'news-school' : 'news-city')}>
      {isHead ? (
        <Anchor component={Link} to="/news" className={classes.back} mt="-md" w="fit-content">
          ← {t('to-news')}
        </Anchor>
      ) : (
        <Parts />
      )}
      <Button component={Link} to={`${home}/new` as never} w="fit-content">
        {t('news-new')}
      </Button>
      <Choices
        label={t('state.label')}
        name="state"
        options={[
          { value: undefined, label: t('state.any') },
          ...STATES.map((value) => ({ value, label: t(`states.${value}`) })),
        ]}
      />
      <Listing listed={listed} empty={t('news-empty')}>
        {(items) => (
          <ul className={classes.items}>
            {items.map((one) => (
              <li key={one.news_id} className={classes.item}>
                <Link to={`${home}/${one.news_id}` as never} className={classes.title}>
                  {one.title}
                </Link>
                <Group gap="xs">
                  <StateBadge state={one.state} />
                  <Text size="sm" c="dimmed">
                    {[when(one), one.pinned && t('pinned')].filter(Boolean).join(' · ')}
                  </Text>
                </Group>
              </li>
            ))}
          </ul>
        )}
      </Listing>
    </Page>
  )
}

function when({ state, publish_at, published_at }: Omit<News, 'etag'>) {
  const at = state === 'scheduled' ? publish_at : published_at
  return at && moment(at)
}
