import { Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Listing } from '../../ui/Listing'
import { Records } from '../../ui/Records'
import { useListing } from '../../ui/useListing'
import { Download } from './Download'
import { loadNamed, type Poll, worded } from './polls'

/** Who has answered what, in a poll by name. */
export function Names({ poll }: { poll: Poll }) {
  const { t } = useTranslation('polls')
  const listed = useListing(['poll-names', poll.poll_id], (cursor) => loadNamed(poll.poll_id, cursor))
  return (
    <section aria-labelledby="names">
      <Title order={2} size="h3" mb="sm" id="names">
        {t('names')}
      </Title>
      <Download poll_id={poll.poll_id} what="answers" />
      <Listing listed={listed} empty={t('names-empty')}>
        {(items) => (
          <Records
            caption={t('names-caption')}
            rows={items}
            keyOf={(one) => one.account_id}
            columns={[
              {
                name: t('column.who'),
                cell: (one) => [one.name ?? t('nameless'), one.post].filter(Boolean).join(', '),
              },
              ...poll.questions.map((question, place) => ({
                name: `${place + 1}. ${question.text}`,
                cell: (one: (typeof items)[number]) => (
                  <Text component="span" style={{ whiteSpace: 'pre-line' }}>
                    {worded(question, one.answers[question.question_id] ?? [])}
                  </Text>
                ),
              })),
            ]}
          />
        )}
      </Listing>
    </section>
  )
}
