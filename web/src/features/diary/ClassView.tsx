import { Button, Group, Skeleton, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useSession } from '../../api/session'
import { fullName } from '../../ui/names'
import { Page } from '../../ui/Page'
import { Trouble } from '../../ui/Trouble'
import { loadLoads, loadPupils, loadSubjects, type SchoolClass, today } from './api'
import classes from './Diary.module.css'

/** A class: its journals, and its pupils with the week of each. */
export function ClassView({ of }: { of: SchoolClass }) {
  const { t } = useTranslation('diary')
  const session = useSession()
  const { class_id } = of
  const isHead = session?.category === 'head'
  const known = useQuery({
    queryKey: ['diary', 'class', class_id],
    queryFn: async () => {
      const asked = [loadLoads({ class_id }), loadSubjects(), loadPupils(class_id)] as const
      const [loads, subjects, pupils] = await Promise.all(asked)
      const taught = new Set(loads.map((one) => one.subject_id))
      return {
        subjects: subjects.filter((one) => taught.has(one.subject_id)),
        pupils: pupils.filter((one) => one.until === null || one.until >= today()),
      }
    },
  })
  return (
    <Page title={t('class', { name: of.name })}>
      {known.isPending && <Skeleton h={240} />}
      {known.isError && <Trouble error={known.error} again={() => void known.refetch()} />}
      {known.data && (
        <>
          <section aria-labelledby="subjects">
            <Title order={2} size="h3" id="subjects" mb="sm">
              {t('journals')}
            </Title>
            {known.data.subjects.length === 0 && <Text c="dimmed">{t('class-no-loads')}</Text>}
            <div className={classes.cards}>
              {known.data.subjects.map(({ subject_id, name }) => (
                <Link
                  key={subject_id}
                  to={`/diary/${class_id}/${subject_id}` as never}
                  className={classes.card}
                >
                  {name}
                </Link>
              ))}
            </div>
          </section>
          <section aria-labelledby="pupils">
            <Group justify="space-between" mb="sm">
              <Title order={2} size="h3" id="pupils">
                {t('pupils', { count: known.data.pupils.length })}
              </Title>
              {(isHead || of.teacher_id === session?.accountId) && (
                <Button
                  component={Link}
                  to={`/diary/setup/pupils?class=${class_id}` as never}
                  variant="default"
                >
                  {t('pupils-edit')}
                </Button>
              )}
            </Group>
            {known.data.pupils.length === 0 && <Text c="dimmed">{t('journal-no-pupils')}</Text>}
            <ol className={classes.list}>
              {known.data.pupils.map((pupil) => (
                <li key={pupil.pupil_id}>
                  <Link to={`/diary/pupils/${pupil.pupil_id}` as never}>{fullName(pupil)}</Link>
                </li>
              ))}
            </ol>
          </section>
        </>
      )}
    </Page>
  )
}
