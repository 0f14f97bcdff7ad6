import { Skeleton, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Trouble } from '../../ui/Trouble'
import { Download } from './Download'
import { loadResults, type Poll, type QuestionResult } from './polls'
import classes from './Polls.module.css'

const LOOK_AGAIN = 1_000 // milliseconds, while they are being counted

/** Bars, and the same as a table; what few have said is not shown. */
export function Results({ poll }: { poll: Poll }) {
  const { t } = useTranslation('polls')
  const results = useQuery({
    queryKey: ['poll-results', poll.poll_id],
    queryFn: () => loadResults(poll.poll_id),
    refetchInterval: ({ state }) => (state.data?.hidden === 'counting' ? LOOK_AGAIN : false),
  })
  if (results.isPending) return <Skeleton h={240} />
  if (results.isError) return <Trouble error={results.error} again={() => void results.refetch()} />
  const { hidden, answered, asked, least, questions } = results.data
  return (
    <Stack component="section" aria-labelledby="results" gap="lg">
      <Title order={2} size="h3" id="results">
        {t('results')}
      </Title>
      <Text>{t('turnout', { answered: t('people', { count: answered }), asked })}</Text>
      {hidden && <Text role="status">{t(`hidden-${hidden}`, { least })}</Text>}
      {questions.map((one, place) => (
        <One key={one.question_id} one={one} place={place + 1} least={least} isAuthor={poll.written} />
      ))}
      {poll.written && !hidden && <Download poll_id={poll.poll_id} what="results" />}
    </Stack>
  )
}

interface OneProps {
  one: QuestionResult
  place: number
  least: number
  isAuthor: boolean
}

function One({ one, place, least, isAuthor }: OneProps) {
  const { t } = useTranslation('polls')
  const title = `${place}. ${one.text}`
  return (
    <section aria-label={title}>
      <Title order={3} size="h4" mb="xs" style={{ overflowWrap: 'anywhere' }}>
        {title}
      </Title>
      {one.hidden ? (
        <Text>{t('hidden-question', { least })}</Text>
      ) : (
        <>
          <Text size="sm" c="dimmed" mb="sm">
            {t('answers', { count: one.answered ?? 0 })}
            {one.mean !== null && ` · ${t('mean', { mean: decimal(one.mean) })}`}
          </Text>
          {one.kind === 'text' ? <Texts one={one} isAuthor={isAuthor} /> : <Cells one={one} />}
        </>
      )}
    </section>
  )
}

function Texts({ one, isAuthor }: { one: QuestionResult; isAuthor: boolean }) {
  const { t } = useTranslation('polls')
  if (!isAuthor) return <Text>{t('texts-authors')}</Text>
  return (
    <>
      <ul className={classes.texts}>
        {one.texts.map((text, place) => (
          <li key={place} style={{ whiteSpace: 'pre-line' }}>
            {text}
          </li>
        ))}
      </ul>
      {one.texts.length < (one.answered ?? 0) && <Text mt="sm">{t('texts-more')}</Text>}
    </>
  )
}

function Cells({ one }: { one: QuestionResult }) {
  const { t } = useTranslation('polls')
  return (
    <div className={classes.result}>
      <div className={classes.bars} aria-hidden>
        {one.cells.map(({ number, label, percent }) => (
          <div key={number}>
            <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
              {label} — {decimal(percent)} %
            </Text>
            <div className={classes.track}>
              <div className={classes.bar} style={{ width: `${percent}%` }} />
            </div>
          </div>
        ))}
      </div>
      <table className={classes.figures}>
        <caption>{t('as-table')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('column.answer')}</th>
            <th scope="col">{t('column.count')}</th>
            <th scope="col">{t('column.percent')}</th>
          </tr>
        </thead>
        <tbody>
          {one.cells.map(({ number, label, count, percent }) => (
            <tr key={number}>
              <th scope="row">{label}</th>
              <td>{count}</td>
              <td>{decimal(percent)} %</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const decimal = (number: number) => number.toLocaleString('ru', { maximumFractionDigits: 2 })
