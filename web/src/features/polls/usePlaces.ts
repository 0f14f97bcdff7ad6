import { useSession } from '../../api/session'

/** Where who writes polls finds them: a head those of the school, an editor those of the city. */
export function usePlaces() {
  const isHead = useSession()?.category === 'head'
  const home = isHead ? '/polls/written' : '/desk/polls'
  const base = isHead ? '/polls' : '/desk/polls'
  return {
    isHead,
    home,
    fresh: `${base}/new`,
    card: (id: string) => `${home}/${id}`,
    edit: (id: string) => `${base}/${id}/edit`,
  }
}
