import { useSession } from '../../api/session'

/** Who writes here: a head for the own school, an editor for the city; and where their news are. */
export function useWriter() {
  const isHead = useSession()?.category === 'head'
  return { isHead, home: isHead ? '/news/written' : '/desk/content/news' }
}
