import { useSession } from '../../api/session'

/** Who writes here: a head for the own school, an editor for the city; and where their news and contests are. */
export function useWriter() {
  const isHead = useSession()?.category === 'head'
  return {
    isHead,
    home: isHead ? '/news/written' : '/desk/content/news',
    contests: isHead ? '/contests/written' : '/desk/content/contests',
  }
}
