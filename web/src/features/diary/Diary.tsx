import { Anchor, Button, Card, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '../../api/session'
import { Page } from '../../ui/Page'
import { Trouble } from '../../ui/Trouble'
import { byName, loadClasses, loadLoads, loadSubjects, loadSubstitutes, schoolYear, today } from './api'
import { ClassView } from './ClassView'
import classes from './Diary.module.css'
import { journalsUnsent, onUnsent } from './unsent'

/** Where a teacher finds the own journals, who leads a class that class, and a head all of them. */
export function Diary() {
  const { t } = useTranslation('diary')
  const { class: chosen } = useSearch({ strict: false }) as { class?: string }
  const session = useSession()
  const account = session?.accountId ?? ''
  const known = useQuery({
    queryKey: ['diary', 'classes'],
    queryFn: loadClasses,
  })
  const isHead = session?.category === 'head'
  if (known.isPending || known.isError) {
    return (
      <Page title={t('title')}>
        {known.isPending ? <Waiting /> : <Trouble error={known.error} again={() => void known.refetch()} />}
      </Page>
    )
  }
  const year = Math.max(...known.data.map((one) => one.year), schoolYear(today()))
  const own = known.data.filter((one) => one.year === year && (isHead || one.teacher_id === account))
  const of = known.data.find((one) => one.class_id === chosen)
  if (of) return <ClassView of={of} />
  return (
    <Page title={t('title')}>
      <Unsent account={account} />
      <Journals account={account} isHead={isHead} />
      {own.length > 0 && (
        <section aria-labelledby="classes">
          <Title order={2} size="h3" id="classes" mb="sm">
            {t(isHead ? 'all-classes' : 'led-class')}
          </Title>
          <Group gap="xs">
            {own.sort(byName).map((one) => (
              <Button
                key={one.class_id}
                component={Link}
                to={`/diary?class=${one.class_id}` as never}
                variant="default"
              >
                {one.name}
              </Button>
            ))}
          </Group>
        </section>
      )}
      {isHead && (
        <Group>
          {own.length === 0 && <Text c="dimmed">{t('begin-head')}</Text>}
          <Button component={Link} to={'/diary/setup' as never} variant={own.length ? 'light' : 'filled'}>
            {t('setup')}
          </Button>
        </Group>
      )}
    </Page>
  )
}

const Waiting = () => (
  <Stack gap="xs">
    <Skeleton h={64} />
    <Skeleton h={64} />
    <Skeleton h={64} />
  </Stack>
)

/** Journals of classes and subjects that one teaches, or replaces somebody in these days. */
function Journals({ account, isHead }: { account: string; isHead: boolean }) {
  const { t } = useTranslation('diary')
  const own = useQuery({
    queryKey: ['diary', 'own', account],
    queryFn: async () => {
      const of = { account_id: account }
      const asked = [loadLoads(of), loadSubstitutes(of), loadClasses(), loadSubjects()] as const
      const [loads, substitutes, all, subjects] = await Promise.all(asked)
      const now = substitutes.filter((one) => one.since <= today() && today() <= one.until)
      const taught = [
        ...loads.map((one) => ({ ...one, replaces: false })),
        ...now.map((one) => ({ ...one, replaces: true })),
      ]
      return taught
        .map((one) => ({
          ...one,
          name: all.find((it) => it.class_id === one.class_id)?.name ?? '',
          year: all.find((it) => it.class_id === one.class_id)?.year ?? 0,
          subject: subjects.find((it) => it.subject_id === one.subject_id)?.name ?? '',
        }))
        .sort(
          (one, other) =>
            other.year - one.year || byName(one, other) || one.subject.localeCompare(other.subject),
        )
    },
  })
  if (own.isPending) return <Waiting />
  if (own.isError) return <Trouble error={own.error} again={() => void own.refetch()} />
  const newest = Math.max(...own.data.map((one) => one.year))
  const shown = own.data.filter((one) => one.year === newest)
  if (shown.length === 0) return isHead ? null : <Text c="dimmed">{t('no-journals')}</Text>
  return (
    <section aria-labelledby="journals">
      <Title order={2} size="h3" id="journals" mb="sm">
        {t('own-journals')}
      </Title>
      <div className={classes.cards}>
        {shown.map((one) => (
          <Link
            key={one.class_id + one.subject_id + one.replaces}
            to={`/diary/${one.class_id}/${one.subject_id}` as never}
            className={classes.card}
          >
            <strong>{one.name}</strong>
            <span>{one.subject}</span>
            {one.replaces && <small>{t('replaces')}</small>}
          </Link>
        ))}
      </div>
    </section>
  )
}

/** Marks that were typed without a network and have not been sent yet. */
function Unsent({ account }: { account: string }) {
  const { t } = useTranslation('diary')
  useSyncExternalStore(onUnsent, () => journalsUnsent(account).length)
  const left = journalsUnsent(account)
  if (left.length === 0) return null
  return (
    <Card withBorder component="section" aria-label={t('unsent')}>
      <Text>{t('unsent-text', { count: left.length })}</Text>
      {left.map((of) => (
        <Anchor
          key={of.class + of.subject + of.term}
          component={Link}
          to={`/diary/${of.class}/${of.subject}?term=${of.term}` as never}
        >
          {t('unsent-open')}
        </Anchor>
      ))}
    </Card>
  )
}
