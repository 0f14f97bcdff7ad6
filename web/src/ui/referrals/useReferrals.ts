import { useEffect } from 'react'
import { loadReferrals } from '../../api/referrals'
import { useListing } from '../useListing'

const LOOK_AGAIN = 15_000 // milliseconds

/** Account requests that wait for a person: the queue and the one that is open read the same list. */
export const useReferrals = () => useListing(['referrals'], loadReferrals, LOOK_AGAIN)

/** One of them. It may stand on a page that nobody has asked for yet: only the whole list says that it has gone. */
export function useReferral(id: string) {
  const listed = useReferrals()
  const found = listed.items.find(({ request_id }) => request_id === id) ?? null
  const { hasMore, isLoadingMore, more, error } = listed
  const goesOn = !found && hasMore && !error
  useEffect(() => {
    if (goesOn && !isLoadingMore) more()
  })
  return { found, error, isPending: listed.isPending || goesOn, again: listed.again }
}
