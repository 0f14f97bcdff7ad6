import { Alert, Anchor, Skeleton, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useSession } from '../../api/session'
import { Page } from '../../ui/Page'
import { Paragraphs } from '../../ui/Paragraphs'
import { Trouble } from '../../ui/Trouble'
import { About } from './About'
import { type Card, isLive, openContest } from './contests'
import classes from './Contests.module.css'
import { Enter } from './Enter'
import { Files } from './Files'
import { OwnEntry } from './OwnEntry'

/** What, when, where, for whom, how many places; and the one thing to do: enter, or take the entry back. */
export function Contest() {
  const { t } = useTranslation(['contests', 'ui'])
  const { contest: id } = useParams({ strict: false }) as { contest: string }
  const card = useQuery({ queryKey: ['contests', 'one', id], queryFn: () => openContest(id) })
  return (
    <Page title={card.data?.title ?? t('one')}>
      <Anchor component={Link} to={'/contests' as never} className={classes.back} mt="-md" w="fit-content">
        ← {t('title')}
      </Anchor>
      {card.isPending && (
        <Stack role="status" aria-label={t('ui:loading')}>
          <Skeleton h={88} />
          <Skeleton h={160} />
          <Skeleton h={96} />
        </Stack>
      )}
      {card.isError && <Trouble error={card.error} again={() => void card.refetch()} />}
      {card.data && <Content card={card.data} />}
    </Page>
  )
}

function Content({ card }: { card: Card }) {
  const { t } = useTranslation('contests')
  const isHead = useSession()?.category === 'head'
  return (
    <>
      {card.state === 'cancelled' && (
        <Alert color="red" variant="light" title={t('cancelled-title')}>
          <Text c="dark.9">{card.reason}</Text>
        </Alert>
      )}
      {card.mine && <OwnEntry card={card} own={card.mine} />}
      <About card={card} />
      <div className={classes.body}>
        <Paragraphs text={card.body} />
      </div>
      <Files card={card} />
      {!isLive(card.mine) && <Enter card={card} />}
      {isHead && (
        <Link to={`/contests/${card.contest_id}/entries` as never} className={classes.back}>
          {t('school-entries')}
        </Link>
      )}
    </>
  )
}
