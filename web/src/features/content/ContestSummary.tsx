import { useTranslation } from 'react-i18next'
import { moment } from '../../ui/dates'
import { Facts } from '../../ui/Facts'
import { Paragraphs } from '../../ui/Paragraphs'
import type { Contest } from './contests'

/** What was announced, once nothing of it can be changed any more. */
export function ContestSummary({ contest }: { contest: Contest }) {
  const { t } = useTranslation('content')
  const { kind, place, opens_at, closes_at, starts_at, ends_at, capacity, quota, body } = contest
  return (
    <section aria-label={t('contest-terms')}>
      <Facts
        facts={[
          [t('contest-kind'), t(`contest-kinds.${kind}`)],
          [t('opens-at'), moment(opens_at)],
          [t('closes-at'), moment(closes_at)],
          [t('starts-at'), starts_at && moment(starts_at)],
          [t('ends-at'), ends_at && moment(ends_at)],
          [t('contest-place'), place],
          [t('capacity'), capacity],
          [t('quota'), quota],
        ]}
      />
      <Paragraphs text={body} />
    </section>
  )
}
