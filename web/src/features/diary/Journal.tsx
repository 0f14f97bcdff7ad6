import { Skeleton, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Page } from '../../ui/Page'
import { Trouble } from '../../ui/Trouble'
import { loadClasses, loadSubjects, loadTerms, termsOf } from './api'
import { journalKey, loadJournal, type Of } from './journal'
import { JournalDesk } from './JournalDesk'
import { useMay } from './may'
import { TermChoice } from './TermChoice'

/** What stands around a journal: names and terms, which are read before it. */
export function useFrame(of: { class: string; subject: string }, wanted: string | undefined) {
  const classes = useQuery({ queryKey: ['diary', 'classes'], queryFn: loadClasses })
  const subjects = useQuery({ queryKey: ['diary', 'subjects'], queryFn: loadSubjects })
  const terms = useQuery({ queryKey: ['diary', 'terms'], queryFn: loadTerms })
  const asked = [classes, subjects, terms]
  const its = classes.data?.find((one) => one.class_id === of.class)
  const subject = subjects.data?.find((one) => one.subject_id === of.subject)
  const own = its && terms.data ? termsOf(terms.data, its) : { terms: [], now: undefined }
  return {
    name: [its?.name, subject?.name].filter(Boolean).join(' · '),
    terms: own.terms,
    term: own.terms.find((one) => one.term_id === wanted) ?? own.now,
    isPending: asked.some((one) => one.isPending),
    error: asked.find((one) => one.isError)?.error,
    again: () => asked.forEach((one) => void one.refetch()),
  }
}

/** The journal of a class in a subject, a term at a time. */
export function Journal() {
  const { t } = useTranslation('diary')
  const of = useParams({ strict: false }) as { class: string; subject: string }
  const { term: wanted } = useSearch({ strict: false }) as { term?: string }
  const navigate = useNavigate()
  const frame = useFrame(of, wanted)
  return (
    <Page title={frame.name || t('journal')} wide>
      {frame.isPending && <Blank />}
      {frame.error && <Trouble error={frame.error} again={frame.again} />}
      {!frame.isPending && !frame.error && !frame.term && <Text>{t('no-terms')}</Text>}
      {frame.term && (
        <Opened
          key={frame.term.term_id}
          of={{ ...of, term: frame.term.term_id }}
          label={frame.name}
          terms={
            <TermChoice
              terms={frame.terms}
              term={frame.term.term_id}
              choose={(term) => void navigate({ search: { term } as never, replace: true })}
            />
          }
        />
      )}
    </Page>
  )
}

function Opened({ of, label, terms }: { of: Of; label: string; terms: React.ReactNode }) {
  const journal = useQuery({ queryKey: journalKey(of), queryFn: () => loadJournal(of), gcTime: 0 })
  const { may, error, again } = useMay(of, journal.data?.term)
  if (journal.isError && !journal.data) {
    return <Trouble error={journal.error} again={() => void journal.refetch()} />
  }
  if (error) return <Trouble error={error} again={again} />
  if (!journal.data || !may) return <Blank />
  return <JournalDesk of={of} label={label} journal={journal.data} may={may} terms={terms} />
}

const Blank = () => (
  <>
    <Skeleton h={44} w={320} maw="100%" />
    <Skeleton h={420} />
  </>
)
