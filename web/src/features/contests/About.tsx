import { useTranslation } from 'react-i18next'
import { moment } from '../../ui/dates'
import { Facts } from '../../ui/Facts'
import type { Card } from './contests'

/** When and where it is, until when one can enter, who may, and how many places are left. */
export function About({ card }: { card: Card }) {
  const { t } = useTranslation('contests')
  const isOver = card.refusal === 'contest-closed' || card.state === 'cancelled'
  const from = moment(card.opens_at)
  const until = moment(card.closes_at)
  return (
    <Facts
      facts={[
        [t('what'), `${t(`kind.${card.kind}`)}, ${t(card.school_id ? 'of-school' : 'of-city')}`],
        [t('when'), span(card.starts_at, card.ends_at)],
        [t('where'), card.place],
        [t('window'), t(isOver ? 'window-was' : 'window-is', { from, until })],
        [t('who'), useWho(card)],
        [t('places-left'), usePlaces(card)],
      ]}
    />
  )
}

const span = (starts: string | null, ends: string | null) =>
  starts && (ends ? `${moment(starts)} — ${moment(ends)}` : moment(starts))

function usePlaces({ places_left, capacity, school_left, quota }: Card) {
  const { t } = useTranslation('contests')
  const all =
    capacity === null
      ? t('places-any')
      : places_left
        ? t('places-of', { places_left, capacity })
        : t('places-none')
  return school_left === null ? all : `${all}. ${t('school-left', { left: school_left, quota })}`
}

/** Whoever fits every list that is not empty. */
function useWho({ audience, subjects, needs_approval }: Card) {
  const { t } = useTranslation('contests')
  const { categories = [], posts = [] } = audience
  const parts = [
    categories.length === 1 && t(`category.${categories[0]}`),
    posts.length > 0 && t('posts', { posts: posts.join(', ') }),
    subjects.length > 0 && t('subjects', { subjects: subjects.join(', ') }),
  ].filter(Boolean)
  const who = parts.length ? parts.join('; ') : t('everybody')
  return needs_approval ? `${who}. ${t('with-approval')}` : who
}
