import { Anchor, Button, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Page } from '../../ui/Page'
import { Trouble } from '../../ui/Trouble'
import { Comparison } from './Comparison'
import { Distribution } from './Distribution'
import { loadSummary, save, type Set, titleOf, useSets } from './exams'
import { Participants } from './Participants'

/** Results of an exam: how the school stands, how they are distributed, and each of them. */
export function Exam() {
  const { t } = useTranslation('exams')
  const { set: id } = useParams({ strict: false }) as { set: string }
  const sets = useSets()
  const set = sets.data?.find(({ set_id }) => set_id === id)
  return (
    <Page title={set ? titleOf(set) : t('title')} wide>
      <Anchor component={Link} to={'/exams' as never} mt="-md" w="fit-content">
        ← {t('title')}
      </Anchor>
      {sets.error ? <Trouble error={sets.error} again={() => void sets.refetch()} /> : null}
      {sets.isPending && !sets.error ? <Waiting /> : null}
      {sets.data && !set ? <Text>{t('unknown')}</Text> : null}
      {set && <Content set={set} />}
    </Page>
  )
}

const Waiting = () => (
  <Stack aria-hidden>
    <Skeleton h={180} />
    <Skeleton h={240} />
  </Stack>
)

function Content({ set }: { set: Set }) {
  const { t } = useTranslation('exams')
  const summary = useQuery({ queryKey: ['exam-summary', set.set_id], queryFn: () => loadSummary(set) })
  const saving = useMutation({ mutationFn: () => save(set) })
  return (
    <>
      {summary.isPending && !summary.error ? <Waiting /> : null}
      {summary.error ? <Trouble error={summary.error} again={() => void summary.refetch()} /> : null}
      {summary.data && (
        <>
          <Comparison summary={summary.data} />
          <Distribution summary={summary.data} />
        </>
      )}
      <section aria-labelledby="participants">
        <Title order={2} size="h3" id="participants" mb="sm">
          {t('participants')}
        </Title>
        <Participants set={set} />
      </section>
      {saving.error ? <Trouble error={saving.error} /> : null}
      <Button variant="light" w="fit-content" loading={saving.isPending} onClick={() => saving.mutate()}>
        {t('save')}
      </Button>
    </>
  )
}
